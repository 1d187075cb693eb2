package mapfile

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const everyKey = `version: 1
object: users
match: primary_email_address
columns:
  - column: User ID
    attribute: user_id
  - column: "#2"
    attribute: primary_email_address
    transform: [trim, lower, regex: {find: "^mailto:", replace: ""}, split: {at: " ", part: -1},
      join: {columns: [Mail 2], with: ;}, default: a@b.com]
  - column: Workspaces
    attribute: workspace
    reference: workspaces.workspace_id
    split: ","
    several: replace
    missing: blank
  - column: 'Signed: up'
    attribute: signed_up_at
    format: DD/MM/YYYY
    timezone: Europe/Berlin
  - column: Seats
    attribute: seats
    decimal: ","
    thousands: .
    blank: reject
    on_error: drop
  - column: Plan
    attribute: plan
    values: {pro: Professional, 1: Free, true: "", "n/a": ~}
    blank: clear
constants:
  notes: "line\nbreak \U0001F600 \x07"
  workspace: [a, "b;c"]
ignore: [Notes, "#7", "Custom *"]
ignore_rest: true
`

func TestFileRoundTrip(t *testing.T) {
	f, err := Parse("users.yaml", []byte(everyKey))
	require.NoError(t, err)
	require.Equal(t, "users", f.Object)
	require.Equal(t, []Transform{{Name: "trim"}, {Name: "lower"}, {Name: "regex", Find: "^mailto:"},
		{Name: "split", At: " ", Part: -1},
		{Name: "join", Columns: []string{"Mail 2"}, With: ";"}, {Name: "default", Text: "a@b.com"}}, f.Columns[1].Transform)
	require.Equal(t, []Pair{{"pro", "Professional"}, {"1", "Free"}, {"true", ""}, {"n/a", ""}}, f.Columns[5].Values)
	require.Equal(t, []Constant{{Attribute: "notes", Values: []string{"line\nbreak \U0001F600 \x07"}, at: place{32, 3}},
		{Attribute: "workspace", Values: []string{"a", "b;c"}, List: true, at: place{33, 3}}}, f.Constants)
	require.Equal(t, []string{"Notes", "#7", "Custom *"}, f.Ignore)
	require.True(t, f.IgnoreRest)
	again, err := Parse("users.yaml", f.YAML())
	require.NoError(t, err, "%s", f.YAML())
	require.Equal(t, string(f.YAML()), string(again.YAML()))
	require.Equal(t, unplaced(f), unplaced(again))
}

// unplaced is a file without the positions that its text had.
func unplaced(f *File) File {
	g := *f
	g.at, g.Columns, g.Constants = nil, append([]Column(nil), f.Columns...), append([]Constant(nil), f.Constants...)
	for i := range g.Columns {
		g.Columns[i].at = nil
	}
	for i := range g.Constants {
		g.Constants[i].at = place{}
	}
	return g
}

func TestFilesThatAreRefused(t *testing.T) {
	col := "version: 1\ncolumns:\n  - column: A\n    attribute: b\n"
	for _, tt := range []struct{ text, want string }{
		{"", "m.yaml: the file must hold one YAML document that begins with `version: 1`"},
		{"version: 1\n---\nversion: 1\n", "m.yaml: the file must hold one YAML document that begins with `version: 1`"},
		{"version: 1\xff", "m.yaml: the file is not UTF-8"},
		{"- a", "m.yaml:1:1: the file must be a mapping of keys and values"},
		{"object: users", "m.yaml:1:1: the file must begin with `version: 1`"},
		{"version: 2", "m.yaml:1:10: version must be 1: this program knows no other"},
		{"version: '1'", "m.yaml:1:10: version must be 1: this program knows no other"},
		{"version: 1\nobjekt: users", "m.yaml:2:1: unknown key \"objekt\"; did you mean \"object\"?"},
		{"version: 1\nzzz: users",
			"m.yaml:2:1: unknown key \"zzz\"; known are version, object, match, columns, constants, ignore, ignore_rest, " +
				"sheet, header_row, skip_footer, delimiter, encoding, quote, escape"},
		{"version: 1\nobject: [a]", "m.yaml:2:9: object must be text"},
		{"version: 1\nobject: 12", "m.yaml:2:9: object must be text: write \"12\" in quotes"},
		{"version: 1\nobject:", "m.yaml:2:8: object has no value"},
		{"version: 1\nobject: a\nobject: b", "m.yaml:3:1: the key \"object\" stands twice"},
		{"version: 1\ncolumns: {a: b}", "m.yaml:2:10: columns must be a list, each entry beginning with `- column:`"},
		{"version: 1\ncolumns:\n  - column: A\n", "m.yaml:3:5: a column needs `column` and `attribute`"},
		{col + "    blank: never\n", "m.yaml:5:12: blank must be \"skip\", \"clear\" or \"reject\", not \"never\""},
		{col + "    on_eror: drop\n", "m.yaml:5:5: unknown key \"on_eror\"; did you mean \"on_error\"?"},
		{col + "    split: ''\n", "m.yaml:5:12: split is empty"},
		{col + "    values: [a]\n", "m.yaml:5:13: values must be a mapping of keys and values"},
		{col + "    values: {a: [b]}\n", "m.yaml:5:17: values: \"a\" must have a plain value"},
		{col + "    transform: lower\n", "m.yaml:5:16: transform must be a list: [trim, lower]"},
		{col + "    transform: [exec]\n",
			"m.yaml:5:17: there is no transform \"exec\"; known are trim, lower, upper, title, digits, e164, strip-currency, " +
				"regex, split, join, default"},
		{col + "    transform: [lowr]\n", "m.yaml:5:17: there is no transform \"lowr\"; did you mean \"lower\"?"},
		{col + "    transform: [regex]\n",
			"m.yaml:5:17: the transform regex needs settings: regex: {find: \"x\", replace: \"y\"}"},
		{col + "    transform: [{regex: {find: '('}}]\n",
			"m.yaml:5:25: regex \"(\": error parsing regexp: missing closing ): `(`"},
		{col + "    transform: [{split: {at: x, part: 0}}]\n",
			"m.yaml:5:39: part must be a whole number from 1, or from -1 counted from the end"},
		{col + "    transform: [{split: {at: x}}]\n",
			"m.yaml:5:25: split needs `at`, a text, and `part`, a number from 1 (or from -1, counted from the end)"},
		{col + "    transform: [{join: {with: x}}]\n", "m.yaml:5:24: join needs `columns`"},
		{"version: 1\nconstants: {a: {b: c}}", "m.yaml:2:16: constants: a must be a value or a list of values"},
		{"version: 1\nignore: A", "m.yaml:2:9: ignore must be a list: [a, b]"},
		{"version: 1\nignore_rest: 1", "m.yaml:2:14: ignore_rest must be true or false"},
		{"version: 1\nignore_rest: [yes]", "m.yaml:2:14: ignore_rest must be true or false"},
		{"version: 1\nmatch: *x",
			"m.yaml:2:8: anchors and aliases (& and *) cannot be used here; put quotes around a text that begins so"},
		{"version: 1\nignore: [*]",
			"m.yaml:2: anchors and aliases (& and *) cannot be used here; put quotes around a text that begins so"},
		{"version: 1\nmatch: &x id",
			"m.yaml:2:8: anchors and aliases (& and *) cannot be used here; put quotes around a text that begins so"},
		{"version: 1\nignore: &x [a]\ncolumns: *x",
			"m.yaml:2:9: anchors and aliases (& and *) cannot be used here; put quotes around a text that begins so"},
		{"version: 1\ncolumns: [", "m.yaml:2: a value is missing, or a [ or { is not closed"},
		{col + "    transform: [trim,, lower]\n", "m.yaml:5: a value is missing, or a [ or { is not closed"},
		{col + "    transform: [trim\n  - column: B\n", "m.yaml:5: the [ that begins here is not closed"},
		{col + "    values: {a: b\n", "m.yaml:5: the { that begins here is not closed"},
		{col + "    split: \"a\n", "m.yaml:5: the quotes that begin here are not closed"},
		{col + "   split: a\n", "m.yaml:3: the list that begins here has a line that is not indented as the others are"},
		{"version: 1\n- column: A\n", "m.yaml:2: a key is missing here, or a line is not indented as the others are"},
		{"version: 1\ncolumns:\n\t- column: A\n",
			"m.yaml:3: a text cannot begin so: put quotes around it, and indent with blanks, not tabs"},
		{"@version: 1", "m.yaml:1: a text cannot begin so: put quotes around it, and indent with blanks, not tabs"},
		{"version: 1\nmatch: \"a\x01\"",
			"m.yaml:2:10: the character U+0001 cannot stand here: write \"\\u0001\", in double quotes"},
		{"version: 1\nobject: a: b", "m.yaml:2: a \": \" stands inside a text: put quotes around the text"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			_, err := Parse("m.yaml", []byte(tt.text))
			var bad *Error
			require.ErrorAs(t, err, &bad)
			where := *bad
			where.Source = ""
			require.Equal(t, tt.want, where.Error())
			if bad.Column > 0 {
				require.Contains(t, bad.Source, "^", "the lines are shown with a caret")
			}
		})
	}
}

// What is shown of a file that is no mapping at all is a few lines, and not the file.
func TestExcerptIsShort(t *testing.T) {
	row := "ada@example.com,\"Ada\",+44 20 7946 0958\n"
	for name, text := range map[string]string{
		"a table":    "User ID,E-mail,Phone\n" + strings.Repeat(row, 200),
		"long lines": "version: 1\nobject: " + strings.Repeat("x", 5000) + "\nbogus: 1\n",
	} {
		_, err := Parse("m.yaml", []byte(text))
		var bad *Error
		require.ErrorAs(t, err, &bad, name)
		require.LessOrEqual(t, strings.Count(bad.Source, "\n"), 7, name)
		require.LessOrEqual(t, len(bad.Source), 1000, name)
	}
	_, err := Parse("m.yaml",
		[]byte("version: 1\nobject: users\ncolumns:\n  - column: A\n    bogus: b\n  - column: C\n    attribute: d\n"))
	require.ErrorContains(t, err, ">  5 |     bogus: b\n           ^")
}

// A small file can stand for a large one, by names for what was written before or by nesting. Neither may take memory.
func TestParseIsBounded(t *testing.T) {
	bomb := "version: 1\na0: &a0 [x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	deep := ""
	for i := range 1200 {
		deep += strings.Repeat(" ", i) + "a: &b\n"
	}
	for name, text := range map[string]string{
		"aliases":            bomb,
		"nested lists":       "version: 1\nignore: " + strings.Repeat("[", 9000),
		"nested mappings":    "version: 1\nignore: " + strings.Repeat("{a: ", 9000) + strings.Repeat("}", 9000),
		"nested aliases":     "version: 1\nx: &a [1]\nignore: " + strings.Repeat("[*a, ", 9000),
		"nested indentation": deep,
		"anchors in a row":   "version: 1\n" + strings.Repeat("&a x: ", 9000),
		"a long key":         strings.Repeat("k", 300_000) + ": [" + strings.Repeat("a,", 300_000) + "a]",
		"a large file":       "version: 1\n#" + strings.Repeat("x", 1<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Parse("m.yaml", []byte(text))
		runtime.ReadMemStats(&after)
		require.Error(t, err, name)
		require.Less(t, (after.TotalAlloc-before.TotalAlloc)>>20, uint64(300), name)
	}
}

func TestQuoteKeepsWhatCanBeRead(t *testing.T) {
	c := Column{Column: "Stage", Attribute: "stage", Values: []Pair{{"Closed Won", "Won 🎉"}, {"é", "a\u200bb"}}}
	require.Equal(t, `{column: Stage, attribute: stage, values: {Closed Won: "Won 🎉", "é": "a\u200Bb"}}`, c.Flow())
	f, err := Parse("m.yaml", []byte("version: 1\ncolumns: ["+c.Flow()+"]\n"))
	require.NoError(t, err)
	require.Equal(t, c.Values, f.Columns[0].Values)
}
