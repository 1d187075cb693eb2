package propose

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// dates decides the format over the whole column: one that all cells fit. Where the day and the month could change
// places in every cell, or some cells fit one order and some the other, it asks.
func (st *settling) dates() {
	st.zone()
	p := st.p
	all := p.Filled - p.native
	if all == 0 {
		return
	}
	first := func(list []string) string {
		for _, f := range list {
			if p.fit(f) == all {
				return f
			}
		}
		return ""
	}
	year, day, month := first(yearFirst), first(dayFirst), first(monthFirst)
	switch {
	case year == "excel":
		st.serials()
	case year != "":
		st.format(year)
	case strings.HasPrefix(day, "DD."):
		st.format(day)
		if p.dayOnly == 0 {
			st.sg.Likely = "dates with dots have the day first"
		}
	case day != "" && month != "":
		st.order(every(all, "date")+" "+does(all, "fits", "fit")+" both orders", day, month)
	case day != "":
		st.format(day)
	case month != "":
		st.format(month)
	case p.dayOnly > 0 && p.monthOnly > 0:
		st.order(fmt.Sprintf("%s can only be read with the day first, %d only with the month first", plural(p.dayOnly, "date"), p.monthOnly), "european", "american")
	default:
		st.closest()
	}
}

// closest takes the format that most cells fit: the others are slips that a check shows.
func (st *settling) closest() {
	best := ""
	for _, list := range [][]string{yearFirst, dayFirst, monthFirst} {
		for _, f := range list {
			if best == "" || st.p.fit(f) > st.p.fit(best) {
				best = f
			}
		}
	}
	fit := st.p.fit(best)
	switch other := map[string]string{"european": "american", "american": "european"}[best]; {
	case fit == 0:
		st.ask("no cell is a date, such as %s", st.example(func(string) bool { return true }))
		return
	case other != "" && st.p.fit(other) == fit:
		st.order(plural(fit, "date")+" "+does(fit, "fits", "fit")+" both orders", "european", "american")
		return
	}
	st.format(best)
	st.misfits(fit+st.p.native, "dates of this format")
}

func (st *settling) format(f string) {
	if f != "iso" {
		st.col.Format = f
	}
}

// order asks which part comes first, with what one cell would mean.
func (st *settling) order(why, day, month string) {
	cell := ""
	for _, v := range st.p.different() {
		if fitsDate("european", v.text) && fitsDate("american", v.text) || cell == "" {
			cell = v.text
		}
	}
	st.ask("%s, such as %q", why, cell)
	for _, f := range []string{day, month} {
		st.answer(st.reads(f, cell), func(c *mapfile.Column) { c.Format = f })
	}
}

// serials asks from which year a spreadsheet's numbers count.
func (st *settling) serials() {
	cell := st.p.samples[0].text
	n := st.p.fit("excel")
	st.ask("%s %s of a spreadsheet, such as %s", every(n, "cell"), does(n, "is a day number", "are day numbers"), cell)
	for _, f := range []string{"excel", "excel1904"} {
		st.answer(st.reads(f, cell), func(c *mapfile.Column) { c.Format = f })
	}
}

// reads says what a cell means by a format.
func (st *settling) reads(format, cell string) string {
	f, err := value.ParseFormat(format)
	day, ok := f.Day(cell)
	if err != nil || !ok {
		return "refuses " + cell
	}
	return cell + " is " + day.Format("2 January 2006")
}

// zone notes how times that name no zone are read.
func (st *settling) zone() {
	if st.attr.Type != attio.TypeTimestamp || st.p.native == st.p.Filled {
		return
	}
	zoned := st.p.among(func(text string) bool {
		return strings.HasSuffix(text, "Z") || len(text) > 6 && strings.LastIndexAny(text, "+-") > len(text)-7 && strings.Contains(text, ":")
	})
	if zoned < st.p.Filled {
		st.note("times without a zone are UTC; add another as timezone: Europe/Berlin")
	}
}

// numbers decides the separators over the whole column.
func (st *settling) numbers() {
	p := st.p
	if p.symbols > 0 {
		st.col.Transform = append(st.col.Transform, mapfile.Transform{Name: "strip-currency"})
		st.note("a currency stands beside %d of %d amounts, such as %s", p.symbols, p.Filled, st.example(func(text string) bool { return value.StripCurrency(text) != text }))
	}
	plain := p.fit(numberForms[0].name())
	if p.points == 0 {
		st.misfits(plain, "numbers")
		return
	}
	most := plain
	for _, f := range numberForms {
		most = max(most, p.fit(f.name()))
	}
	var fit []numberForm
	for _, f := range numberForms {
		if p.fit(f.name()) == most && !st.covered(fit, f) {
			fit = append(fit, f)
		}
	}
	if most == 0 || len(fit) == 0 {
		st.misfits(0, "numbers")
		return
	}
	if len(fit) > 1 {
		cell := st.example(func(text string) bool { return strings.ContainsAny(text, ".,'’") })
		st.ask("the separator can be read in %d ways, such as %s", len(fit), cell)
		for _, f := range fit {
			st.answer(fmt.Sprintf("%s is %s", cell, st.means(f, cell)), func(c *mapfile.Column) { c.Decimal, c.Thousands = f.decimal, f.thousands })
		}
		return
	}
	st.col.Decimal, st.col.Thousands = fit[0].decimal, fit[0].thousands
	if most < p.Filled {
		st.misfits(most, "numbers of this form")
	}
}

// covered says whether a form reads no cell otherwise than a simpler one that fits as well.
func (st *settling) covered(fit []numberForm, f numberForm) bool {
	for _, simple := range fit {
		same := true
		for text := range st.p.values {
			if a, b := numberOf(simple, text), numberOf(f, text); a != b {
				same = false
			}
		}
		if same {
			return true
		}
	}
	return false
}

func (st *settling) means(f numberForm, quoted string) string {
	return numberOf(f, strings.Trim(quoted, `"`))
}

// numberOf is the number that a text is by a form; "" where it is none.
func numberOf(f numberForm, text string) string {
	s := value.Reader{Attr: &attio.Attribute{Type: attio.TypeNumber}, Decimal: f.decimal, Thousands: f.thousands}
	var v value.Value
	if text = value.StripCurrency(text); text == "" || s.Read(value.TextCell, text, &v) != nil {
		return ""
	}
	return v.Text
}
