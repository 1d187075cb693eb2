package propose

import (
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// form is a way in which a cell may be written. A profile counts the cells of each.
type form struct {
	format             string // of a date, as a mapping names it
	decimal, thousands string // the separators of a number
	digits             bool   // only cells with a digit can have it
	separated          bool   // a cell that is a number of its own has no such form
	longest            int    // bytes
	fits               func(text string) bool
	place              int // in forms
}

var forms []*form

func newForm(f *form) *form {
	f.place = len(forms)
	forms = append(forms, f)
	return f
}

// The forms. Those of dates stand by which part comes first; those before the families (iso, european, american) say
// more exactly what the column holds. The first of numbers is the plain one.
var (
	emails  = newForm(&form{longest: 254, fits: value.IsEmail})
	domains = newForm(&form{longest: 2000, fits: value.IsDomain})
	phones  = newForm(&form{longest: 40, digits: true, fits: func(text string) bool { return value.IsPhone(text, "") }})
	ids     = newForm(&form{longest: 36, digits: true, fits: value.IsUUID})

	yearMonthDay = dateForms("YYYY-M-D")[0]

	european = dateForms("european")[0]
	american = dateForms("american")[0]
	excel    = dateForms("excel")[0]

	dayFirst = slices.Concat(dateForms("DD.MM.YYYY", "DD.MM.YYYY HH:mm", "DD.MM.YYYY HH:mm:ss"), []*form{european},
		dateForms("D.M.YY", "DD.MM.YY HH:mm", "D/M/YY", "D/M/YY H:mm", "D-M-YY", "D-MMM-YY"))
	monthFirst = append([]*form{american}, dateForms("M/D/YY", "M/D/YY H:mm", "M/D/YY h:mm A", "M-D-YY")...)
	yearFirst  = append(dateForms("iso", "YYYY/MM/DD", "YYYY/MM/DD HH:mm", "YYYY/MM/DD HH:mm:ss", "YYYY.MM.DD", "YYYYMMDD",
		"unix", "unix-ms"), excel)
	dates = slices.Concat(yearFirst, dayFirst, monthFirst)

	numbers = numberForms([][2]string{{"", ""}, {",", ""}, {"", ","}, {",", "."}, {",", " "}, {"", "'"}, {"", "’"},
		{"", " "}, {",", "'"}})
)

func dateForms(formats ...string) (all []*form) {
	for _, name := range formats {
		format, _ := value.ParseFormat(name) // nil for iso
		all = append(all, newForm(&form{format: name, longest: 40, digits: true, fits: func(text string) bool {
			if !sensible(name, text) {
				return false
			}
			_, ok := format.Day(text)
			return ok
		}}))
	}
	return all
}

// sensible reports whether a number is probably meant as a date: days since 1900 from 1954 to 2064, seconds from 2001
// to 2033.
func sensible(format, text string) bool {
	switch format {
	case "iso":
		return len(text) > 4
	case "excel":
		return text >= "20000" && text < "60000" && len(text) >= 5 && (len(text) == 5 || text[5] == '.')
	case "unix", "unix-ms":
		return len(text) == map[string]int{"unix": 10, "unix-ms": 13}[format] && text[0] == '1' && value.IsDigits(text)
	case "YYYYMMDD":
		return len(text) == 8 && text >= "19000101" && text < "21000101"
	}
	return true
}

func numberForms(separators [][2]string) (all []*form) {
	for _, s := range separators {
		f := newForm(&form{decimal: s[0], thousands: s[1], longest: 40, digits: true, separated: true})
		f.fits = func(text string) bool { return f.number(text) != "" }
		all = append(all, f)
	}
	return all
}

var numberAttribute = &attio.Attribute{Type: attio.TypeNumber}

// number is the number that a text is by a form; "" where it is none.
func (f *form) number(text string) string {
	r := value.Reader{Attr: numberAttribute, Decimal: f.decimal, Thousands: f.thousands}
	var v value.Value
	if text = value.StripCurrency(text); text == "" || r.Read(value.TextCell, text, &v) != nil {
		return ""
	}
	return v.Text
}

// phoneCountries are those that are tried for numbers without a country, and offered where the numbers are valid there.
var phoneCountries = []string{"US", "GB", "DE", "FR", "ES", "IT", "NL", "SE", "NO", "DK", "PL", "CH", "AT", "BE", "IE",
	"PT", "AU", "IN", "JP", "BR", "MX", "SG"}
