package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// optionTable finds the options of a select or status attribute by title and by id.
type optionTable struct {
	all    []attio.Option
	exact  map[string]*attio.Option // by title and by id
	folded map[string]*attio.Option // by title in lower case; nil where several titles differ by case alone
	titles []string                 // of those that are not archived, for nearest names
}

func newOptionTable(options []attio.Option) *optionTable {
	t := &optionTable{all: options, exact: make(map[string]*attio.Option, 2*len(options)), folded: make(map[string]*attio.Option, len(options))}
	for i := range options {
		o := &options[i]
		if had := t.exact[o.Title]; had == nil || had.Archived {
			t.exact[o.Title] = o
		}
		low := strings.ToLower(trim(o.Title))
		if had, ok := t.folded[low]; ok && (had == nil || !had.Archived && !o.Archived) {
			t.folded[low] = nil
		} else if !ok || had.Archived {
			t.folded[low] = o
		}
		if !o.Archived {
			t.titles = append(t.titles, o.Title)
		}
	}
	for i := range options {
		t.exact[options[i].ID] = &options[i]
	}
	return t
}

// find answers the option of a title, as it is or in any case, or of an id. twice: the title fits several.
func (t *optionTable) find(text string) (o *attio.Option, twice bool) {
	if o = t.exact[text]; o != nil {
		return o, false
	}
	o, ok := t.folded[strings.ToLower(text)]
	return o, ok && o == nil
}

// parseOption finds the option or status. Attio never makes one by itself, so one that is missing is refused, left out or marked to be
// created, as the mapping says; for archived ones see archived.go. https://docs.attio.com/docs/attribute-types/attribute-types-select
func parseOption(s *source, _ Kind, text string, v *Value) *refusal {
	o, twice := s.options.find(text)
	switch {
	case o == nil || twice:
		return noOption(s, text, twice, v)
	case o.Archived && s.made:
		return archivedOption(s, o.Title, text)
	case o.Archived && text != o.Title:
		v.Orig = text
	}
	v.Text, v.ID = o.Title, o.ID
	return nil
}

// noOption does what the mapping says of a title that cannot be used.
func noOption(s *source, text string, twice bool, v *Value) *refusal {
	bad := &refusal{code: codeOption, message: fmt.Sprintf("%s has no %s %q", s.attr.Slug, optionWord(s.attr), text), accepted: s.form()}
	switch {
	case twice:
		bad.code, bad.message = codeOptionTwice, fmt.Sprintf("%q fits several titles that differ by case alone", text)
		return bad
	case s.attr.Multi && s.guessed && strings.Contains(text, ","):
		bad.code, bad.fix = codeOptionComma, `split: ","`
		bad.message += ", and it holds a comma"
		return bad
	case s.missing == MissingCreate:
		if bad := badUTF8(text); bad != nil {
			return bad
		}
		v.Text, v.Missing = text, true
		return nil
	}
	bad.leave = s.missing == MissingBlank
	if near := nearest(text, s.options.titles); len(near) > 0 {
		bad.accepted = "one of the titles, such as " + quoteAll(near)
		bad.fix = fmt.Sprintf("values: {%s: %s}", quoteYAML(text), quoteYAML(near[0]))
	} else {
		bad.fix = "missing: create"
	}
	return bad
}

// leaveOut is answered for a value that is left out without another word.
var leaveOut = &refusal{}

func encodeSelect(dst []byte, v *Value) []byte { return encodeChoice(append(dst, `{"option":`...), v) }

func encodeStatus(dst []byte, v *Value) []byte { return encodeChoice(append(dst, `{"status":`...), v) }

// encodeChoice sends the id inside its object: a bare id in an array was seen to be taken and ignored.
func encodeChoice(dst []byte, v *Value) []byte {
	if v.ID != "" {
		return append(quote(dst, v.ID), '}')
	}
	return append(quote(dst, v.Text), '}')
}

func decodeSelect(a *attio.Attribute, raw []byte, v *Value) bool {
	return decodeChoice(a, raw, "option", "option_id", v)
}

func decodeStatus(a *attio.Attribute, raw []byte, v *Value) bool {
	return decodeChoice(a, raw, "status", "status_id", v)
}

// decodeChoice reads the option's object, or its bare id as it stands in default values.
func decodeChoice(a *attio.Attribute, raw []byte, key, idKey string, v *Value) bool {
	choice := rawjson.Member(raw, key)
	if choice == nil {
		return false
	}
	if id, bare := rawjson.Unquote(choice); bare {
		v.ID, v.Text = id, id
		for i := range a.Options {
			if a.Options[i].ID == id {
				v.Text = a.Options[i].Title
			}
		}
		return true
	}
	ids := rawjson.Member(choice, "id")
	v.ID, v.Text = memberText(ids, idKey), memberText(choice, "title")
	return v.ID != "" || v.Text != ""
}

func sameOption(x, y *Value) bool {
	if x.ID != "" && y.ID != "" {
		return x.ID == y.ID
	}
	return strings.EqualFold(x.Text, y.Text)
}
