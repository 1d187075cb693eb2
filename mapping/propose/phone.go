package propose

import (
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// countryColumn is the column that holds the rows' countries: one that fills a place's country, else one that is called
// so; the fullest of several. nil: there is none.
func countryColumn(columns []*Suggestion) (found *Suggestion) {
	var best int
	for _, sg := range columns {
		p := sg.profile
		named := sg.guess.Part == "country_code" || slices.Contains(meanings()[problem.Plain(sg.Header)],
			"#location.country_code")
		known := p.among(func(text string) bool { return value.Country(text) != "" })
		if named && !sg.inside && p.lists == 0 && known*10 >= p.Filled*8 && known > best {
			found, best = sg, known
		}
	}
	return found
}

// phones decides of which country numbers are that name none: the row's own, where a column says it, else it asks.
func (st *settling) phones() {
	st.several(phones)
	local, valid := 0, map[string]int{}
	for _, p := range append([]*Profile{st.p}, st.sg.guess.joined...) {
		local += p.local
		for c, n := range p.plans {
			valid[c] += n
		}
	}
	if local == 0 || st.sg.Ask != "" {
		return
	}
	if st.finder.country != nil && !st.sg.inside {
		st.rowCountry()
		return
	}
	st.ask("%s without a country, such as %s", plural(local, "number"), st.example(isLocal))
	countries := slices.Clone(phoneCountries)
	slices.SortStableFunc(countries, func(a, b string) int { return valid[b] - valid[a] })
	for _, c := range countries[:4] {
		if n := valid[c]; n > 0 && n*2 >= valid[countries[0]] {
			st.answer(fmt.Sprintf("valid there: %d of %d", n, local), func(col *mapfile.Column) { col.Country = c })
		}
	}
	if valid[countries[0]] == 0 {
		st.answer("leaves those without a country out", func(col *mapfile.Column) { col.OnError = mapfile.DropValue })
	}
}

// rowCountry reads numbers by the country of their row. Rows whose country is blank, and numbers that are not valid
// there, are left to be seen.
func (st *settling) rowCountry() {
	country := st.finder.country
	st.col.CountryColumn = country.Header
	out := st.finder.try(st.col, st.sg.profile)
	if out == nil || out.refused*2 < out.cells {
		st.note("numbers without a country are of the country in %q", country.Header)
		return
	}
	st.ask("%d of the first %s are not valid in the country that %q names: %s", out.refused, plural(out.cells, "number"),
		country.Header, out.worst().message)
	if out.refused < out.cells {
		st.answer("leaves those out", func(c *mapfile.Column) { c.OnError = mapfile.DropValue })
		st.answer("", func(*mapfile.Column) {})
	}
}
