package propose

import (
	"cmp"
	"fmt"
	"slices"
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
	first := func(list []*form) *form {
		if i := slices.IndexFunc(list, func(f *form) bool { return p.fit(f) == all }); i >= 0 {
			return list[i]
		}
		return nil
	}
	year, day, month := first(yearFirst), first(dayFirst), first(monthFirst)
	switch {
	case year == excel && p.native > 0: // the sheet counts days so itself
		st.format(year)
	case year == excel:
		cell := strings.Trim(st.example(excel.fits), `"`)
		st.ask("%s %s of a spreadsheet, such as %s", every(all, "cell"), does(all, "is a day number", "are day numbers"),
			cell)
		st.formats(cell, "excel", "excel1904")
	case year != nil:
		st.format(year)
	case day != nil && strings.HasPrefix(day.format, "DD."):
		st.format(day)
		if p.dayOnly == 0 {
			st.sg.Likely = "dates with dots have the day first"
		}
	case day != nil && month != nil:
		st.order(every(all, "date")+" "+does(all, "fits", "fit")+" both orders", day, month)
	case day != nil || month != nil:
		st.format(cmp.Or(day, month))
	case p.dayOnly > 0 && p.monthOnly > 0:
		st.order(fmt.Sprintf("%s can only be read with the day first, %d only with the month first",
			plural(p.dayOnly, "date"), p.monthOnly), european, american)
	default:
		st.closest()
	}
}

// closest takes the format that most cells fit: the others are slips that a check shows.
func (st *settling) closest() {
	best := st.p.most(dates)
	fit := st.p.fit(best)
	switch {
	case fit == 0 && st.p.native > 0: // the others are slips
	case fit == 0:
		st.ask("no cell is a date, such as %s", st.example(anyCell))
	case (best == european || best == american) && st.p.fit(european) == st.p.fit(american):
		st.order(plural(fit, "date")+" "+does(fit, "fits", "fit")+" both orders", european, american)
	default:
		st.format(best)
	}
}

func (st *settling) format(f *form) {
	if f.format != "iso" {
		st.col.Format = f.format
	}
}

// order asks which part comes first, with what one cell would mean.
func (st *settling) order(why string, day, month *form) {
	cell := ""
	for _, text := range byCount(st.p.values) {
		if !st.p.typed[text] && (european.fits(text) && american.fits(text) || cell == "") {
			cell = text
		}
	}
	st.ask("%s, such as %q", why, cell)
	st.formats(cell, day.format, month.format)
}

// formats offers formats, each with what a cell means by it.
func (st *settling) formats(cell string, names ...string) {
	for _, name := range names {
		means := "refuses " + cell
		f, err := value.ParseFormat(name)
		if day, ok := f.Day(cell); err == nil && ok {
			means = cell + " is " + day.Format("2 January 2006")
		}
		st.answer(means, func(c *mapfile.Column) { c.Format = name })
	}
}

// zone notes how times that name no zone are read.
func (st *settling) zone() {
	if st.attr.Type != attio.TypeTimestamp || st.p.native == st.p.Filled {
		return
	}
	zoned := st.p.among(func(text string) bool {
		return strings.HasSuffix(text, "Z") ||
			len(text) > 6 && strings.LastIndexAny(text, "+-") > len(text)-7 && strings.Contains(text, ":")
	})
	if zoned < st.p.Filled {
		st.note("times without a zone are UTC; add another as timezone: Europe/Berlin")
	}
}
