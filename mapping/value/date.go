package value

import (
	"cmp"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// stampLayout is how Attio answers timestamps, and their normal form: UTC with nine fraction digits.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

// moment is a date with the time of day and the zone that a cell named, if it did.
type moment struct {
	year, month, day   int
	hour, min, sec, ns int
	timed, zoned       bool
	offset             int // seconds east of UTC, where zoned; else 0
}

// parseDate reads a date. A time behind it is cut; where it names a zone in which the UTC day is another one, the UTC
// day counts, as in Attio: https://docs.attio.com/docs/attribute-types/attribute-types-date.
func parseDate(r *Reader, kind Kind, text string, v *Value) *Refusal {
	if r.Format == nil && len(text) == len(time.DateOnly) && text >= "0001" {
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			v.Text = text
			return nil
		}
	}
	m, bad := readMoment(r, kind, text)
	if bad != nil {
		return bad
	}
	t := m.in(time.UTC)
	if t.Year() < 1 || t.Year() > 9999 {
		return outOfRange(text)
	}
	v.Text = t.Format(time.DateOnly)
	return nil
}

// parseTimestamp reads a time. Without a zone of its own it is one of the mapping's timezone, and a local time that a
// change of clocks skips or repeats is refused:
// https://docs.attio.com/docs/attribute-types/attribute-types-timestamp.
func parseTimestamp(r *Reader, kind Kind, text string, v *Value) *Refusal {
	m, bad := readMoment(r, kind, text)
	if bad != nil {
		return bad
	}
	zone := cmp.Or(r.Zone, time.UTC)
	t := m.in(zone)
	if !m.timed {
		t = firstInstant(t, m)
	}
	if !m.zoned && zone != time.UTC && (m.timed || t.Day() != m.day) {
		if why := clockChange(t, m); why != "" {
			return refuse(CodeClockChange, "a time with its zone, such as 2024-07-14T10:00:00+02:00", "%q %s in %s", text, why,
				zone)
		}
	}
	t = t.UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return outOfRange(text)
	}
	v.Text = t.Format(stampLayout)
	return nil
}

func outOfRange(text string) *Refusal {
	return refuse(CodeDateRange, "a date from 0001-01-01 to 9999-12-31", "%q is outside the years 1 to 9999", text)
}

// readMoment reads a cell by the column's format; without one, ISO and nothing else. A spreadsheet's own dates come
// as ISO whatever the format.
func readMoment(r *Reader, kind Kind, text string) (moment, *Refusal) {
	if r.Format != nil && kind != DateCell {
		m := new(moment)
		bad := r.Format(text, m)
		return *m, bad
	}
	var m moment
	if inside, ok := readISO(text, &m); !ok {
		return m, notISO(r, text, inside)
	}
	return m, m.check(text)
}

// check refuses days and times that do not exist.
func (m *moment) check(text string) *Refusal {
	if m.year < 1 || m.year > 9999 {
		return outOfRange(text)
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.min, m.sec, 0, time.UTC)
	if int(t.Month()) != m.month || t.Day() != m.day || t.Hour() != m.hour || t.Minute() != m.min || t.Second() != m.sec {
		return refuse(CodeNoSuchDay, "a day and time that exist", "%q does not exist", text)
	}
	return nil
}

func (m *moment) in(zone *time.Location) time.Time {
	if m.zoned {
		zone = time.UTC
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.min, m.sec, m.ns, zone)
	return t.Add(-time.Duration(m.offset) * time.Second)
}

// firstInstant is when a day begins: not at midnight where a change of clocks skips that, and the first time where it
// repeats it. t is the day's midnight, as far as there is one. A day that is skipped whole has no first instant: then
// t comes back as it is.
func firstInstant(t time.Time, m moment) time.Time {
	start, _ := time.Date(m.year, time.Month(m.month), m.day, 12, 0, 0, 0, t.Location()).ZoneBounds()
	if start.IsZero() || start.Day() != m.day || start.Month() != time.Month(m.month) || start.Year() != m.year {
		return t
	}
	_, before := start.Add(-1).Zone()
	midnight := time.Date(m.year, time.Month(m.month), m.day, 0, 0, -before, 0, time.UTC)
	if midnight.After(start) {
		midnight = start
	}
	return midnight.In(t.Location())
}

// clockChange says why a local time is not one instant; "" where it is.
func clockChange(t time.Time, m moment) string {
	if t.Hour() != m.hour || t.Minute() != m.min || t.Day() != m.day {
		return "was skipped by a change of clocks"
	}
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	for _, other := range []time.Time{start.Add(-1), end} {
		if other.IsZero() || start.IsZero() {
			continue
		}
		_, o := other.Zone()
		again := t.Add(time.Duration(offset-o) * time.Second)
		if o != offset && again.Day() == m.day && again.Hour() == m.hour && again.Minute() == m.min && !again.Equal(t) {
			return "happened twice, by a change of clocks,"
		}
	}
	return ""
}

func decodeTimestamp(_ *attio.Attribute, raw []byte, v *Value) bool {
	v.Text = memberText(raw, "value")
	if len(v.Text) == len(stampLayout) && v.Text[len(v.Text)-1] == 'Z' && v.Text[19] == '.' {
		return true
	}
	var m moment
	if _, ok := readISO(v.Text, &m); !ok || m.check(v.Text) != nil {
		return false
	}
	v.Text = m.in(time.UTC).Format(stampLayout)
	return true
}
