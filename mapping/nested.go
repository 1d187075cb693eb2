package mapping

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// JSON arrays of objects are addressed by what their elements hold: phones[].number is the member number of each
// element of phones, in their order, and offices[].phones[].number that of each element of each. The address stands in
// a mapping file where a header does, under columns and under ignore.

// Nested divides an address such as phones[].number into the column and the members inside of it; nil members for any
// other text.
func Nested(address string) (column string, members []string) {
	pieces := strings.Split(address, "[]")
	for i, one := range pieces[1:] {
		member, ok := strings.CutPrefix(one, ".")
		if !ok || member == "" {
			return address, nil
		}
		pieces[i+1] = member
	}
	if len(pieces) == 1 || pieces[0] == "" {
		return address, nil
	}
	return pieces[0], pieces[1:]
}

// nested is the place of the column that an address leads into, and the members inside of it; -1 for no such column.
func (b *binder) nested(name string) (col int, members []string) {
	column, members := Nested(name)
	if members == nil {
		return -1, nil
	}
	return slices.Index(b.in.Columns, column), members
}

// members reads what the elements of a JSON array hold: one value as a cell of its own, several as an array.
func (s *column) members(row *Row, cell *Cell) (string, value.Kind, *value.Refusal) {
	switch {
	case cell.Kind != value.JSONCell && value.Trim(cell.Text) == "":
		return "", value.NullCell, nil
	case cell.Kind != value.JSONCell, !strings.HasPrefix(cell.Text, "["):
		return cell.Text, cell.Kind, refusal(value.CodeShape, "the cell is not an array of objects", s.Attr)
	}
	switch found := MembersOf(nil, []byte(cell.Text), s.inside); len(found) {
	case 0:
		return "", value.NullCell, nil
	case 1:
		if found[0][0] != '{' && found[0][0] != '[' {
			return s.element(row, found[0])
		}
		fallthrough
	default:
		text := []byte{'['}
		for i, one := range found {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(text, one...)
		}
		return string(append(text, ']')), value.JSONCell, nil
	}
}

// MembersOf appends what the elements of a JSON array hold at an address's members: what is null or not there says
// nothing, and an array at the end stands for its elements.
func MembersOf(dst []json.RawMessage, array []byte, members []string) []json.RawMessage {
	for element := range rawjson.Elements(array) {
		at := memberAt(element, members[0])
		switch {
		case len(at) == 0 || at[0] == 'n':
		case len(members) > 1 && at[0] == '[':
			dst = MembersOf(dst, at, members[1:])
		case len(members) > 1:
		case at[0] == '[':
			dst = slices.AppendSeq(dst, rawjson.Elements(at))
		default:
			dst = append(dst, at)
		}
	}
	return dst
}

// memberAt is the member of an object by its name, or by the names of objects inside of it with dots between; nil for
// none.
func memberAt(object []byte, path string) []byte {
	if len(object) == 0 || object[0] != '{' {
		return nil
	}
	if at := rawjson.Member(object, path); at != nil {
		return at
	}
	name, rest, dotted := strings.Cut(path, ".")
	if !dotted {
		return nil
	}
	return memberAt(rawjson.Member(object, name), rest)
}
