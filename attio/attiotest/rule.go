package attiotest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseFault reads a rule as the command takes it: words, in any order, parted by blanks.
//
//	POST | GET | PUT | PATCH | DELETE | read | write   which requests; all without such a word
//	path=TEXT        whose path contains TEXT
//	n=3              only the third that fits
//	every=10         every tenth
//	burst=20         that many in a row: from the first, or from each that n= or every= picks
//	times=5          five times at most
//	chance=0.01      with this probability
//
//	503              answer with a status: 429, 409 (concurrent_write_conflict), 400 (merge_in_progress), 500, …
//	code=quota_exceeded  message=TEXT (blanks as _)  text=oops (a body that is not JSON)
//	retry-after=date|seconds|past|far|garbage|none|TEXT   of a 429
//	drop  refuse  half-read  truncate                     break the connection; refuse: it never came about
//	before | after   whether the work is not done (the rule without a word) or done nevertheless
//	latency=2s  skew=90s  lag=500ms                       slower; another Date; not visible to queries yet
//
// A pager that lies: the answer to a query is a right one, but not the one that was asked for.
//
//	offset-ignored   the first page, whatever the offset
//	repeat           the page before once more
//	empty            no rows
//	clamp=100        at most 100 rows
//	stop=2500        no row after the 2,500th
//	unsorted  offset=500  offset=500-999  offset=1-       only queries without sorts, or from such an offset on
//
// Examples: "POST records 503 after every=10", "drop before n=3", "latency=2s path=query", "429 burst=20",
// "path=users empty offset=1- times=1". The bare words records and query stand for the paths.
func ParseFault(text string) (Fault, error) {
	var f Fault
	for w := range strings.FieldsSeq(text) {
		if err := f.word(w); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", text, err)
		}
	}
	lies, unanswered := f.Lie != Lie{}, f.Status != 0 || f.Text != "" || f.Drop || f.Refuse || f.HalfRead
	switch {
	case lies && unanswered:
		return Fault{}, fmt.Errorf("fault %q: what is not answered cannot lie", text)
	case !lies && !unanswered && !f.Truncate && f.Latency == 0 && f.Skew == 0 && f.Lag == 0:
		return Fault{}, fmt.Errorf("fault %q says nothing that goes wrong: add a status, drop, refuse, half-read, "+
			"truncate, text=, latency=, skew=, lag=, offset-ignored, repeat, empty, clamp= or stop=", text)
	}
	if (f.Code != "" || f.Message != "" || f.RetryAfter != "") && f.Status == 0 {
		return Fault{}, fmt.Errorf("fault %q: code, message and retry-after need a status", text)
	}
	return f, nil
}

// word reads a word of a rule.
func (f *Fault) word(w string) error {
	if key, value, ok := strings.Cut(w, "="); ok {
		return f.setting(key, value)
	}
	flag := map[string]*bool{"after": &f.After, "drop": &f.Drop, "refuse": &f.Refuse, "half-read": &f.HalfRead,
		"truncate": &f.Truncate, "offset-ignored": &f.Lie.IgnoreOffset, "repeat": &f.Lie.Repeat, "empty": &f.Lie.Empty,
		"unsorted": &f.Pages.Unsorted}[w]
	status, err := strconv.Atoi(w)
	switch {
	case flag != nil:
		*flag = true
	case slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE", "read", "write"}, w):
		f.Method = w
	case w == "records" || w == "query":
		f.Path = "/" + w
	case w == "before":
		f.After = false
	case err != nil || status < 200 || status > 599:
		return fmt.Errorf("%q is neither a status nor a word of the rules", w)
	default:
		f.Status = status
	}
	return nil
}

// setting reads key=value.
func (f *Fault) setting(key, value string) (err error) {
	count := map[string]*int{"n": &f.N, "every": &f.Every, "burst": &f.Burst, "times": &f.Times, "clamp": &f.Lie.Clamp,
		"stop": &f.Lie.Stop}[key]
	span := map[string]*time.Duration{"latency": &f.Latency, "skew": &f.Skew, "lag": &f.Lag}[key]
	text := map[string]*string{"message": &f.Message, "text": &f.Text, "retry-after": &f.RetryAfter}[key]
	switch {
	case value == "":
		return fmt.Errorf("%s wants a value", key)
	case count != nil:
		if *count, err = strconv.Atoi(value); err != nil || *count < 1 {
			return fmt.Errorf("%s wants a number from 1 on, not %q", key, value)
		}
	case span != nil:
		if *span, err = time.ParseDuration(value); err != nil {
			return fmt.Errorf("%s wants a duration such as 2s or 150ms, not %q", key, value)
		}
	case text != nil:
		*text = strings.ReplaceAll(value, "_", " ")
	case key == "path":
		f.Path = value
	case key == "code":
		f.Code = value
	case key == "offset":
		return f.Pages.offsets(value)
	case key == "chance" || key == "p":
		if f.Chance, err = strconv.ParseFloat(value, 64); err != nil || !(f.Chance > 0 && f.Chance <= 1) { // NaN too
			return fmt.Errorf("%s wants a probability between 0 and 1, not %q", key, value)
		}
	default:
		return fmt.Errorf("there is no %s=", key)
	}
	return nil
}
