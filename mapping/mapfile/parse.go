package mapfile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// largest is the size of a mapping file that is read: some ten thousand columns.
const largest = 1 << 20

// Parse reads a mapping file strictly: an unknown or repeated key, a value of the wrong type and a version other than
// 1 are errors. name is for messages. The error is an *Error, which shows the offending lines.
func Parse(name string, source []byte) (*File, error) {
	f := &File{Name: name, at: map[string]place{}}
	if bad := f.parse(source); bad != nil {
		bad.Name = name
		if bad.Line > 0 {
			bad.Source = excerpt(strings.Split(string(source), "\n"), bad.Line, bad.Column)
		}
		return nil, bad
	}
	f.questions, f.ignorable = readQuestions(name, string(source))
	return f, nil
}

func (f *File) parse(source []byte) *Error {
	switch {
	case !utf8.Valid(source):
		return &Error{Text: "the file is not UTF-8"}
	case len(source) > largest:
		return &Error{Text: "the file is larger than a mapping file may be: 1 MB"}
	}
	if bad := forbidden(string(source)); bad != nil {
		return bad
	}
	root, bad := document(source)
	if bad == nil {
		bad = plain(root)
	}
	if bad == nil {
		bad = f.read(root)
	}
	return bad
}

// document is the content of the one document in a file.
func document(source []byte) (*yaml.Node, *Error) {
	none := &Error{Text: "the file must hold one YAML document that begins with `version: 1`"}
	dec := yaml.NewDecoder(bytes.NewReader(source))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, none
	} else if err != nil {
		return nil, syntax(source, err)
	}
	if err := dec.Decode(&more); err == nil {
		return nil, none
	} else if !errors.Is(err, io.EOF) {
		return nil, syntax(source, err)
	}
	if len(doc.Content) != 1 || isNull(doc.Content[0]) {
		return nil, none
	}
	return doc.Content[0], nil
}

// forbidden finds a character that no YAML file may hold, and that the YAML library refuses without a place.
func forbidden(source string) *Error {
	for i, line := range strings.Split(source, "\n") {
		column := 0
		for _, r := range line {
			column++
			if unicode.IsControl(r) && !strings.ContainsRune("\t\r\u0085", r) || r == 0xFFFE || r == 0xFFFF {
				return &Error{Line: i + 1, Column: column,
					Text: fmt.Sprintf(`the character U+%04X cannot stand here: write "\u%04X", in double quotes`, r, r)}
			}
		}
	}
	return nil
}

// plainly says in other words what the YAML library finds most often.
var plainly = map[string]string{
	"mapping values are not allowed in this context": `a ": " stands inside a text: put quotes around the text`,
	"did not find expected node content":             "a value is missing, or a [ or { is not closed",
	"found character that cannot start any token": "a text cannot begin so: put quotes around it, and indent " +
		"with blanks, not tabs",
	"did not find expected alphabetic or numeric character": noAliases,
	"found unexpected end of stream":                        "the quotes that begin here are not closed",
	"did not find expected ',' or ']'":                      "the [ that begins here is not closed",
	"did not find expected ',' or '}'":                      "the { that begins here is not closed",
	"did not find expected '-' indicator": "the list that begins here has a line that is not indented " +
		"as the others are",
	"did not find expected key": "a key is missing here, or a line is not indented as the others are",
}

// countedFromZero are the faults that the parser of the YAML library finds: it counts their lines from 0, and the
// others' from 1.
var countedFromZero = regexp.MustCompile(
	`^did not find expected (key|node content|'-' indicator|',' or .*|<document start>)$`)

// alias is where an alias stands whose anchor is nowhere: the YAML library names it without a place.
func alias(source []byte, name string) *Error {
	f := &Error{Text: noAliases}
	for i, line := range strings.Split(string(source), "\n") {
		before, _, found := strings.Cut(line, "*"+name)
		if found && !strings.Contains(before, "#") {
			f.Line, f.Column = i+1, utf8.RuneCountInString(before)+1
			break
		}
	}
	return f
}

// syntax places an error of the YAML library, which names the line alone: "yaml: line 3: …", and not the first.
func syntax(source []byte, err error) *Error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if name, ok := strings.CutPrefix(text, "unknown anchor '"); ok {
		return alias(source, strings.TrimSuffix(name, "' referenced"))
	}
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		number, what, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			text, line = what, n
		}
		if countedFromZero.MatchString(text) {
			line++
		}
	}
	last := 1 + bytes.Count(bytes.TrimRight(source, "\r\n"), []byte("\n"))
	return &Error{Line: min(line, last), Text: cmp.Or(plainly[text], text)}
}

var fileKeys = []string{"version", "object", "match", "columns", "constants", "ignore",
	"ignore_rest", "sheet", "header_row", "skip_footer", "delimiter", "encoding", "quote", "escape"}

func (f *File) read(n *yaml.Node) *Error {
	version := false
	wrong := keys(n, "the file", fileKeys, func(key string, k, v *yaml.Node) *Error {
		f.at[key] = placeOf(v)
		switch key {
		case "version":
			version = true
			if s, _ := scalar(v); v.ShortTag() != "!!int" || s != "1" {
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
			if isNull(v) { // only comments so far
				return nil
			}
			if wrong := texts(v, key, &f.Ignore); wrong != nil {
				return wrong
			}
			for i, one := range v.Content {
				f.at["ignore."+strconv.Itoa(i)] = placeOf(one)
			}
		case "ignore_rest":
			return truth(v, key, &f.IgnoreRest)
		default:
			return f.Table.read(key, v)
		}
		return nil
	})
	if wrong == nil && !version {
		wrong = bad(n, "the file must begin with `version: 1`")
	}
	return wrong
}

func (f *File) readColumns(n *yaml.Node) *Error {
	if isNull(n) { // only comments so far
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return bad(n, "columns must be a list, each entry beginning with `- column:`")
	}
	for _, one := range n.Content {
		c := Column{at: map[string]place{"": placeOf(one)}}
		if wrong := c.read(one); wrong != nil {
			return wrong
		}
		f.Columns = append(f.Columns, c)
	}
	return nil
}

func (f *File) readConstants(n *yaml.Node) *Error {
	if isNull(n) { // only comments so far
		return nil
	}
	return keys(n, "constants", nil, func(key string, k, v *yaml.Node) *Error {
		c := Constant{Attribute: key, at: placeOf(k)}
		if c.List = v.Kind == yaml.SequenceNode; c.List {
			for _, one := range v.Content {
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
