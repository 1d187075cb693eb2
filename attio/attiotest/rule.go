package attiotest

import (
	"fmt"
	"math"
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
//	burst=20         as many in a row, from the first, the n-th or every so many-th on
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
//	clamp=100        so many rows at most
//	stop=2500        none beyond the so many-th
//	unsorted  offset=500  offset=500-999  offset=1-       only queries without sorts, or from such an offset on
//
// Examples: "POST records 503 after every=10", "drop before n=3", "latency=2s path=query", "429 burst=20",
// "path=users empty offset=1- times=1". The bare words records and query stand for the paths.
func ParseFault(text string) (Fault, error) {
	var f Fault
	words := strings.Fields(text)
	for _, w := range words {
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
			"truncate, text=, latency=, skew=, lag=, "+
			"offset-ignored, repeat, empty, clamp= or stop=", text)
	}
	if (f.Code != "" || f.Message != "" || f.RetryAfter != "") && f.Status == 0 {
		return Fault{}, fmt.Errorf("fault %q: code, message and retry-after need a status", text)
	}
	return f, nil
}

// word reads a word of a rule without =.
func (f *Fault) word(w string) error {
	if key, value, ok := strings.Cut(w, "="); ok {
		return f.setting(key, value)
	}
	switch w {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "read", "write":
		f.Method = w
	case "records":
		f.Path = "/records"
	case "query":
		f.Path = "/query"
	case "before":
		f.After = false
	case "after":
		f.After = true
	case "drop":
		f.Drop = true
	case "refuse":
		f.Refuse = true
	case "half-read":
		f.HalfRead = true
	case "truncate":
		f.Truncate = true
	case "offset-ignored":
		f.Lie.IgnoreOffset = true
	case "repeat":
		f.Lie.Repeat = true
	case "empty":
		f.Lie.Empty = true
	case "unsorted":
		f.Pages.Unsorted = true
	default:
		status, err := strconv.Atoi(w)
		if err != nil || status < 200 || status > 599 {
			return fmt.Errorf("%q is neither a status nor a word of the rules", w)
		}
		f.Status = status
	}
	return nil
}

// setting reads key=value.
func (f *Fault) setting(key, value string) (err error) {
	count := func(into *int) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return fmt.Errorf("%s wants a number from 1 on, not %q", key, value)
		}
		*into = n
		return nil
	}
	span := func(into *time.Duration) error {
		if *into, err = time.ParseDuration(value); err != nil {
			return fmt.Errorf("%s wants a duration such as 2s or 150ms, not %q", key, value)
		}
		return nil
	}
	if value == "" {
		return fmt.Errorf("%s wants a value", key)
	}
	switch key {
	case "path":
		f.Path = value
	case "n":
		return count(&f.N)
	case "every":
		return count(&f.Every)
	case "burst":
		return count(&f.Burst)
	case "times":
		return count(&f.Times)
	case "clamp":
		return count(&f.Lie.Clamp)
	case "stop":
		return count(&f.Lie.Stop)
	case "offset":
		return f.Pages.offsets(value)
	case "chance", "p":
		f.Chance, err = strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(f.Chance) || f.Chance <= 0 || f.Chance > 1 {
			return fmt.Errorf("%s wants a probability between 0 and 1, not %q", key, value)
		}
	case "code":
		f.Code = value
	case "message":
		f.Message = strings.ReplaceAll(value, "_", " ")
	case "text":
		f.Text = strings.ReplaceAll(value, "_", " ")
	case "retry-after":
		f.RetryAfter = strings.ReplaceAll(value, "_", " ")
	case "latency":
		return span(&f.Latency)
	case "skew":
		return span(&f.Skew)
	case "lag":
		return span(&f.Lag)
	default:
		return fmt.Errorf("there is no %s=", key)
	}
	return nil
}
