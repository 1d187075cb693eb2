package mapfile

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// Transform is one step that changes a cell's text before it is read. The steps are pure: they see the row's cells
// and nothing else.
//
//	trim            blanks at both ends cut
//	lower, upper    letters in lower or upper case
//	title           The First Letter Of Each Word In Upper Case, The Others In Lower Case
//	digits          everything but the digits 0 to 9 left out
//	e164            a phone number as +442079460958; the column's country is taken where it names none
//	strip-currency  currency symbols and codes, and the blanks beside them, left out: "€ 1.234,50" is "1.234,50"
//	regex           {find: PATTERN, replace: TEXT}: every match replaced; $1 is the first group (Go's RE2 syntax)
//	split           {at: TEXT, part: N}: the Nth piece, from 1, or from the end with -1; blank where there are fewer
//	join            {columns: [HEADER, …], with: TEXT}: the cell and those of other columns in one text, but blank ones
//	default         a text for a blank cell
type Transform struct {
	Name    string
	Find    string   // of regex
	Replace string   // of regex
	At      string   // of split
	Part    int      // of split
	Columns []string // of join
	With    string   // of join
	Text    string   // of default
}

// transformNames are all transforms, for nearest names.
var transformNames = []string{"trim", "lower", "upper", "title", "digits", "e164", "strip-currency",
	"regex", "split", "join", "default"}

// transformKeys are the settings of the transforms that have some, as they are written.
var transformKeys = map[string][]string{"regex": {"find", "replace"}, "split": {"at", "part"},
	"join": {"columns", "with"}}

// transformUse shows how the transforms are written that need something behind their name.
var transformUse = map[string]string{"regex": `regex: {find: "x", replace: "y"}`, "split": `split: {at: "/", part: 1}`,
	"join": `join: {columns: [Other], with: " "}`, "default": `default: text`}

// setting is where the text, number or list of a setting stands.
func (t *Transform) setting(key string) any {
	return map[string]any{"find": &t.Find, "replace": &t.Replace, "at": &t.At, "part": &t.Part,
		"columns": &t.Columns, "with": &t.With}[key]
}

func readTransform(n *yaml.Node) (t Transform, f *Error) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		t.Name = n.Value
		if transformUse[t.Name] != "" || !slices.Contains(transformNames, t.Name) {
			return t, unknownTransform(n, t.Name)
		}
		return t, nil
	}
	count := 0
	f = keys(n, "a transform", nil, func(name string, k, v *yaml.Node) *Error {
		if count++; count > 1 {
			return bad(k, "each transform is an entry of the list of its own")
		}
		t.Name = name
		if name == "default" {
			s, ok := scalar(v)
			if t.Text = s; !ok || s == "" {
				return bad(v, "default needs a text")
			}
			return nil
		}
		if transformKeys[name] == nil {
			return unknownTransform(k, name)
		}
		return t.readSettings(v)
	})
	if f == nil && count == 0 {
		f = bad(n, "a transform is missing here")
	}
	return t, f
}

func (t *Transform) readSettings(n *yaml.Node) *Error {
	f := keys(n, t.Name, transformKeys[t.Name], func(key string, _, v *yaml.Node) *Error {
		switch into := t.setting(key).(type) {
		case *string:
			return text(v, key, into)
		case *[]string:
			return texts(v, key, into)
		case *int:
			s, _ := scalar(v)
			part, err := strconv.Atoi(s)
			if *into = part; v.ShortTag() != "!!int" || err != nil || part == 0 {
				return bad(v, "part must be a whole number from 1, or from -1 counted from the end")
			}
		}
		return nil
	})
	if f != nil {
		return f
	}
	_, err := regexp.Compile(t.Find)
	switch {
	case t.Name == "regex" && t.Find == "":
		return bad(n, "regex needs `find`")
	case t.Name == "regex" && err != nil:
		return bad(n, "regex %q: %s", t.Find, err)
	case t.Name == "split" && (t.At == "" || t.Part == 0):
		return bad(n, "split needs `at`, a text, and `part`, a number from 1 (or from -1, counted from the end)")
	case t.Name == "join" && len(t.Columns) == 0:
		return bad(n, "join needs `columns`")
	}
	return nil
}

func unknownTransform(n *yaml.Node, name string) *Error {
	near := problem.Nearest(name, transformNames)
	switch {
	case len(near) == 0:
		return bad(n, "there is no transform %q; known are %s", name, strings.Join(transformNames, ", "))
	case near[0] == name:
		return bad(n, "the transform %s needs settings: %s", name, cmp.Or(transformUse[name], name))
	}
	return bad(n, "there is no transform %q; did you mean %s?", name, problem.List(near))
}

// String is the transform as an entry of the list in a mapping file.
func (t Transform) String() string {
	if t.Name == "default" {
		return "default: " + Quote(t.Text)
	}
	var pairs []string
	for _, key := range transformKeys[t.Name] {
		switch is := t.setting(key).(type) {
		case *string:
			pairs = append(pairs, key+": "+Quote(*is))
		case *[]string:
			pairs = append(pairs, key+": "+quoteList(*is))
		case *int:
			pairs = append(pairs, key+": "+strconv.Itoa(*is))
		}
	}
	if pairs == nil {
		return t.Name
	}
	return t.Name + ": {" + strings.Join(pairs, ", ") + "}"
}
