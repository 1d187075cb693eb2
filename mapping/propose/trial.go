package propose

import (
	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// trial is a form that a cell may have.
type trial struct {
	name    string
	digits  bool // only cells with a digit can have it
	longest int
	fits    func(string) bool
}

// The forms of dates that a mapping can name, by which part comes first. Those before the families say more exactly
// what the column holds.
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
	add(trial{"email", false, 254, value.IsEmail})
	add(trial{"domain", false, 2000, value.IsDomain})
	add(trial{"phone", true, 40, func(text string) bool { return value.IsPhone(text, "") }})
	add(trial{"uuid", true, 36, value.IsUUID})
	return all
}

// dateFormats are the compiled formats of the trials.
var dateFormats = func() map[string]value.DateFormat {
	m := map[string]value.DateFormat{}
	for _, list := range [][]string{dayFirst, monthFirst, yearFirst} {
		for _, format := range list {
			m[format], _ = value.ParseFormat(format) // nil for iso
		}
	}
	return m
}()

// fitsDate says whether a text is a date of a format. Numbers are dates only in the range that makes sense: days
// since 1900 from 1954 to 2064, seconds from 2001 to 2033.
func fitsDate(format, text string) bool {
	switch format {
	case "iso":
		if len(text) <= 4 {
			return false
		}
	case "excel":
		if text < "20000" || text >= "60000" || len(text) < 5 || len(text) > 5 && text[5] != '.' {
			return false
		}
	case "unix":
		return len(text) == 10 && text[0] == '1' && value.IsDigits(text)
	case "unix-ms":
		return len(text) == 13 && text[0] == '1' && value.IsDigits(text)
	case "YYYYMMDD":
		if len(text) != 8 || text < "19000101" || text >= "21000101" {
			return false
		}
	}
	_, ok := dateFormats[format].Day(text)
	return ok
}

func fitsNumber(f numberForm, text string) bool {
	s := value.Reader{Attr: &attio.Attribute{Type: attio.TypeNumber}, Decimal: f.decimal, Thousands: f.thousands}
	var v value.Value
	text = value.StripCurrency(text)
	return text != "" && s.Read(value.TextCell, text, &v) == nil
}

// phoneCountries are those that are tried for numbers without a country, and offered where the numbers are valid there.
var phoneCountries = []string{"US", "GB", "DE", "FR", "ES", "IT", "NL", "SE", "NO", "DK", "PL", "CH", "AT", "BE", "IE", "PT", "AU", "IN", "JP", "BR", "MX", "SG"}
