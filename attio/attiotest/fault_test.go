package attiotest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFaults sends creates under a rule and looks at what came back and at what was stored.
func TestFaults(t *testing.T) {
	broken := func(t *testing.T, err error) {
		var op *net.OpError
		require.ErrorAs(t, err, &op)
	}
	for _, c := range []struct {
		rule    string
		n       int
		answers string // of each create: a status, ! for a lost answer
		stored  int
	}{
		{"503", 2, "503 503", 0},
		{"POST records 503 after every=2", 5, "200 503 200 503 200", 5},
		{"503 before n=2", 3, "200 503 200", 2},
		{"500 times=1", 2, "500 200", 1},
		{"409 n=1", 2, "409 200", 1},
		{"429 burst=3", 4, "429 429 429 200", 1},
		{"429 n=2 burst=2", 4, "200 429 429 200", 2},
		{"429 every=3 burst=2", 8, "200 200 429 429 200 429 429 200", 4},
		{"drop before n=1", 2, "! 200", 1},
		{"drop after n=1", 2, "! 200", 2},
		{"half-read n=1", 2, "! 200", 1},
		{"refuse n=1", 2, "! 200", 1},
		{"truncate n=1", 2, "! 200", 2},
		{"text=<html>busy</html> n=1", 2, "200 200", 1},
		{"GET 503", 2, "200 200", 2},
		{"read 503", 2, "200 200", 2},
		{"write 503 n=1", 2, "503 200", 1},
		{"PUT drop", 1, "200", 1},
		{"503 path=/people/", 1, "200", 1},
		{"400 code=quota_exceeded", 1, "400", 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			f, err := ParseFault(c.rule)
			require.NoError(t, err)
			a := unlimited(t, Options{Faults: []Fault{f}})
			var got []string
			for range c.n {
				r, err := a.try("POST", "/v2/objects/specimens/records", wrap(`{"label":"x"}`))
				if err != nil {
					broken(t, err)
					got = append(got, "!")
					continue
				}
				got = append(got, strconv.Itoa(r.status))
			}
			require.Equal(t, c.answers, strings.Join(got, " "))
			require.Equal(t, c.stored, a.s.Count("specimens"))
		})
	}
}

func TestFaultBodies(t *testing.T) {
	for rule, want := range map[string]string{
		"503":                     "Service Unavailable",
		"500":                     "Internal Server Error",
		"502 text=<h1>Bad</h1>":   "<h1>Bad</h1>",
		"text=upstream_timed_out": "upstream timed out",
		"409": `"code":"concurrent_write_conflict",` +
			`"message":"The record was modified by another request while this write was being validated. Please try again."`,
		"400":                      `"code":"merge_in_progress"`,
		"400 code=quota_exceeded":  `"code":"quota_exceeded","message":"You have met your plan's object limit."`,
		"403 code=billing_error":   `"type":"auth_error","code":"billing_error"`,
		"400 message=What_is_this": `"message":"What is this"`,
	} {
		f, err := ParseFault(rule)
		require.NoError(t, err)
		a := unlimited(t, Options{Faults: []Fault{f}})
		require.Contains(t, a.do("GET", "/v2/objects", "").text, want, rule)
	}
}

func TestRetryAfterForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := func(d time.Duration) string { return time.Now().UTC().Add(d).Format(http.TimeFormat) }
		for rule, want := range map[string]string{
			"429":                     date(time.Second),
			"429 retry-after=date":    date(time.Second),
			"429 retry-after=seconds": "1",
			"429 retry-after=past":    date(-time.Minute),
			"429 retry-after=far":     date(time.Hour),
			"429 retry-after=garbage": "soon, perhaps",
			"429 retry-after=none":    "",
			"429 retry-after=0.5":     "0.5",
			"429 skew=-90s":           date(time.Second),
		} {
			f, err := ParseFault(rule)
			require.NoError(t, err)
			a := unlimited(t, Options{Faults: []Fault{f}})
			r := a.do("GET", "/v2/objects", "")
			require.Equal(t, 429, r.status)
			require.Equal(t, want, r.header.Get("Retry-After"), rule)
			require.Equal(t, date(f.Skew), r.header.Get("Date"), rule)
		}
	})
}

func TestRefusedRules(t *testing.T) {
	for rule, want := range map[string]string{
		"":                 "says nothing that goes wrong",
		"POST path=query":  "says nothing that goes wrong",
		"fire":             `"fire" is neither a status nor a word of the rules`,
		"99":               `"99" is neither a status nor a word of the rules`,
		"503 every=0":      "every wants a number from 1 on",
		"503 every=x":      "every wants a number from 1 on",
		"503 chance=1.5":   "chance wants a probability between 0 and 1",
		"503 chance=NaN":   "chance wants a probability between 0 and 1",
		"latency=2":        "latency wants a duration such as 2s",
		"503 size=1":       "there is no size=",
		"503 path=":        "path wants a value",
		"drop code=x":      "code, message and retry-after need a status",
		"503 empty":        "what is not answered cannot lie",
		"unsorted":         "says nothing that goes wrong",
		"clamp=0":          "clamp wants a number from 1 on",
		"empty offset=0":   "offset wants a number from 1 on, or two",
		"empty offset=9-1": "offset wants a number from 1 on, or two",
		"empty offset=-9":  "offset wants a number from 1 on, or two",
	} {
		_, err := ParseFault(rule)
		require.ErrorContains(t, err, want, rule)
	}
}

func TestChanceAndHooks(t *testing.T) {
	order := ""
	a := unlimited(t, Options{})
	a.s.AddFault(Fault{Method: "POST", Before: func() { order += "before " },
		Committed: func() { order += strconv.Itoa(a.s.Count("specimens")) }})
	a.create("specimens", `{}`)
	require.Equal(t, "before 1", order)
	a.s.ClearFaults()
	a.s.AddFault(Fault{Status: 503, Chance: 0.3})
	failed := 0
	for range 500 {
		if a.do("GET", "/v2/objects", "").status == 503 {
			failed++
		}
	}
	require.InDelta(t, 150, failed, 50)
	a.s.ClearFaults()
	a.s.AddFault(Fault{Status: 418, Code: "teapot", Match: func(r *http.Request,
		body []byte) bool {
		return strings.Contains(string(body), "tea")
	}})
	require.Equal(t, "teapot", a.do("POST", "/v2/objects/specimens/records", wrap(`{"label":"tea"}`)).at("code"))
	require.Equal(t, 200, a.do("POST", "/v2/objects/specimens/records", wrap(`{"label":"milk"}`)).status)
}

func TestLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := unlimited(t, Options{Lag: 2 * time.Second})
		query := func(values string) []string { return a.found("people", `{"filter":{"email_addresses":"`+values+`"}}`) }
		id := a.create("people", `{"email_addresses":["a@x.com"]}`)
		path := "/v2/objects/people/records/" + id
		require.Empty(t, query("a@x.com"))
		require.Empty(t, a.found("people", `{}`))
		require.Equal(t, 200, a.do("GET", path, "").status, "a read by id sees it")
		require.Equal(t, "uniqueness_conflict", a.do("POST", "/v2/objects/people/records",
			wrap(`{"email_addresses":["a@x.com"]}`)).at("code"))
		time.Sleep(2 * time.Second)
		require.Equal(t, []string{id}, query("a@x.com"))

		a.do("PUT", path, wrap(`{"email_addresses":["b@x.com"]}`))
		require.Equal(t, []string{id}, query("a@x.com"), "what it was")
		require.Empty(t, query("b@x.com"))
		r := a.query("people", `{}`)
		require.Equal(t, "a@x.com", r.at("data.0.values.email_addresses.0.email_address"))
		time.Sleep(2 * time.Second)
		require.Equal(t, []string{id}, query("b@x.com"))
		require.Empty(t, query("a@x.com"))

		a.do("DELETE", path, "")
		require.Equal(t, 404, a.do("GET", path, "").status)
		require.Equal(t, []string{id}, a.found("people", `{}`))
		time.Sleep(2 * time.Second)
		require.Empty(t, a.found("people", `{}`))

		byMail := "/v2/objects/people/records?matching_attribute=email_addresses"
		first := a.do("PUT", byMail, wrap(`{"email_addresses":["c@x.com"]}`)).at("data.id.record_id").(string)
		time.Sleep(2 * time.Second)
		a.do("DELETE", "/v2/objects/people/records/"+first, "")
		second := a.do("PUT", byMail, wrap(`{"email_addresses":["c@x.com"]}`)).at("data.id.record_id").(string)
		require.Equal(t, []string{first}, a.found("people", `{}`))
		time.Sleep(2 * time.Second)
		require.Equal(t, []string{second}, a.found("people", `{}`))
		a.do("DELETE", "/v2/objects/people/records/"+second, "")
		time.Sleep(2 * time.Second)

		a.s.o.Lag = 0
		a.s.AddFault(Fault{Method: "POST", Path: "/people/records", N: 1, Lag: time.Second})
		id = a.create("people", `{}`)
		other := a.create("people", `{}`)
		require.Equal(t, []string{other}, a.found("people", `{}`), "only the one under the rule is late")
		time.Sleep(time.Second)
		require.ElementsMatch(t, []string{id, other}, a.found("people", `{}`))
	})
}

// TestGivingUp cancels requests at different moments of their way.
func TestGivingUp(t *testing.T) {
	for _, c := range []struct {
		name   string
		after  time.Duration
		stored int
	}{
		{"before it arrives", 20 * time.Millisecond, 0},
		{"while it is worked on", 200 * time.Millisecond, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(Options{Latency: time.Second})
				if c.stored == 0 {
					s.o.Jitter = 10 * time.Hour // it is on its way for long
				}
				cause := errors.New("enough")
				ctx, cancel := context.WithTimeoutCause(t.Context(), c.after, cause)
				defer cancel()
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.attio.com/v2/objects/specimens/records",
					strings.NewReader(wrap(`{}`)))
				require.NoError(t, err)
				req.Header.Set("Authorization", "Bearer "+testKey)
				req.Header.Set("Content-Type", "application/json")
				begin := time.Now()
				_, err = s.Transport().RoundTrip(req)
				require.ErrorIs(t, err, cause)
				require.Equal(t, c.after, time.Since(begin))
				require.Equal(t, c.stored, s.Count("specimens"))
			})
		})
	}
}

// TestFaultsOnASocket breaks real connections.
func TestFaultsOnASocket(t *testing.T) {
	for _, c := range []struct {
		rule   string
		stored int
		inBody bool
	}{{"drop before", 0, false}, {"drop after", 1, false}, {"half-read", 0, false}, {"refuse", 0, false}, {"truncate", 1,
		true}} {
		t.Run(c.rule, func(t *testing.T) {
			f, err := ParseFault(c.rule)
			require.NoError(t, err)
			s := NewServer(t, Options{Faults: []Fault{f}})
			req, err := http.NewRequest(http.MethodPost, s.URL+"/v2/objects/specimens/records",
				strings.NewReader(wrap(`{"label":"x"}`)))
			require.NoError(t, err)
			req.Header.Set("Authorization", "Bearer "+testKey)
			req.Header.Set("Content-Type", "application/json")
			res, err := (&http.Transport{}).RoundTrip(req)
			if c.inBody {
				require.NoError(t, err)
				_, err = io.ReadAll(res.Body)
			}
			require.Error(t, err)
			require.Equal(t, c.stored, s.Count("specimens"))
		})
	}
}

func TestHalfReadByChance(t *testing.T) {
	a := unlimited(t, Options{Faults: []Fault{{HalfRead: true, Chance: 0.05}}})
	n := 0
	for range 1000 {
		if _, err := a.try("POST", ask1, wrap(`{}`)); err != nil {
			n++
		}
	}
	require.InDelta(t, 50, n, 30, "of 1000")
}
