package propose

import (
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// maxMembers bounds the members of the objects in a column's arrays: more are data written as keys.
const maxMembers = 50

// list takes the elements of a JSON array into account: plain ones as cells of elements, the members of objects as
// cells of members. It reports whether there are any; an object that is no element has none.
func (p *Profile) list(c *mapping.Cell) bool {
	found := strings.HasPrefix(c.Text, "{")
	for element := range rawjson.Elements([]byte(c.Text)) {
		found = true
		if element[0] == '{' {
			p.object("", element, c.Line)
			continue
		}
		if p.elements == nil {
			p.elements = NewProfile(p.Header)
		}
		p.elements.Add(jsonCell(element, c.Line))
	}
	return found
}

// object takes the members of an object that stands in an array into account.
func (p *Profile) object(prefix string, object []byte, line int32) {
	for name, raw := range rawjson.Members(object) {
		if name = prefix + name; raw[0] == '{' {
			p.object(name+".", raw, line)
			continue
		}
		i := slices.IndexFunc(p.members, func(m *Profile) bool { return m.Header == name })
		if i < 0 {
			if len(p.members) == maxMembers {
				continue
			}
			i = len(p.members)
			p.members = append(p.members, NewProfile(strings.Clone(name)))
		}
		p.members[i].Add(jsonCell(raw, line))
	}
}

// jsonCell is a JSON value that is no object as a cell.
func jsonCell(raw []byte, line int32) *mapping.Cell {
	c := &mapping.Cell{Text: string(raw), Kind: value.NumberCell, Line: line}
	switch raw[0] {
	case '"':
		c.Kind = value.TextCell
		c.Text, _ = rawjson.Unquote(raw)
	case '[', '{':
		c.Kind = value.JSONCell
	case 'n':
		c.Kind, c.Text = value.NullCell, ""
	case 't', 'f':
		c.Kind = value.BoolCell
	}
	return c
}

// expand are the columns that a mapping can name in place of one: its members' addresses, such as phones[].number,
// where it holds arrays of objects.
func expand(header string, p *Profile) (all []*Suggestion) {
	if len(p.members) == 0 {
		return []*Suggestion{{Header: header, profile: p}}
	}
	for _, m := range p.members {
		for _, s := range expand(header+"[]."+m.Header, m) {
			s.profile.head, s.inside = p.head, true
			all = append(all, s)
		}
	}
	return all
}
