package mapping

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attio-bulk/attio-bulk/attio"
)

// keyTypes are the types of attribute for which a key of the mapping file means something; of split and several it is several values.
var keyTypes = map[string][]attio.Type{
	"format": {attio.TypeDate, attio.TypeTimestamp}, "timezone": {attio.TypeTimestamp},
	"decimal": {attio.TypeNumber, attio.TypeCurrency, attio.TypeRating}, "thousands": {attio.TypeNumber, attio.TypeCurrency, attio.TypeRating},
	"country": {attio.TypePhoneNumber, attio.TypeLocation}, "missing": {attio.TypeSelect, attio.TypeStatus, attio.TypeRecordReference}, "reference": {attio.TypeRecordReference},
}

// source compiles how the cells of a column are read. a is nil for the record_id.
func (b *binder) source(c *Column, a *attio.Attribute, col int) *source {
	s := &source{plan: b.plan, attr: a, column: col, header: c.Column, part: -1, clear: c.Blank == "clear", refuse: c.Blank == "reject", drop: c.OnError == "drop",
		decimal: ".", missing: MissingReject, made: b.plan.Mode == Create}
	if col >= 0 && col < len(b.in.Columns) {
		s.header = b.in.Columns[col]
	}
	if a != nil {
		s.codec = codecs[a.Type]
		b.fitting(c, a)
		b.typed(c, a, s)
	}
	for _, t := range c.Transform {
		b.transform(c, t, s)
	}
	if len(c.Values) > 0 {
		s.values = make(map[string]string, len(c.Values))
		for _, p := range c.Values {
			s.values[trim(p.Cell)] = p.Value
			b.checkValue(c, p, s)
		}
	}
	return s
}

// fitting reports keys that mean nothing for the attribute's type.
func (b *binder) fitting(c *Column, a *attio.Attribute) {
	for _, key := range columnKeys {
		if keyTypes[key] == nil || *c.text(key) == "" {
			continue
		}
		if key == "country" && slices.ContainsFunc(c.Transform, func(t Transform) bool { return t.Name == "e164" }) {
			continue
		}
		if !slices.Contains(keyTypes[key], a.Type) {
			b.problem(b.at(c, key), fmt.Sprintf("%s means nothing for %s, which is of type %s", key, a.Slug, a.Type))
		}
	}
	for _, key := range []string{"split", "several"} {
		if *c.text(key) != "" && !a.Multi {
			b.problem(b.at(c, key), fmt.Sprintf("%s means nothing for %s, which holds one value", key, a.Slug))
		}
	}
}

// typed compiles the keys that belong to types.
func (b *binder) typed(c *Column, a *attio.Attribute, s *source) {
	if a.Multi {
		switch c.Split {
		case "":
			s.split, s.guessed = ";", true
		case "none":
		default:
			s.split = c.Split
		}
	}
	if c.Missing != "" {
		s.missing = c.Missing
	}
	var err error
	if s.date, err = dateFormat(c.Format); err != nil {
		b.problem(b.at(c, "format"), fmt.Sprintf("format %q: %s", c.Format, err), "    format: DD/MM/YYYY")
	}
	if c.Timezone != "" {
		if s.zone, err = time.LoadLocation(c.Timezone); err != nil || c.Timezone == "Local" {
			b.problem(b.at(c, "timezone"), fmt.Sprintf("there is no time zone %q", c.Timezone), "    timezone: Europe/Berlin")
		}
	}
	b.separators(c, s)
	if c.Country != "" {
		if s.country = strings.ToUpper(c.Country); !countryCodes[s.country] {
			b.problem(b.at(c, "country"), fmt.Sprintf("%q is not the two-letter code of a country", c.Country), "    country: GB")
		}
	}
	switch a.Type {
	case attio.TypeSelect, attio.TypeStatus:
		s.options = b.optionsOf(a)
	case attio.TypeActorReference:
		if b.members == nil {
			b.members = newMemberTable(b.schema.Members)
		}
		s.members = b.members
	case attio.TypeRecordReference:
		s.target = b.target(c, a, s)
	}
}

func (b *binder) separators(c *Column, s *source) {
	if c.Decimal != "" {
		s.decimal = c.Decimal
	}
	s.thousands = c.Thousands
	for _, key := range []string{"decimal", "thousands"} {
		v := *c.text(key)
		if utf8.RuneCountInString(v) > 1 || v != "" && strings.ContainsAny(v, "0123456789+-") {
			b.problem(b.at(c, key), fmt.Sprintf("%s must be one character, not %q", key, v))
		}
	}
	if s.thousands == s.decimal {
		b.problem(b.at(c, "thousands"), fmt.Sprintf("decimal and thousands are both %q", s.decimal), `    decimal: ","`)
	}
}

func (b *binder) optionsOf(a *attio.Attribute) *optionTable {
	if b.options == nil {
		b.options = map[*attio.Attribute]*optionTable{}
	}
	if b.options[a] == nil {
		b.options[a] = newOptionTable(a.Options)
	}
	return b.options[a]
}

func (b *binder) transform(c *Column, t Transform, s *source) {
	var columns []int
	for _, name := range t.Columns {
		if i := b.find(b.at(c, "transform"), name); i >= 0 {
			columns = append(columns, i)
			b.used[i] = true
		}
	}
	step, err := t.compile(columns)
	if err != nil {
		b.problem(b.at(c, "transform"), err.Error())
		return
	}
	s.steps = append(s.steps, step)
}

// checkValue reports a line of a value table that leads to an option that does not exist.
func (b *binder) checkValue(c *Column, p Pair, s *source) {
	if s.options == nil || p.Value == "" || len(s.steps) > 0 || s.missing == MissingCreate {
		return
	}
	pieces := []piece{{text: trim(p.Value)}}
	if s.split != "" {
		pieces = split(nil, p.Value, s.split)
	}
	for _, one := range pieces {
		o, twice := s.options.find(one.text)
		if o != nil && !twice && !(o.Archived && s.made) {
			continue
		}
		text := fmt.Sprintf("values: %s has no %s %q", s.attr.Slug, optionWord(s.attr), one.text)
		if o != nil {
			text = fmt.Sprintf("values: the %s %q is archived", optionWord(s.attr), o.Title)
		}
		var hint []string
		if near := nearest(one.text, s.options.titles); len(near) > 0 {
			text += theNearest(near)
			hint = []string{fmt.Sprintf("    values: {%s: %s}", quoteYAML(p.Cell), quoteYAML(near[0]))}
		}
		b.problem(b.at(c, "values"), text, hint...)
	}
}
