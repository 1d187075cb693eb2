package attio

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRetryAfter(t *testing.T) {
	date := time.Date(2023, 5, 23, 14, 42, 0, 0, time.UTC)
	at := func(d time.Duration) string { return date.Add(d).Format(http.TimeFormat) }
	for name, tc := range map[string]struct {
		header, date string
		now          time.Time // the server's clock as known before
		want         time.Duration
	}{
		"the next second":                {"Tue, 23 May 2023 14:42:01 GMT", at(0), time.Time{}, time.Second},
		"half a minute":                  {at(30 * time.Second), at(0), time.Time{}, 30 * time.Second},
		"two minutes":                    {at(2 * time.Minute), at(0), time.Time{}, 2 * time.Minute},
		"now":                            {at(0), at(0), time.Time{}, minPause},
		"past":                           {at(-5 * time.Second), at(0), time.Time{}, time.Second},
		"the answer's Date wins":         {at(2 * time.Second), at(0), date.Add(time.Hour), 2 * time.Second},
		"a date without Date":            {at(3 * time.Second), "", date, 3 * time.Second},
		"a date without any clock":       {at(3 * time.Second), "", time.Time{}, time.Second},
		"a date with an unreadable Date": {at(3 * time.Second), "yesterday", date, 3 * time.Second},
		"RFC 850":                        {"Tuesday, 23-May-23 14:42:07 GMT", at(0), time.Time{}, 7 * time.Second},
		"seconds":                        {"5", at(0), time.Time{}, 5 * time.Second},
		"seconds with blanks":            {" 5 ", at(0), time.Time{}, 5 * time.Second},
		"no seconds":                     {"0", at(0), time.Time{}, minPause},
		"negative seconds":               {"-3", at(0), time.Time{}, time.Second},
		"more seconds than there are":    {"9223372036854775807", at(0), time.Time{}, longestPause},
		"more than an integer":           {"99999999999999999999", at(0), time.Time{}, time.Second},
		"a date in another age":          {"Fri, 31 Dec 9999 23:59:59 GMT", at(0), time.Time{}, longestPause},
		"absent":                         {"", at(0), time.Time{}, time.Second},
		"garbage":                        {"soon", at(0), time.Time{}, time.Second},
		"a fraction":                     {"1.5", at(0), time.Time{}, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			if tc.header != "" {
				h.Set("Retry-After", tc.header)
			}
			if tc.date != "" {
				h.Set("Date", tc.date)
			}
			require.Equal(t, tc.want, retryAfter(h, tc.now))
		})
	}
}

// TestRetryAfterWithALocalClockThatIsWrong: measured against the local clock, 90 s slow would wait 91 s, and fast would
// not wait at all.
func TestRetryAfterWithALocalClockThatIsWrong(t *testing.T) {
	for _, skew := range []time.Duration{-90 * time.Second, -2 * time.Second, 0, 2 * time.Second, 90 * time.Second} {
		t.Run(skew.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				refused := false
				c := newTestClient(t, roundTrip(func(*http.Request) (*http.Response, error) {
					server := time.Now().Add(skew).UTC()
					if refused {
						return respond(200, oneRecord, "Date", server.Format(http.TimeFormat)), nil
					}
					refused = true
					return respond(429, limited, "Date", server.Format(http.TimeFormat),
						"Retry-After", server.Truncate(time.Second).Add(3*time.Second).Format(http.TimeFormat)), nil
				}))
				began := time.Now()
				_, err := c.CreateRecord(t.Context(), "users", nil, nil)
				require.NoError(t, err)
				require.GreaterOrEqual(t, time.Since(began), 2*time.Second)
				require.Less(t, time.Since(began), 5*time.Second)
				require.WithinDuration(t, time.Now().Add(skew), c.Now(), 1500*time.Millisecond)
			})
		})
	}
}

func TestAPauseOfMoreThanAMinuteIsFatal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := newTestClient(t, playing(
			answering(429, limited, "Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))))
		_, err := c.CreateRecord(t.Context(), "users", nil, nil)
		e := asError(t, err, Fatal)
		require.Equal(t, time.Hour, e.RetryAfter)
		require.Equal(t, CodeRateLimited, e.Code)
		require.ErrorContains(t, err, "asked to wait 1h0m0s")
		require.Less(t, time.Since(began), time.Second)
	})
}
