package mapping

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// source compiles how the cells of a column are read. a is nil for the record_id.
func (b *binder) source(c *mapfile.Column, a *attio.Attribute, col int) *column {
	s := &column{
		Reader: value.Reader{Attr: a, Decimal: c.Decimal, Thousands: c.Thousands, Split: c.Split, Missing: c.Missing,
			New: b.plan.Mode == Create},
		plan: b.plan, index: col, header: c.Column, fills: c.Attribute, part: -1, there: -1, blank: c.Blank,
		drop: c.OnError == mapfile.DropValue,
	}
	if col >= 0 && col < len(b.in.Columns) {
		s.header = b.in.Columns[col]
	}
	if at, members := b.nested(c.Column); at >= 0 && at == col && b.in.Columns[col] != c.Column {
		s.header, s.inside = c.Column, members
	}
	if a != nil {
		for _, m := range c.Misfits(a) {
			b.problem(b.at(c, m.Key), m.Text)
		}
		b.typed(c, a, s)
	}
	for _, t := range c.Transform {
		b.transform(c, t, s)
	}
	if len(c.Values) > 0 {
		s.values = make(map[string]string, len(c.Values))
		for _, p := range c.Values {
			s.values[value.Trim(p.Cell)] = p.Value
			b.checkValue(c, p, s)
		}
	}
	return s
}

// typed compiles the keys that belong to types.
func (b *binder) typed(c *mapfile.Column, a *attio.Attribute, s *column) {
	if a.Multi && c.Split != "none" {
		s.split = cmp.Or(c.Split, ";")
	}
	var err error
	if s.Format, err = value.ParseFormat(c.Format); err != nil {
		b.problem(b.at(c, "format"), fmt.Sprintf("format %q: %s", c.Format, err))
	}
	if c.Timezone != "" {
		if s.Zone, err = time.LoadLocation(c.Timezone); err != nil || c.Timezone == "Local" {
			b.problem(b.at(c, "timezone"), fmt.Sprintf("there is no time zone %q", c.Timezone))
		}
	}
	b.separators(c, s)
	b.countries(c, a, s)
	switch a.Type {
	case attio.TypeSelect, attio.TypeStatus:
		s.Options = value.NewOptions(a.Options)
	case attio.TypeActorReference:
		s.Members = value.NewMembers(b.schema.Members)
	case attio.TypeRecordReference:
		s.Target = b.target(c, a, s)
	}
}

// countries compiles which country is meant where a number or a place names none.
func (b *binder) countries(c *mapfile.Column, a *attio.Attribute, s *column) {
	if c.Country != "" {
		if s.Country = strings.ToUpper(c.Country); !value.IsCountryCode(s.Country) {
			var hint []string
			if code := value.Country(c.Country); code != "" {
				hint = entryLines(c, "    country: "+code)
			}
			b.problem(b.at(c, "country"), fmt.Sprintf("%q is not the two-letter code of a country", c.Country), hint...)
		}
	}
	if c.CountryColumn != "" {
		if s.there = b.find(b.at(c, "country_column"), c.CountryColumn); s.there >= 0 {
			b.beside[s.there] = true
		}
	} else if a.Type == attio.TypePhoneNumber {
		s.Countries = b.countryHeader()
	}
}

// countryHeader is the header of the one column that seems to hold countries: it fills the country of a location, or
// is called so; "" where there is none or several.
func (b *binder) countryHeader() string {
	var found []string
	for i := range b.file.Columns {
		if c := &b.file.Columns[i]; strings.HasSuffix(c.Attribute, ".country_code") {
			found = append(found, c.Column)
		}
	}
	if found == nil {
		for _, header := range b.in.Columns {
			if countryHeaders[problem.Plain(header)] {
				found = append(found, header)
			}
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// countryHeaders are what a column of countries is called, as problem.Plain writes it.
var countryHeaders = map[string]bool{"country": true, "countrycode": true, "countryregion": true, "land": true,
	"pays": true, "país": true, "paese": true, "mailingcountry": true, "billingcountry": true}

func (b *binder) separators(c *mapfile.Column, s *column) {
	for _, sep := range [][2]string{{"decimal", c.Decimal}, {"thousands", c.Thousands}} {
		key, v := sep[0], sep[1]
		if utf8.RuneCountInString(v) > 1 || v != "" && strings.ContainsAny(v, "0123456789+-") {
			b.problem(b.at(c, key), fmt.Sprintf("%s must be one character, not %q", key, v))
		}
	}
	if s.Thousands == s.Point() {
		b.problem(b.at(c, "thousands"), fmt.Sprintf("decimal and thousands are both %q", s.Point()), `    decimal: ","`)
	}
}

func (b *binder) transform(c *mapfile.Column, t mapfile.Transform, s *column) {
	var columns []int
	for _, name := range t.Columns {
		if i := b.find(b.at(c, "transform"), name); i >= 0 {
			columns = append(columns, i)
			b.used[i] = true
		}
	}
	step, err := compile(t, columns)
	if err != nil {
		b.problem(b.at(c, "transform"), err.Error())
		return
	}
	s.steps = append(s.steps, step)
}

// checkValue reports a line of a value table that leads to an option that does not exist.
func (b *binder) checkValue(c *mapfile.Column, p mapfile.Pair, s *column) {
	if s.Options == nil || p.Value == "" || len(s.steps) > 0 || s.Missing == value.MissingCreate {
		return
	}
	pieces := []value.Piece{{Text: value.Trim(p.Value)}}
	if s.split != "" {
		pieces = value.Split(nil, p.Value, s.split)
	}
	for _, one := range pieces {
		o, _ := s.Options.Find(one.Text)
		if o != nil && !(o.Archived && s.New) {
			continue
		}
		text := fmt.Sprintf("values: %s has no %s %q", s.Attr.Slug, value.OptionWord(s.Attr), one.Text)
		if o != nil {
			text = fmt.Sprintf("values: the %s %q is archived", value.OptionWord(s.Attr), o.Title)
		}
		titles := s.Options.Nearest(one.Text)
		end, near := problem.Listing("; the nearest is ", "; the nearest are ", titles), ""
		if len(titles) > 0 {
			near = titles[0]
		}
		var hint []string
		if near != "" {
			hint = entryLines(c, fmt.Sprintf("    values: {%s: %s}", mapfile.Quote(p.Cell), mapfile.Quote(near)))
		}
		b.problem(b.at(c, "values"), text+end, hint...)
	}
}
