package attio

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	minPause     = 250 * time.Millisecond
	defaultPause = time.Second
	maxPause     = time.Minute         // a longer one stops the run, which can be resumed
	longestPause = 30 * 24 * time.Hour // more than anybody means; keeps arithmetic sane
)

// retryAfter is how long the server asks to wait: Attio gives the date at which its limit resets, usually the next
// second (docs.attio.com/rest-api/guides/rate-limiting); seconds are read too. A date is measured against the same
// answer's Date, since the local clock may be wrong by minutes; without a Date against now, the server's clock as
// known, where it is. What is absent, unreadable or past counts as a second; 250 ms is the least.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(v, 10, 64); err == nil {
		if seconds < 0 {
			return defaultPause
		}
		return max(minPause, time.Duration(min(seconds, int64(longestPause/time.Second)))*time.Second)
	}
	until, err := http.ParseTime(v)
	if err != nil {
		return defaultPause
	}
	if date := dateOf(h); !date.IsZero() {
		now = date
	}
	if now.IsZero() || until.Before(now) {
		return defaultPause
	}
	return min(max(minPause, until.Sub(now)), longestPause)
}

// dateOf is the answer's Date; the zero time where it is absent or unreadable.
func dateOf(h http.Header) time.Time {
	t, _ := http.ParseTime(h.Get("Date")) // the zero time with an error
	return t
}
