package mapfile

import (
	"github.com/goccy/go-yaml/ast"
)

var ColumnKeys = []string{"column", "attribute", "reference", "split", "several", "missing", "format", "timezone", "decimal", "thousands", "country",
	"values", "blank", "on_error", "transform"}

// read reads one entry of `columns`.
func (c *Column) read(n ast.Node) *badNode {
	b := keys(n, "a column", ColumnKeys, func(key string, k, v ast.Node) *badNode {
		c.at[key] = placeOf(k)
		switch key {
		case "missing":
			return oneOf(v, key, c.Text(key), "reject", "create", "blank")
		case "several":
			return oneOf(v, key, c.Text(key), "add", "replace")
		case "blank":
			return oneOf(v, key, &c.Blank, "skip", "clear", "reject")
		case "on_error":
			return oneOf(v, key, &c.OnError, "reject", "drop")
		case "values":
			return c.readValues(v)
		case "transform":
			return c.readTransforms(v)
		}
		into := c.Text(key)
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
func (c *Column) Text(key string) *string {
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
