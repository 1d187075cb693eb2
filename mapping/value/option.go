package value

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// Options finds the options of a select or status attribute by title and by id.
type Options struct {
	all    []attio.Option
	exact  map[string]*attio.Option // by title and by id
	folded map[string]*attio.Option // by title in lower case; nil where several titles differ by case alone
	Titles []string                 // of those that are not archived, for nearest names
}

// NewOptions is a table of options, of all that the attribute has.
func NewOptions(options []attio.Option) *Options {
	t := &Options{all: options, exact: map[string]*attio.Option{}, folded: map[string]*attio.Option{}}
	for i := range options {
		o := &options[i]
		if had := t.exact[o.Title]; had == nil || had.Archived {
			t.exact[o.Title] = o
		}
		low := strings.ToLower(Trim(o.Title))
		if had, ok := t.folded[low]; ok && (had == nil || !had.Archived && !o.Archived) {
			t.folded[low] = nil
		} else if !ok || had.Archived {
			t.folded[low] = o
		}
		if !o.Archived {
			t.Titles = append(t.Titles, o.Title)
		}
	}
	for i := range options {
		t.exact[options[i].ID] = &options[i]
	}
	return t
}

// Find returns the option of a title, as it is or in any case, or of an id. twice: the title fits several, and none is
// returned.
func (t *Options) Find(text string) (o *attio.Option, twice bool) {
	if o = t.exact[text]; o != nil {
		return o, false
	}
	o, ok := t.folded[strings.ToLower(text)]
	return o, ok && o == nil
}

// Nearest are up to three titles that a text which is none may be meant for, the likeliest first: where the titles are
// ranges of numbers, the one that holds the number or range, else those that are spelled alike.
func (t *Options) Nearest(text string) []string {
	if found, ranges := problem.Within(text, t.Titles); ranges {
		return found
	}
	return problem.Nearest(text, t.Titles)
}

// With is a table of these options and further ones, which stand for those of the same id.
func (t *Options) With(more []attio.Option) *Options {
	kept := slices.DeleteFunc(slices.Clone(t.all), func(o attio.Option) bool {
		return slices.ContainsFunc(more, func(m attio.Option) bool { return m.ID == o.ID })
	})
	return NewOptions(append(kept, more...))
}

// parseOption finds the option or status. Attio never makes one by itself, so one that is missing is refused, left
// out or marked to be created, as the mapping says; for archived ones see archived.go.
// https://docs.attio.com/docs/attribute-types/attribute-types-select
func parseOption(r *Reader, _ Kind, text string, v *Value) *Refusal {
	o, twice := r.Options.Find(text)
	switch {
	case o == nil:
		return noOption(r, text, twice, v)
	case o.Archived && r.Missing == MissingCreate: // it is brought back
		v.Text, v.Missing = o.Title, true
		return nil
	case o.Archived && r.New:
		return ArchivedOption(r.Attr, o.Title, text)
	case o.Archived && text != o.Title:
		v.Orig = text
	}
	v.Text, v.ID = o.Title, o.ID
	return nil
}

// noOption does what the mapping says of a title that cannot be used.
func noOption(r *Reader, text string, twice bool, v *Value) *Refusal {
	bad := r.refuse(CodeOption, "%s has no %s %q", r.Attr.Slug, OptionWord(r.Attr), text)
	switch {
	case twice:
		return r.refuse(codeOptionTwice, "%q fits several titles that differ by case alone", text)
	case r.Attr.Multi && r.Split == "" && strings.Contains(text, ","):
		bad.Code, bad.Setting = CodeOptionComma, setKey("split", ",")
		bad.Message += ", and it holds a comma"
		return bad
	case r.Missing == MissingCreate:
		if bad := CheckUTF8(text); bad != nil {
			return bad
		}
		v.Text, v.Missing = text, true
		return nil
	}
	bad.Leave = r.Missing == MissingBlank
	if near := r.Options.Nearest(text); len(near) > 0 {
		bad.Accepted = "one of the titles, such as " + problem.List(near)
		bad.Setting = insteadOf(text, near[0])
	} else {
		bad.Setting = setKey("missing", "create")
	}
	return bad
}

// encodeMember sends an object of one member: an option's id, for a bare one in an array was seen to be taken and
// ignored, or else the text.
func encodeMember(key string) func(dst []byte, v *Value) []byte {
	open := `{"` + key + `":`
	return func(dst []byte, v *Value) []byte {
		return append(Quote(append(dst, open...), cmp.Or(v.ID, v.Text)), '}')
	}
}

// decodeOption reads the option's object, or its bare id as it stands in default values.
func decodeOption(key string) func(a *attio.Attribute, raw []byte, v *Value) bool {
	idKey := key + "_id"
	return func(a *attio.Attribute, raw []byte, v *Value) bool {
		choice := rawjson.Member(raw, key)
		if id, bare := rawjson.Unquote(choice); bare {
			v.ID, v.Text = id, id
			if i := slices.IndexFunc(a.Options, func(o attio.Option) bool { return o.ID == id }); i >= 0 {
				v.Text = a.Options[i].Title
			}
			return true
		}
		v.ID, v.Text = memberText(rawjson.Member(choice, "id"), idKey), memberText(choice, "title")
		return v.ID != "" || v.Text != ""
	}
}

func sameOption(x, y *Value) bool {
	if x.ID != "" && y.ID != "" {
		return x.ID == y.ID
	}
	return strings.EqualFold(x.Text, y.Text)
}

// ArchivedOption refuses one; text is as it stands in the cell.
func ArchivedOption(a *attio.Attribute, title, text string) *Refusal {
	return refuse(CodeArchived, "a title that is not archived (in Attio one can be brought back), or none",
		"the %s %q is archived", OptionWord(a), title).set(insteadOf(text, ""))
}

// OptionWord is what the values of a select or status attribute are called.
func OptionWord(a *attio.Attribute) string {
	if a.Type == attio.TypeStatus {
		return "status"
	}
	return "option"
}

// IsArchived reports whether a value is an option or status that is archived, also where it is the record's own.
func IsArchived(a *attio.Attribute, v *Value) bool {
	return v.ID != "" && slices.ContainsFunc(a.Options, func(o attio.Option) bool { return o.Archived && o.ID == v.ID })
}
