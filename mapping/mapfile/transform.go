package mapfile

import (
	"errors"
	"fmt"
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
//	join            {columns: [HEADER, …], with: TEXT}: the cell and those of other columns in one text, blank ones left out
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
var transformNames = []string{"trim", "lower", "upper", "title", "digits", "e164", "strip-currency", "regex", "split", "join", "default"}

// transformKeys are the settings of the transforms that have some.
var transformKeys = map[string][]string{"regex": {"find", "replace"}, "split": {"at", "part"}, "join": {"columns", "with"}}

func readTransform(n *yaml.Node) (t Transform, f *fault) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		t.Name = n.Value
		if transformKeys[t.Name] != nil || t.Name == "default" || !slices.Contains(transformNames, t.Name) {
			return t, unknownTransform(n, t.Name)
		}
		return t, nil
	}
	count := 0
	f = keys(n, "a transform", nil, func(name string, k, v *yaml.Node) *fault {
		if count++; count > 1 {
			return bad(k, "each transform is an entry of the list of its own")
		}
		t.Name = name
		if name == "default" {
			s, ok := scalar(v)
			if !ok || s == "" {
				return bad(v, "default needs a text")
			}
			t.Text = s
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

func (t *Transform) readSettings(n *yaml.Node) *fault {
	f := keys(n, t.Name, transformKeys[t.Name], func(key string, _, v *yaml.Node) *fault {
		switch key {
		case "find":
			return text(v, key, &t.Find)
		case "replace":
			return text(v, key, &t.Replace)
		case "at":
			return text(v, key, &t.At)
		case "with":
			return text(v, key, &t.With)
		case "columns":
			return texts(v, key, &t.Columns)
		}
		s, _ := scalar(v)
		part, err := strconv.Atoi(s)
		if v.ShortTag() != "!!int" || err != nil || part == 0 {
			return bad(v, "part must be a whole number from 1, or from -1 counted from the end")
		}
		t.Part = part
		return nil
	})
	if f != nil {
		return f
	}
	if err := t.check(); err != nil {
		return bad(n, "%s", err.Error())
	}
	return nil
}

func unknownTransform(n *yaml.Node, name string) *fault {
	text := fmt.Sprintf("there is no transform %q", name)
	if near := problem.Nearest(name, transformNames); len(near) > 0 {
		if near[0] == name {
			return bad(n, "the transform %s needs settings: %s", name, transformUse[name])
		}
		return bad(n, "%s; did you mean %s?", text, problem.List(near))
	}
	return bad(n, "%s; known are %s", text, strings.Join(transformNames, ", "))
}

var transformUse = map[string]string{"regex": `regex: {find: "x", replace: "y"}`, "split": `split: {at: "/", part: 1}`,
	"join": `join: {columns: [Other], with: " "}`, "default": `default: text`, "trim": "trim", "lower": "lower", "upper": "upper", "title": "title",
	"digits": "digits", "e164": "e164", "strip-currency": "strip-currency"}

// check finds what is wrong with the settings of a transform.
func (t *Transform) check() error {
	switch t.Name {
	case "regex":
		if t.Find == "" {
			return errors.New("regex needs `find`")
		}
		if _, err := regexp.Compile(t.Find); err != nil {
			return fmt.Errorf("regex %q: %w", t.Find, err)
		}
	case "split":
		if t.At == "" || t.Part == 0 {
			return errors.New("split needs `at`, a text, and `part`, a number from 1 (or from -1, counted from the end)")
		}
	case "join":
		if len(t.Columns) == 0 {
			return errors.New("join needs `columns`")
		}
	}
	return nil
}
