package value

import (
	"strings"
	"time"
)

// reader reads the fields of a date one after the other.
type reader struct {
	text  string
	at    int
	loose bool // separators and numbers as people write them, not to the letter
	half  byte // a or p, of am or pm; 0 for neither
}

func (r *reader) end() bool { return r.at == len(r.text) }

// lit takes the text that must stand next.
func (r *reader) lit(s string) bool {
	if !strings.HasPrefix(r.text[r.at:], s) {
		return false
	}
	r.at += len(s)
	return true
}

// digits takes a number of least to most digits.
func (r *reader) digits(least, most int, n *int) bool {
	*n = 0
	i := r.at
	for i < len(r.text) && i-r.at < most && r.text[i] >= '0' && r.text[i] <= '9' {
		*n = *n*10 + int(r.text[i]-'0')
		i++
	}
	ok := i-r.at >= least
	r.at = i
	return ok
}

// layout reads by the tokens of a format.
func (r *reader) layout(tokens []string, m *moment) bool {
	for _, tok := range tokens {
		var ok bool
		switch field := m.field(tok[0]); {
		case tok == "MMM", tok == "MMMM":
			ok = r.monthName(m)
		case tok == "A":
			ok = r.halfDay()
		case tok == "Z":
			ok = r.zone(m) && m.zoned
		case tok[0] == 'S':
			ok = r.fraction(m)
		case field != nil:
			ok = r.digits(len(tok), max(len(tok), 2), field)
		case r.loose:
			ok = r.separator()
		default:
			ok = r.lit(tok)
		}
		if !ok {
			return false
		}
		switch {
		case tok == "YY" && m.year < 69:
			m.year += 2000
		case tok == "YY":
			m.year += 1900
		case tok == "D" && r.loose: // 14th
			_ = r.lit("st") || r.lit("nd") || r.lit("rd") || r.lit("th")
		}
	}
	return r.wholeDay(m)
}

// field is the number that a token of digits stands for; nil for another token.
func (m *moment) field(token byte) *int {
	switch token {
	case 'Y':
		return &m.year
	case 'M':
		return &m.month
	case 'D':
		return &m.day
	case 'H', 'h':
		m.timed = true
		return &m.hour
	case 'm':
		return &m.min
	case 's':
		return &m.sec
	}
	return nil
}

// separator takes one of the marks between the numbers of a date, a comma before a blank included.
func (r *reader) separator() bool {
	return r.lit(", ") || r.lit(",") || r.lit("/") || r.lit("-") || r.lit(".") || r.lit(" ")
}

// monthName takes an English month, whole or its first three letters, in any case.
func (r *reader) monthName(m *moment) bool {
	word := r.text[r.at:]
	if i := strings.IndexFunc(word, func(c rune) bool { return c|0x20 < 'a' || c|0x20 > 'z' }); i >= 0 {
		word = word[:i]
	}
	for month := time.January; month <= time.December; month++ {
		name := month.String()
		if strings.EqualFold(word, name) || strings.EqualFold(word, name[:3]) ||
			month == time.September && strings.EqualFold(word, "sept") {
			m.month, r.at = int(month), r.at+len(word)
			return true
		}
	}
	return false
}

// halfDay takes am or pm.
func (r *reader) halfDay() bool {
	word := r.text[r.at:min(r.at+2, len(r.text))]
	if strings.EqualFold(word, "am") || strings.EqualFold(word, "pm") {
		r.at, r.half = r.at+2, word[0]|0x20
	}
	return r.half != 0
}

// wholeDay turns an hour beside am or pm into one of twenty-four.
func (r *reader) wholeDay(m *moment) bool {
	ok := r.half == 0 || m.hour >= 1 && m.hour <= 12
	if r.half != 0 {
		m.hour %= 12
	}
	if r.half == 'p' {
		m.hour += 12
	}
	return ok
}

// clock takes a time of day: hours and minutes, then seconds and their fraction where there are some, then am or pm.
func (r *reader) clock(m *moment) bool {
	m.timed = true
	if !r.digits(1, 2, &m.hour) || !r.lit(":") || !r.digits(2, 2, &m.min) {
		return false
	}
	if r.lit(":") && (!r.digits(2, 2, &m.sec) || r.lit(".") && !r.fraction(m)) {
		return false
	}
	mark := r.at
	r.lit(" ")
	if !r.halfDay() {
		r.at = mark
	}
	return r.wholeDay(m)
}

// fraction takes up to nine digits of a second; further ones must be zeros, for a nanosecond is the finest that Attio
// keeps.
func (r *reader) fraction(m *moment) bool {
	start := r.at
	if !r.digits(1, 9, &m.ns) {
		return false
	}
	for n := r.at - start; n < 9; n++ {
		m.ns *= 10
	}
	for r.lit("0") {
	}
	return true
}

// zone takes Z or an offset such as +02:00, +0200 or +02, where there is one.
func (r *reader) zone(m *moment) bool {
	mark := r.at
	if r.loose {
		r.lit(" ")
	}
	if m.zoned = r.lit("Z") || r.lit("z"); m.zoned {
		return true
	}
	sign := 1
	if r.lit("-") {
		sign = -1
	} else if !r.lit("+") {
		r.at = mark
		return true
	}
	var h, min int
	if !r.digits(2, 2, &h) || (r.lit(":") || !r.end()) && !r.digits(2, 2, &min) {
		return false
	}
	m.zoned, m.offset = true, sign*(h*3600+min*60)
	return h <= 18 && min <= 59
}
