package mapfile

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// columnKey is a key of a column's entry. A new key is one line of columnKeys, and a field of Column.
type columnKey struct {
	name    string
	field   func(*Column) *string // where its text goes; nil where read and write do the work
	choices []string              // what its text may be; nil for any text
	types   []attio.Type          // the attribute types for which it means something; nil for all
	several bool                  // it means something only for attributes that hold several values
	read    func(*Column, *yaml.Node) *Error
	write   func(*Column) string // the value as it stands behind the key; "{}" or "[]" for none
}

var (
	numbers = []attio.Type{attio.TypeNumber, attio.TypeCurrency, attio.TypeRating}
	dates   = []attio.Type{attio.TypeDate, attio.TypeTimestamp}
	choices = []attio.Type{attio.TypeSelect, attio.TypeStatus, attio.TypeRecordReference}
	places  = []attio.Type{attio.TypePhoneNumber, attio.TypeLocation}
)

// columnKeys are all keys of an entry, in the order in which they are written.
var columnKeys = []columnKey{
	{name: "column", field: func(c *Column) *string { return &c.Column }},
	{name: "attribute", field: func(c *Column) *string { return &c.Attribute }},
	{name: "reference", field: func(c *Column) *string { return &c.Reference }, types: choices[2:]},
	{name: "split", field: func(c *Column) *string { return &c.Split }, several: true},
	{name: "several", field: func(c *Column) *string { return (*string)(&c.Several) }, several: true,
		choices: []string{"add", "replace"}},
	{name: "missing", field: func(c *Column) *string { return (*string)(&c.Missing) }, types: choices,
		choices: []string{"reject", "create", "blank"}},
	{name: "format", field: func(c *Column) *string { return &c.Format }, types: dates},
	{name: "timezone", field: func(c *Column) *string { return &c.Timezone }, types: dates[1:]},
	{name: "decimal", field: func(c *Column) *string { return &c.Decimal }, types: numbers},
	{name: "thousands", field: func(c *Column) *string { return &c.Thousands }, types: numbers},
	{name: "country", field: func(c *Column) *string { return &c.Country }, types: places},
	{name: "country_column", field: func(c *Column) *string { return &c.CountryColumn }, types: places[:1]},
	{name: "values", read: (*Column).readValues, write: (*Column).writeValues},
	{name: "blank", field: func(c *Column) *string { return (*string)(&c.Blank) },
		choices: []string{"skip", "clear", "reject"}},
	{name: "on_error", field: func(c *Column) *string { return (*string)(&c.OnError) },
		choices: []string{"reject", "drop"}},
	{name: "transform", read: (*Column).readTransforms, write: (*Column).writeTransforms},
}

var columnKeyNames = func() (names []string) {
	for _, k := range columnKeys {
		names = append(names, k.name)
	}
	return names
}()

// read reads one entry of `columns`.
func (c *Column) read(n *yaml.Node) *Error {
	f := keys(n, "a column", columnKeyNames, func(key string, at, v *yaml.Node) *Error {
		c.at[key] = placeOf(at)
		k := &columnKeys[slices.Index(columnKeyNames, key)]
		if k.read != nil {
			return k.read(c, v)
		}
		into := k.field(c)
		if f := text(v, key, into); f != nil {
			return f
		}
		switch {
		case k.choices != nil && !slices.Contains(k.choices, *into):
			return bad(v, "%s must be %s, not %q", key, problem.List(k.choices), *into)
		case *into == "":
			return bad(v, "%s is empty", key)
		}
		return nil
	})
	if f != nil {
		return f
	}
	if c.Column == "" || c.Attribute == "" {
		return bad(n, "a column needs `column` and `attribute`")
	}
	return nil
}

// Misfit is a key of a column's entry that means nothing for its attribute.
type Misfit struct{ Key, Text string }

// Misfits are the keys of the entry that mean nothing for an attribute.
func (c *Column) Misfits(a *attio.Attribute) (all []Misfit) {
	e164 := slices.ContainsFunc(c.Transform, func(t Transform) bool { return t.Name == "e164" })
	for _, k := range columnKeys {
		switch {
		case k.field == nil || *k.field(c) == "" || strings.HasPrefix(k.name, "country") && e164:
		case k.types != nil && !slices.Contains(k.types, a.Type):
			all = append(all, Misfit{k.name,
				fmt.Sprintf("%s means nothing for %s, which is of type %s", k.name, a.Slug, a.Type)})
		case k.several && !a.Multi:
			all = append(all, Misfit{k.name, fmt.Sprintf("%s means nothing for %s, which holds one value", k.name, a.Slug)})
		}
	}
	return all
}

// YAML is the entry as it stands in the list of columns.
func (c *Column) YAML() string { return "  - " + strings.Join(c.pairs(), "\n    ") + "\n" }

// Flow is the entry on one line.
func (c *Column) Flow() string { return "{" + strings.Join(c.pairs(), ", ") + "}" }

// pairs are the entry's keys with their values; defaults are left out.
func (c *Column) pairs() (all []string) {
	for _, k := range columnKeys {
		var text string
		if k.write != nil {
			text = k.write(c)
		} else if text = *k.field(c); text != "" {
			text = Quote(text)
		}
		if text != "" && text != "{}" && text != "[]" {
			all = append(all, k.name+": "+text)
		}
	}
	return all
}

func (c *Column) readValues(n *yaml.Node) *Error {
	return keys(n, "values", nil, func(key string, _, v *yaml.Node) *Error {
		s, ok := scalar(v)
		if !ok {
			return bad(v, "values: %q must have a plain value", key)
		}
		c.Values = append(c.Values, Pair{key, s})
		return nil
	})
}

func (c *Column) writeValues() string {
	var pairs []string
	for _, p := range c.Values {
		pairs = append(pairs, Quote(p.Cell)+": "+Quote(p.Value))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func (c *Column) readTransforms(n *yaml.Node) *Error {
	if n.Kind != yaml.SequenceNode {
		return bad(n, "transform must be a list: [trim, lower]")
	}
	for _, one := range n.Content {
		t, f := readTransform(one)
		if f != nil {
			return f
		}
		c.Transform = append(c.Transform, t)
	}
	return nil
}

func (c *Column) writeTransforms() string {
	var all []string
	for _, t := range c.Transform {
		all = append(all, t.String())
	}
	return "[" + strings.Join(all, ", ") + "]"
}
