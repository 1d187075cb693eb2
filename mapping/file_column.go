package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

var columnKeys = []string{"column", "attribute", "reference", "split", "several", "missing", "format", "timezone", "decimal", "thousands", "country",
	"values", "blank", "on_error", "transform"}

// read reads one entry of `columns`.
func (c *Column) read(n ast.Node) *badNode {
	b := keys(n, "a column", columnKeys, func(key string, k, v ast.Node) *badNode {
		c.at[key] = placeOf(k)
		switch key {
		case "missing":
			return oneOf(v, key, c.text(key), "reject", "create", "blank")
		case "several":
			return oneOf(v, key, c.text(key), "add", "replace")
		case "blank":
			return oneOf(v, key, &c.Blank, "skip", "clear", "reject")
		case "on_error":
			return oneOf(v, key, &c.OnError, "reject", "drop")
		case "values":
			return c.readValues(v)
		case "transform":
			return c.readTransforms(v)
		}
		into := c.text(key)
		if b := text(v, key, into); b != nil {
			return b
		}
		if *into == "" {
			return bad(v, "%s is empty", key)
		}
		return nil
	})
	if b != nil {
		return b
	}
	if c.Column == "" || c.Attribute == "" {
		return bad(n, "a column needs `column` and `attribute`")
	}
	return nil
}

// text is where the text of a key goes.
func (c *Column) text(key string) *string {
	switch key {
	case "column":
		return &c.Column
	case "attribute":
		return &c.Attribute
	case "reference":
		return &c.Reference
	case "split":
		return &c.Split
	case "format":
		return &c.Format
	case "timezone":
		return &c.Timezone
	case "decimal":
		return &c.Decimal
	case "thousands":
		return &c.Thousands
	case "several":
		return &c.Several
	case "missing":
		return (*string)(&c.Missing)
	}
	return &c.Country
}

func (c *Column) readValues(n ast.Node) *badNode {
	return keys(n, "values", nil, func(key string, _, v ast.Node) *badNode {
		s, ok := scalar(v)
		if !ok {
			return bad(v, "values: %q must have a plain value", key)
		}
		c.Values = append(c.Values, Pair{key, s})
		return nil
	})
}

func (c *Column) readTransforms(n ast.Node) *badNode {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return bad(n, "transform must be a list: [trim, lower]")
	}
	for _, one := range list.Values {
		t, b := readTransform(one)
		if b != nil {
			return b
		}
		c.Transform = append(c.Transform, t)
	}
	return nil
}

// transformKeys are the settings of the transforms that have some.
var transformKeys = map[string][]string{"regex": {"find", "replace"}, "split": {"at", "part"}, "join": {"columns", "with"}}

func readTransform(n ast.Node) (t Transform, b *badNode) {
	if name, ok := n.(*ast.StringNode); ok {
		t.Name = name.Value
		if plainTransforms[t.Name] == nil && t.Name != "e164" {
			return t, unknownTransform(n, t.Name)
		}
		return t, nil
	}
	count := 0
	b = keys(n, "a transform", nil, func(name string, k, v ast.Node) *badNode {
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
	if b == nil && count == 0 {
		b = bad(n, "a transform is missing here")
	}
	return t, b
}

func (t *Transform) readSettings(n ast.Node) *badNode {
	b := keys(n, t.Name, transformKeys[t.Name], func(key string, _, v ast.Node) *badNode {
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
		if v.Type() != ast.IntegerType || err != nil || part == 0 {
			return bad(v, "part must be a whole number from 1, or from -1 counted from the end")
		}
		t.Part = part
		return nil
	})
	if b != nil {
		return b
	}
	_, err := t.compile(nil)
	switch {
	case err != nil:
		return bad(n, "%s", err.Error())
	case t.Name == "regex" && t.Find == "":
		return bad(n, "regex needs `find`")
	case t.Name == "join" && len(t.Columns) == 0:
		return bad(n, "join needs `columns`")
	}
	return nil
}

func unknownTransform(n ast.Node, name string) *badNode {
	text := fmt.Sprintf("there is no transform %q", name)
	if near := nearest(name, transformNames); len(near) > 0 {
		if near[0] == name {
			return bad(n, "the transform %s needs settings: %s", name, transformUse[name])
		}
		return bad(n, "%s; did you mean %s?", text, quoteAll(near))
	}
	return bad(n, "%s; known are %s", text, strings.Join(transformNames, ", "))
}

var transformUse = map[string]string{"regex": `regex: {find: "x", replace: "y"}`, "split": `split: {at: "/", part: 1}`,
	"join": `join: {columns: [Other], with: " "}`, "default": `default: text`, "trim": "trim", "lower": "lower", "upper": "upper", "title": "title",
	"digits": "digits", "e164": "e164", "strip-currency": "strip-currency"}
