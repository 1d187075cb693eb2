package mapfile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/printer"
	"github.com/goccy/go-yaml/token"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// FileError is what is wrong with the text of a mapping file.
type Error struct {
	Name         string
	Line, Column int // from 1; 0 where the fault has no place
	Text         string
	Source       string // the lines around the fault, with a caret; "" where there are none
}

// Error is `users.yaml:7:3: …`, and the lines below.
func (e *Error) Error() string {
	where := e.Name
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", e.Name, e.Line, e.Column)
	}
	if e.Source == "" {
		return where + ": " + e.Text
	}
	return where + ": " + e.Text + "\n" + e.Source
}

// Parse reads a mapping file strictly: an unknown or repeated key, a value of the wrong type and a version other than 1 are errors. name is
// for messages. The error is a *FileError, which shows the offending lines.
func Parse(name string, text []byte) (*File, error) {
	if !utf8.Valid(text) {
		return nil, &Error{Name: name, Text: "the file is not UTF-8"}
	}
	doc, err := parseYAML(text)
	if err != nil {
		out := &Error{Name: name, Text: err.Error()}
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil {
			return nil, fault(name, at.GetToken(), at.GetMessage())
		}
		return nil, out
	}
	if len(doc.Docs) != 1 || doc.Docs[0].Body == nil {
		return nil, &Error{Name: name, Text: "the file must hold one YAML document that begins with `version: 1`"}
	}
	f := &File{Name: name, at: map[string]place{}}
	if bad := f.read(doc.Docs[0].Body); bad != nil {
		return nil, fault(name, bad.tok, bad.text)
	}
	f.questions, f.ignorable = readQuestions(name, string(text))
	return f, nil
}

// parseYAML keeps a panic of the YAML library from ending the program: a file can be anything.
func parseYAML(text []byte) (doc *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the file is not YAML: %v", r)
		}
	}()
	return parser.ParseBytes(text, 0)
}

func fault(name string, tok *token.Token, text string) *Error {
	e := &Error{Name: name, Text: text}
	if tok != nil && tok.Position != nil {
		var p printer.Printer
		e.Line, e.Column, e.Source = tok.Position.Line, tok.Position.Column, excerpt(p.PrintErrorToken(tok, false))
	}
	return e
}

// The most that is shown around a fault: a file that is no mapping can be one token of any length, and hold personal data.
const (
	excerptAround = 3   // lines
	excerptWidth  = 120 // letters
)

// excerpt cuts what the YAML library shows down to the lines around the one marked with ">".
func excerpt(source string) string {
	lines := strings.Split(strings.TrimRight(source, "\n "), "\n")
	at := max(0, slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), ">") }))
	lines = lines[max(0, at-excerptAround):min(len(lines), at+1+excerptAround)]
	for i, l := range lines {
		if letters := []rune(l); len(letters) > excerptWidth {
			lines[i] = string(letters[:excerptWidth]) + "…"
		}
	}
	return strings.Join(lines, "\n")
}

// badNode is a fault and the token it stands at.
type badNode struct {
	tok  *token.Token
	text string
}

func bad(n ast.Node, format string, args ...any) *badNode {
	return &badNode{tokenOf(n), fmt.Sprintf(format, args...)}
}

// tokenOf is where a node begins; a mapping in block style begins with its first key.
func tokenOf(n ast.Node) *token.Token {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken()
	}
	return n.GetToken()
}

func placeOf(n ast.Node) place {
	if t := tokenOf(n); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{}
}

// keys walks a mapping: each key once, each one of those known.
func keys(n ast.Node, what string, known []string, each func(key string, k, v ast.Node) *badNode) *badNode {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		return bad(n, "%s must be a mapping of keys and values", what)
	}
	seen := map[string]bool{}
	for _, kv := range m.Values {
		key, ok := scalar(kv.Key)
		if !ok {
			return bad(kv.Key, "a key must be plain text")
		}
		if seen[key] {
			return bad(kv.Key, "the key %q stands twice", key)
		}
		seen[key] = true
		if known != nil && !contains(known, key) {
			text := fmt.Sprintf("unknown key %q", key)
			if near := problem.Nearest(key, known); len(near) > 0 {
				text += "; did you mean " + problem.List(near) + "?"
			} else {
				text += "; known are " + strings.Join(known, ", ")
			}
			return bad(kv.Key, "%s", text)
		}
		if b := each(key, kv.Key, kv.Value); b != nil {
			return b
		}
	}
	return nil
}

func contains(all []string, s string) bool {
	for _, one := range all {
		if one == s {
			return true
		}
	}
	return false
}

// scalar is the text of a plain value of any type, as it stands in the file; null is "".
func scalar(n ast.Node) (string, bool) {
	switch x := n.(type) {
	case *ast.StringNode:
		return x.Value, true
	case *ast.LiteralNode:
		return x.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// text reads a value that must be a text.
func text(n ast.Node, key string, into *string) *badNode {
	switch x := n.(type) {
	case *ast.StringNode:
		*into = x.Value
	case *ast.LiteralNode:
		*into = x.Value.Value
	case *ast.NullNode:
		return bad(n, "%s has no value", key)
	default:
		if s, ok := scalar(n); ok {
			return bad(n, "%s must be text: write %q in quotes", key, s)
		}
		return bad(n, "%s must be text", key)
	}
	return nil
}

// texts reads a list of texts.
func texts(n ast.Node, key string, into *[]string) *badNode {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return bad(n, "%s must be a list: [a, b]", key)
	}
	for _, one := range list.Values {
		var s string
		if b := text(one, key, &s); b != nil {
			return b
		}
		*into = append(*into, s)
	}
	return nil
}

func oneOf(n ast.Node, key string, into *string, choices ...string) *badNode {
	if b := text(n, key, into); b != nil {
		return b
	}
	if !contains(choices, *into) {
		return bad(n, "%s must be %s, not %q", key, problem.List(choices), *into)
	}
	return nil
}

var fileKeys = []string{"version", "object", "match", "columns", "constants", "ignore"}

func (f *File) read(n ast.Node) *badNode {
	version := false
	b := keys(n, "the file", fileKeys, func(key string, k, v ast.Node) *badNode {
		f.at[key] = placeOf(v)
		switch key {
		case "version":
			version = true
			if s, _ := scalar(v); v.Type() != ast.IntegerType || s != "1" {
				return bad(v, "version must be 1: this program knows no other")
			}
		case "object":
			return text(v, key, &f.Object)
		case "match":
			return text(v, key, &f.Match)
		case "columns":
			return f.readColumns(v)
		case "constants":
			return f.readConstants(v)
		case "ignore":
			if v.Type() == ast.NullType { // only comments so far
				return nil
			}
			if b := texts(v, key, &f.Ignore); b != nil {
				return b
			}
			for i, one := range v.(*ast.SequenceNode).Values {
				f.at["ignore."+strconv.Itoa(i)] = placeOf(one)
			}
		}
		return nil
	})
	if b == nil && !version {
		b = bad(n, "the file must begin with `version: 1`")
	}
	return b
}

func (f *File) readColumns(n ast.Node) *badNode {
	if n.Type() == ast.NullType { // only comments so far
		return nil
	}
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return bad(n, "columns must be a list, each entry beginning with `- column:`")
	}
	for _, one := range list.Values {
		c := Column{at: map[string]place{"": placeOf(one)}}
		if b := c.read(one); b != nil {
			return b
		}
		f.Columns = append(f.Columns, c)
	}
	return nil
}

func (f *File) readConstants(n ast.Node) *badNode {
	return keys(n, "constants", nil, func(key string, k, v ast.Node) *badNode {
		c := Constant{Attribute: key, at: placeOf(k)}
		if list, ok := v.(*ast.SequenceNode); ok {
			c.List = true
			for _, one := range list.Values {
				s, ok := scalar(one)
				if !ok || s == "" {
					return bad(one, "constants: a list holds plain values")
				}
				c.Values = append(c.Values, s)
			}
		} else if s, ok := scalar(v); ok && s != "" {
			c.Values = []string{s}
		}
		if len(c.Values) == 0 {
			return bad(v, "constants: %s must be a value or a list of values", key)
		}
		f.Constants = append(f.Constants, c)
		return nil
	})
}
