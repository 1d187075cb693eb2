package mapfile

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

func bad(n *yaml.Node, format string, args ...any) *Error {
	return &Error{Line: n.Line, Column: n.Column, Text: fmt.Sprintf(format, args...)}
}

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

const noAliases = "anchors and aliases (& and *) cannot be used here; put quotes around a text that begins so"

// plain refuses anchors and aliases: a mapping needs none, and a short file of them can stand for one of any size.
func plain(n *yaml.Node) *Error {
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		return bad(n, noAliases)
	}
	for _, one := range n.Content {
		if f := plain(one); f != nil {
			return f
		}
	}
	return nil
}

// keys walks a mapping: each key once, each one of those known; nil for any.
func keys(n *yaml.Node, what string, known []string, each func(key string, k, v *yaml.Node) *Error) *Error {
	if n.Kind != yaml.MappingNode {
		return bad(n, "%s must be a mapping of keys and values", what)
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		key, ok := scalar(k)
		if !ok {
			return bad(k, "a key must be plain text")
		}
		if seen[key] {
			return bad(k, "the key %q stands twice", key)
		}
		seen[key] = true
		if known != nil && !slices.Contains(known, key) {
			if near := problem.Nearest(key, known); len(near) > 0 {
				return bad(k, "unknown key %q; did you mean %s?", key, problem.List(near))
			}
			return bad(k, "unknown key %q; known are %s", key, strings.Join(known, ", "))
		}
		if f := each(key, k, v); f != nil {
			return f
		}
	}
	return nil
}

// scalar is the text of a plain value of any type, as it stands in the file; null is "".
func scalar(n *yaml.Node) (string, bool) {
	if isNull(n) {
		return "", true
	}
	return n.Value, n.Kind == yaml.ScalarNode
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// text reads a value that must be a text.
func text(n *yaml.Node, key string, into *string) *Error {
	switch {
	case n.Kind != yaml.ScalarNode:
		return bad(n, "%s must be text", key)
	case isNull(n):
		return bad(n, "%s has no value", key)
	case n.ShortTag() != "!!str" && n.ShortTag() != "!!timestamp":
		return bad(n, "%s must be text: write %q in quotes", key, n.Value)
	}
	*into = n.Value
	return nil
}

// truth reads a value that must be true or false.
func truth(n *yaml.Node, key string, into *bool) *Error {
	if n.ShortTag() != "!!bool" || n.Decode(into) != nil {
		return bad(n, "%s must be true or false", key)
	}
	return nil
}

// texts reads a list of texts.
func texts(n *yaml.Node, key string, into *[]string) *Error {
	if n.Kind != yaml.SequenceNode {
		return bad(n, "%s must be a list: [a, b]", key)
	}
	for _, one := range n.Content {
		var s string
		if f := text(one, key, &s); f != nil {
			return f
		}
		*into = append(*into, s)
	}
	return nil
}
