package value

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DateFormat reads a cell by one format; nil reads ISO 8601.
type DateFormat func(text string, m *moment) *Refusal

// Day is the day that a text means by the format, as its midnight in UTC; false where it does not fit.
func (f DateFormat) Day(text string) (time.Time, bool) {
	var m moment
	var ok bool
	if f != nil {
		ok = f(text, &m) == nil
	} else if _, ok = readISO(text, &m); ok {
		ok = m.check(text) == nil
	}
	return time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC), ok
}

// ParseFormat compiles the `format` of a column: the name of a family (iso, american, european, excel, excel1904,
// unix, unix-ms) or a layout of the tokens D DD M MM MMM MMMM YY YYYY H HH h hh mm ss S A Z, where S is a fraction of
// a second, A is am or pm and Z a zone such as +02:00. Every other character stands for itself. YY is 2000 to 2068
// and 1969 to 1999.
func ParseFormat(format string) (DateFormat, error) {
	switch format {
	case "", "iso":
		return nil, nil
	case "european":
		return family(format, "D MMM YYYY", "D M YYYY", "14/07/2024 or 14 Jul 2024"), nil
	case "american":
		return family(format, "MMM D YYYY", "M D YYYY", "07/14/2024 or Jul 14, 2024"), nil
	case "excel", "excel1904":
		return func(text string, m *moment) *Refusal {
			if !excelSerial(text, format == "excel1904", m) {
				return wrongFormat(text, format, "a spreadsheet's serial number, such as 45487")
			}
			return m.check(text)
		}, nil
	case "unix", "unix-ms":
		return unixTime(format), nil
	}
	tokens, err := dateTokens(format)
	if err != nil {
		return nil, err
	}
	return func(text string, m *moment) *Refusal {
		m.month, m.day = 1, 1
		r := reader{text: text}
		if !r.layout(tokens, m) || !r.end() {
			return wrongFormat(text, format, "a date written as "+format)
		}
		return m.check(text)
	}, nil
}

func wrongFormat(text, format, accepted string) *Refusal {
	return refuse(CodeDateFormat, accepted, "%q does not fit the format %s", text, format)
}

// dateTokens divides a layout. A layout must name the year, and the day and month once at most.
func dateTokens(format string) ([]string, error) {
	var tokens []string
	seen := map[byte]int{}
	for rest := format; rest != ""; {
		n := 1
		if strings.IndexByte("DMYHhmsSAZ", rest[0]) >= 0 {
			for n < len(rest) && rest[n] == rest[0] {
				n++
			}
			tok := rest[:n]
			if !strings.Contains(" D DD M MM MMM MMMM YY YYYY H HH h hh mm ss S A Z ", " "+tok+" ") && tok[0] != 'S' {
				return nil, fmt.Errorf("%q is no token of a date format", tok)
			}
			if seen[tok[0]]++; seen[tok[0]] > 1 {
				return nil, fmt.Errorf("the token %q stands twice", tok)
			}
		}
		tokens, rest = append(tokens, rest[:n]), rest[n:]
	}
	if seen['Y'] == 0 {
		return nil, fmt.Errorf("it has no year (YYYY or YY)")
	}
	return tokens, nil
}

// family reads dates as people of one region write them: any one of / - . and blank between the numbers, month names,
// "14th", a comma, and a time behind.
func family(name, withName, numeric, accepted string) DateFormat {
	first, _ := dateTokens(withName)
	second, _ := dateTokens(numeric)
	return func(text string, m *moment) *Refusal {
		for _, order := range [][]string{first, second} {
			*m = moment{}
			r := reader{text: text, loose: true}
			if !r.layout(order, m) {
				continue
			}
			if !r.end() {
				r.lit(",")
				behind := r.lit(" ") || r.lit("T")
				if !behind || !r.clock(m) || !r.zone(m) || !r.end() {
					continue
				}
			}
			return m.check(text)
		}
		return wrongFormat(text, name, accepted)
	}
}

// unixTime reads seconds, or milliseconds, since 1970-01-01T00:00:00Z, with a fraction where there is one.
func unixTime(format string) DateFormat {
	return func(text string, m *moment) *Refusal {
		number, ok := decimal(text)
		whole, fraction, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if !ok || err != nil || len(fraction) > 9 || n > 1e15 {
			return wrongFormat(text, format, "a number such as 1720951200")
		}
		ns, _ := strconv.ParseInt(fraction+strings.Repeat("0", 9-len(fraction)), 10, 64)
		if strings.HasPrefix(number, "-") {
			n, ns = -n, -ns
		}
		t := time.Unix(n, ns)
		if format == "unix-ms" {
			t = time.UnixMilli(n).Add(time.Duration(ns / 1000))
		}
		if format == "unix" && n > 99_999_999_999 {
			return refuse(CodeDateRange, "seconds since 1970", "%q would be in the year %d", text, t.UTC().Year()).
				set(setKey("format", "unix-ms"))
		}
		m.set(t.UTC())
		m.zoned = true
		return m.check(text)
	}
}

func (m *moment) set(t time.Time) {
	m.year, m.month, m.day = t.Year(), int(t.Month()), t.Day()
	m.hour, m.min, m.sec, m.ns, m.timed = t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), true
}

// excelSerial reads days since the start of 1900 or 1904. Day 60 of the 1900 count is 29 February 1900, which never
// was: false.
func excelSerial(text string, since1904 bool, m *moment) bool {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n >= 2958466 || strings.ContainsAny(text, "eExXpP_") {
		return false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 1 || n >= 60 && n < 61:
		return false
	case n < 60:
		base = base.AddDate(0, 0, 1)
	}
	days := int(n)
	seconds := int((n-float64(days))*86400 + 0.5)
	m.set(base.AddDate(0, 0, days).Add(time.Duration(seconds) * time.Second))
	return true
}
