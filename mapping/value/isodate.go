package value

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// How ISO 8601 is read, and the prefixes of 2024-11-01T01:02:03.456789234Z that Attio's own importer takes:
//
//   - A prefix that ends behind a field, or behind the mark after it, is one instant, the first that it can be:
//     2024-11, 2024-11- and 2024-11-01T are all the midnight that begins November. So Attio's API reads partial
//     dates: https://docs.attio.com/docs/attribute-types/attribute-types-date.
//   - A fraction of a second may end anywhere: .4 and .400 are the same.
//   - A prefix that ends inside another field is refused, since it can be two things: 2024-1 is January to those who
//     write months short, and the beginning of 2024-10, 2024-11 and 2024-12 where a text was cut; 2024-11-0 is no day
//     at all. A month or day that cannot go on, such as 2024-4, is refused beside them: a column in which every month
//     but three is taken would be a trap. The format that takes it is named.
//   - A fraction of minutes or hours (01:02.5) is refused: half a minute to ISO 8601, half a second to those who
//     leave seconds out.

// isoFields are the fields of a time in their order, each with the marks of which one stands behind it before the next.
var isoFields = [...]struct {
	name   string
	width  int
	behind string
}{{"year", 4, "-"}, {"month", 2, "-"}, {"day", 2, "Tt "}, {"hour", 2, ":"}, {"minutes", 2, ":"}, {"seconds", 2, "."}}

// readISO reads ISO 8601 and its prefixes; a blank may stand for the T. Where it is not ok because the text ends
// inside a field, inside is that field's name.
func readISO(text string, m *moment) (inside string, ok bool) {
	r := reader{text: text}
	m.month, m.day = 1, 1
	fields := [...]*int{&m.year, &m.month, &m.day, &m.hour, &m.min, &m.sec}
	for i := range isoFields {
		f := &isoFields[i]
		if r.end() {
			return "", i > 0
		}
		if start := r.at; !r.digits(f.width, f.width, fields[i]) {
			if r.end() && r.at > start {
				inside = f.name
			}
			return inside, false
		}
		if m.timed = i >= 3; r.end() {
			return "", true
		}
		if strings.IndexByte(f.behind, text[r.at]) < 0 {
			return r.isoZone(m, i)
		}
		r.at++
	}
	if r.end() {
		return "", true
	}
	if !r.fraction(m) {
		return "", false
	}
	return r.isoZone(m, len(isoFields))
}

// isoZone takes the zone behind a field of the time of day.
func (r *reader) isoZone(m *moment, field int) (inside string, ok bool) {
	if field < 3 {
		return "", false
	}
	if ok = r.zone(m) && r.end(); !ok && r.end() && !m.zoned {
		inside = "zone"
	}
	return inside, ok
}

// dateFormNames are the formats that a cell which is not ISO is tried with, to name the one that would take it.
var dateFormNames = []string{"european", "american", "YYYY-M-D", "YYYY/M/D", "YYYY.M.D"}

// notISO refuses a cell of a column without a format, and says which format would take it.
func notISO(r *Reader, text, inside string) *Refusal {
	bad := r.refuse(CodeDate, "%q is not a date", text)
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= 20000 && n < 80000 {
		var first, second moment
		excelSerial(text, false, &first)
		excelSerial(text, true, &second)
		return r.refuse(CodeSerial,
			"%q is a spreadsheet's serial number: %s, or %s if the file counts from 1904 (format: excel1904)", text,
			first.in(time.UTC).Format(time.DateOnly), second.in(time.UTC).Format(time.DateOnly)).set(setKey("format", "excel"))
	}
	if inside != "" && inside != "year" { // a number of one to three digits is more than a year cut off
		return cutISO(bad, text, inside)
	}
	var fits []string
	for _, f := range dateFormNames {
		var m moment
		if format, err := ParseFormat(f); err == nil && format(text, &m) == nil {
			fits = append(fits, f)
		}
	}
	if len(fits) > 0 {
		bad.Code, bad.Setting = CodeDateFormat, &Setting{Key: "format", Value: fits[0], Or: fits[1:]}
		bad.Message = fmt.Sprintf("%q is not an ISO date; it fits %s", text, strings.Join(fits, " and "))
	}
	return bad
}

// cutISO says how a text that ends inside a field could go on.
func cutISO(bad *Refusal, text, inside string) *Refusal {
	bad.Message = fmt.Sprintf("%q ends inside the %s", text, inside)
	if inside == "zone" {
		bad.Accepted = "a zone such as Z or +02:00, or none"
		return bad
	}
	digit := text[len(text)-1:]
	field := "0" + digit
	switch {
	case digit == "0" && (inside == "month" || inside == "day"):
		field = "01"
	case inside == "day":
		bad.Setting = setKey("format", "YYYY-M-D")
	}
	bad.Accepted = fmt.Sprintf("the %s in two digits, such as %s", inside, text[:len(text)-1]+field)
	if inside == "month" && digit != "0" {
		// It refuses days, so that it is no line to add as it is.
		bad.Accepted += "; where the whole column holds months, `format: YYYY-M`"
	}
	return bad
}
