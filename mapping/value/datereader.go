package value

import "strings"

// reader reads the fields of a date one after the other.
type reader struct {
	text  string
	at    int
	loose bool // separators and numbers as people write them, not to the letter
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
	pm := 0
	for _, tok := range tokens {
		var ok bool
		switch tok {
		case "D":
			ok = r.digits(1, 2, &m.day) && (!r.loose || r.ordinal())
		case "DD":
			ok = r.digits(2, 2, &m.day)
		case "M":
			ok = r.digits(1, 2, &m.month)
		case "MM":
			ok = r.digits(2, 2, &m.month)
		case "MMM", "MMMM":
			ok = r.monthName(m)
		case "YY":
			if ok = r.digits(2, 2, &m.year); m.year < 69 {
				m.year += 2000
			} else {
				m.year += 1900
			}
		case "YYYY":
			ok = r.digits(4, 4, &m.year)
		case "H", "h":
			ok, m.timed = r.digits(1, 2, &m.hour), true
		case "HH", "hh":
			ok, m.timed = r.digits(2, 2, &m.hour), true
		case "mm":
			ok = r.digits(2, 2, &m.min)
		case "ss":
			ok = r.digits(2, 2, &m.sec)
		case "A":
			pm, ok = r.halfDay()
		case "Z":
			ok = r.zone(m) && m.zoned
		default:
			if tok[0] == 'S' && strings.Trim(tok, "S") == "" {
				ok = r.fraction(m)
			} else if r.loose {
				ok = r.separator()
			} else {
				ok = r.lit(tok)
			}
		}
		if !ok {
			return false
		}
	}
	return m.half(pm)
}

// separator takes one of the marks between the numbers of a date, a comma before a blank included.
func (r *reader) separator() bool {
	if r.lit(", ") || r.lit(",") {
		return true
	}
	return r.lit("/") || r.lit("-") || r.lit(".") || r.lit(" ")
}

// ordinal takes the st, nd, rd or th behind a day, where there is one.
func (r *reader) ordinal() bool {
	for _, s := range []string{"st", "nd", "rd", "th"} {
		if r.lit(s) {
			break
		}
	}
	return true
}

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthName takes an English month, whole or its first three letters, in any case.
func (r *reader) monthName(m *moment) bool {
	i := r.at
	for i < len(r.text) && (r.text[i]|0x20 >= 'a' && r.text[i]|0x20 <= 'z') {
		i++
	}
	word := strings.ToLower(r.text[r.at:i])
	for n, name := range monthNames {
		if word == name || word == name[:3] || word == "sept" && n == 8 {
			m.month, r.at = n+1, i
			return true
		}
	}
	return false
}

// halfDay takes am or pm: 1 for am, 2 for pm.
func (r *reader) halfDay() (int, bool) {
	for i, s := range []string{"am", "pm"} {
		if len(r.text)-r.at >= 2 && strings.EqualFold(r.text[r.at:r.at+2], s) {
			r.at += 2
			return i + 1, true
		}
	}
	return 0, false
}

// half turns an hour of a clock of twelve hours into one of twenty-four; pm is 0 for neither, 1 for am, 2 for pm.
func (m *moment) half(pm int) bool {
	if pm == 0 {
		return true
	}
	if m.hour < 1 || m.hour > 12 {
		return false
	}
	m.hour %= 12
	if pm == 2 {
		m.hour += 12
	}
	return true
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
	pm, ok := r.halfDay()
	if !ok {
		r.at = mark
	}
	return m.half(pm)
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
	if r.lit("Z") || r.lit("z") {
		m.zoned = true
		return true
	}
	sign := 1
	if !r.lit("+") {
		if !r.lit("-") {
			r.at = mark
			return true
		}
		sign = -1
	}
	var h, min int
	if !r.digits(2, 2, &h) {
		return false
	}
	if r.lit(":") || !r.end() {
		if !r.digits(2, 2, &min) {
			return false
		}
	}
	m.zoned, m.offset = true, sign*(h*3600+min*60)
	return h <= 18 && min <= 59
}
