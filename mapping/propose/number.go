package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// numbers decides the separators over the whole column.
func (st *settling) numbers() {
	p := st.p
	if st.otherCurrency() {
		return
	}
	if p.symbols > 0 {
		st.transform(mapfile.Transform{Name: "strip-currency"})
		st.note("a currency stands beside %d of %d amounts, such as %s", p.symbols, p.Filled,
			st.example(func(text string) bool { return value.StripCurrency(text) != text }))
	}
	most := p.fit(p.most(numbers))
	if p.points == 0 || most == 0 {
		return
	}
	var fit []*form
	for _, f := range numbers {
		if p.fit(f) == most && !st.covered(fit, f) {
			fit = append(fit, f)
		}
	}
	if len(fit) > 1 {
		cell := st.example(func(text string) bool {
			return !p.typed[text] && strings.ContainsAny(text, ".,'’") &&
				most > 0 && fit[0].number(text) != ""
		})
		st.ask("the separator can be read in %d ways, such as %s", len(fit), cell)
		for _, f := range fit {
			st.answer(fmt.Sprintf("%s is %s", cell, f.number(strings.Trim(cell, `"`))), f.separate)
		}
		return
	}
	fit[0].separate(&st.col)
}

// otherCurrency asks about amounts of which some are in another currency than the attribute's, or where a number is to
// keep amounts of several currencies: without the mark beside it, an amount would be another.
func (st *settling) otherCurrency() bool {
	marks := map[string]int{}
	for text, n := range st.p.values {
		if mark := currencyMark(text); mark != "" {
			marks[mark] += n
		}
	}
	code := st.attr.CurrencyCode
	other := st.p.among(func(text string) bool { return value.OtherCurrency(text, code) != "" })
	strip := mapfile.Transform{Name: "strip-currency"}
	switch {
	case code != "" && other > 0:
		st.ask("%s is in %s, and %d of %s are not: %s", st.attr.Slug, code, other, plural(st.p.Filled, "amount"),
			strings.Join(frequent(marks, 5), ", "))
		if other < st.p.Filled {
			st.transform(strip)
			st.separators()
			st.answer(fmt.Sprintf("leaves those %d out", other), func(c *mapfile.Column) { c.OnError = mapfile.DropValue })
			st.answer("", func(*mapfile.Column) {})
		}
	case code == "" && len(marks) > 1 && !oneCurrency(marks):
		st.ask("the amounts are in several currencies, and %s keeps none: %s", st.attr.Slug,
			strings.Join(frequent(marks, 5), ", "))
		st.transform(strip)
		st.separators()
		st.answer("the numbers alone", func(*mapfile.Column) {})
	default:
		return false
	}
	return true
}

// oneCurrency reports whether all marks may be of one currency, as $ and USD are.
func oneCurrency(marks map[string]int) bool {
	codes := append([]string{"USD", "EUR", "GBP", "JPY"}, byCount(marks)...)
	return slices.ContainsFunc(codes, func(code string) bool {
		for mark := range marks {
			if value.OtherCurrency(mark, strings.ToUpper(code)) != "" {
				return false
			}
		}
		return true
	})
}

// currencyMark is the symbol or code of a currency beside an amount; "" for none.
func currencyMark(text string) string {
	plain := value.StripCurrency(text)
	if plain == text {
		return ""
	}
	before, after, found := strings.Cut(text, plain)
	if !found || plain == "" {
		return ""
	}
	return value.Trim(before + after)
}

// separators takes the separators that most cells have, where nothing has to be asked about them.
func (st *settling) separators() {
	if st.p.points > 0 {
		st.p.most(numbers).separate(&st.col)
	}
}

// separate gives an entry the separators of a number's form.
func (f *form) separate(c *mapfile.Column) { c.Decimal, c.Thousands = f.decimal, f.thousands }

// covered reports whether a form reads no cell otherwise than a simpler one that fits as well.
func (st *settling) covered(fit []*form, f *form) bool {
	return slices.ContainsFunc(fit, func(simple *form) bool {
		for text := range st.p.values {
			if !st.p.typed[text] && simple.number(text) != f.number(text) {
				return false
			}
		}
		return true
	})
}
