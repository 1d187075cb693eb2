package mapping

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// trial is a form that a cell may have.
type trial struct {
	name    string
	digits  bool // only cells with a digit can have it
	longest int
	fits    func(string) bool
}

// The forms of dates that a mapping can name, by which part comes first. Those before the families say more exactly what the column holds.
var (
	dayFirst   = []string{"DD.MM.YYYY", "DD.MM.YYYY HH:mm", "DD.MM.YYYY HH:mm:ss", "european", "D.M.YY", "DD.MM.YY HH:mm", "D/M/YY", "D/M/YY H:mm", "D-M-YY", "D-MMM-YY"}
	monthFirst = []string{"american", "M/D/YY", "M/D/YY H:mm", "M/D/YY h:mm A", "M-D-YY"}
	yearFirst  = []string{"iso", "YYYY/MM/DD", "YYYY/MM/DD HH:mm", "YYYY/MM/DD HH:mm:ss", "YYYY.MM.DD", "YYYYMMDD", "unix", "unix-ms", "excel"}
)

// numberForm is a way to write numbers; both separators empty is the plain one.
type numberForm struct{ decimal, thousands string }

var numberForms = []numberForm{{"", ""}, {",", ""}, {"", ","}, {",", "."}, {",", " "}, {"", "'"}, {"", "’"}, {"", " "}, {",", "'"}}

func (f numberForm) name() string { return "number" + f.decimal + "_" + f.thousands }

// trials are all forms; a profile counts the cells of each.
var trials = allTrials()

func allTrials() (all [37]trial) {
	n := 0
	add := func(t trial) {
		all[n] = t
		n++
	}
	for _, list := range [][]string{dayFirst, monthFirst, yearFirst} {
		for _, format := range list {
			add(trial{format, true, 40, func(text string) bool { return fitsDate(format, text) }})
		}
	}
	for _, f := range numberForms {
		add(trial{f.name(), true, 40, func(text string) bool { return fitsNumber(f, text) }})
	}
	add(trial{"email", false, 254, isEmail})
	add(trial{"domain", false, 2000, isDomain})
	add(trial{"phone", true, 40, func(text string) bool { return isPhone(text, "") }})
	add(trial{"uuid", true, 36, isUUID})
	return all
}

// dateReaders are the compiled formats of the trials.
var dateReaders = func() map[string]dateReader {
	m := map[string]dateReader{}
	for _, list := range [][]string{dayFirst, monthFirst, yearFirst} {
		for _, format := range list {
			m[format], _ = dateFormat(format) // nil for iso
		}
	}
	return m
}()

// fitsDate says whether a text is a date of a format. Numbers are dates only in the range that makes sense: days since 1900 from 1954 to 2064,
// seconds from 2001 to 2033.
func fitsDate(format, text string) bool {
	var m moment
	switch format {
	case "iso":
		_, ok := readISO(text, &m)
		return ok && len(text) > 4 && m.check(text) == nil
	case "excel":
		return text >= "20000" && text < "60000" && (len(text) == 5 || len(text) > 5 && text[5] == '.') && dateReaders[format](text, &m) == nil
	case "unix":
		return len(text) == 10 && text[0] == '1' && digitsOnly(text)
	case "unix-ms":
		return len(text) == 13 && text[0] == '1' && digitsOnly(text)
	case "YYYYMMDD":
		return len(text) == 8 && text >= "19000101" && text < "21000101" && dateReaders[format](text, &m) == nil
	}
	return dateReaders[format](text, &m) == nil
}

func fitsNumber(f numberForm, text string) bool {
	s := source{attr: &attio.Attribute{Type: attio.TypeNumber}, codec: codecs[attio.TypeNumber], decimal: ".", thousands: f.thousands}
	if f.decimal != "" {
		s.decimal = f.decimal
	}
	var v Value
	text = stripCurrency(text)
	return text != "" && parseNumber(&s, TextCell, text, &v) == nil
}

func isEmail(text string) bool {
	var v Value
	return strings.IndexByte(text, '@') > 0 && parseEmail(&source{}, TextCell, text, &v) == nil
}

func isDomain(text string) bool {
	var v Value
	return strings.IndexByte(text, '.') > 0 && parseDomain(&source{}, TextCell, text, &v) == nil
}

// phoneCountries are those that are tried for numbers without a country, and offered where the numbers are valid there.
var phoneCountries = []string{"US", "GB", "DE", "FR", "ES", "IT", "NL", "SE", "NO", "DK", "PL", "CH", "AT", "BE", "IE", "PT", "AU", "IN", "JP", "BR", "MX", "SG"}

// phoneLike says whether a text could be a phone number: digits, and what stands between them.
func phoneLike(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+()-./ ", r) && !isBlank(r):
			return false
		}
	}
	return digits >= 6 && digits <= 15
}

func isPhone(text, country string) bool {
	var v Value
	return phoneLike(text) && parsePhoneIn(&source{}, country, text, &v) == nil
}
