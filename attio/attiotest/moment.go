package attiotest

import (
	"regexp"
	"strings"
	"time"
)

// isoForm is what Attio documents for dates and times: any prefix of an ISO 8601 moment, with or without a zone.
var isoForm = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2})` +
	`(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$`)

// moment reads such a form; what is missing is filled with the beginning, a missing zone with UTC. whole says that
// date, hour and minute are all there.
func moment(s string) (t time.Time, whole, ok bool) {
	m := isoForm.FindStringSubmatch(s)
	if m == nil {
		return t, false, false
	}
	fill := func(v, otherwise string) string {
		if v == "" {
			return otherwise
		}
		return v
	}
	full := m[1] + "-" + fill(m[2], "01") + "-" + fill(m[3], "01") + "T" + fill(m[4], "00:00") + ":" + fill(m[5], "00") +
		"." + (m[6] + strings.Repeat("0", 9))[:9] + fill(m[7], "Z")
	t, err := time.Parse("2006-01-02T15:04:05.000000000Z07:00", full)
	t = t.UTC()
	// "The maximum date is 9999-12-31": a zone may carry a moment over it, or below year 1.
	return t, m[4] != "", err == nil && t.Year() <= 9999 && t.Year() >= 1
}

// nanoForm is how every time is answered: UTC, nine fraction digits.
const nanoForm = "2006-01-02T15:04:05.000000000Z"

// parseDate cuts the time off, after a zone has moved it into UTC.
func parseDate(a *attribute, v any) (body, *refusal) {
	s, r := text(a, v, "value")
	if r != nil {
		return nil, r
	}
	t, _, ok := moment(s)
	if !ok {
		return nil, badValue(a.slug, invalidItem("Invalid date value", "value"))
	}
	return textBody(t.Format(time.DateOnly)), nil
}

// parseStamp keeps nanoseconds. The OpenAPI document's example of a bare year is a slip: it is the year's first moment.
func parseStamp(a *attribute, v any) (body, *refusal) {
	s, r := text(a, v, "value")
	if r != nil {
		return nil, r
	}
	t, _, ok := moment(s)
	if !ok {
		return nil, badValue(a.slug, invalidItem("Invalid timestamp value", "value"))
	}
	return textBody(t.Format(nanoForm)), nil
}
