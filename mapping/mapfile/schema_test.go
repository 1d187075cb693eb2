package mapfile

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// published is the schema that editors are pointed to.
func published(t *testing.T) *jsonschema.Schema {
	text, err := os.ReadFile("../../samples/mapping.schema.json")
	require.NoError(t, err)
	var s jsonschema.Schema
	require.NoError(t, json.Unmarshal(text, &s))
	require.True(t, strings.HasSuffix(SchemaLine, "/samples/mapping.schema.json"))
	return &s
}

// keysOf are the keys that an object of a schema may have, and no others.
func keysOf(t *testing.T, s *jsonschema.Schema) []string {
	require.Equal(t, &jsonschema.Schema{Not: &jsonschema.Schema{}}, s.AdditionalProperties, "no other key")
	return slices.Sorted(maps.Keys(s.Properties))
}

func TestSchemaHasTheKeysOfTheParser(t *testing.T) {
	s := published(t)
	require.ElementsMatch(t, fileKeys, keysOf(t, s))
	require.Equal(t, []string{"version"}, s.Required)
	column := s.Definitions["column"]
	require.ElementsMatch(t, columnKeyNames, keysOf(t, column))
	require.Equal(t, []string{"column", "attribute"}, column.Required)
	for _, k := range columnKeys {
		var choices []any
		for _, c := range k.choices {
			choices = append(choices, c)
		}
		require.Equal(t, choices, column.Properties[k.name].Enum, k.name)
		require.NotEmpty(t, column.Properties[k.name].Description, k.name)
	}
	for _, name := range fileKeys {
		require.NotEmpty(t, s.Properties[name].Description, name)
	}

	var names []string
	for _, one := range s.Definitions["transform"].OneOf {
		for _, name := range one.Enum {
			names = append(names, name.(string))
			require.Empty(t, transformUse[name.(string)], "it needs no settings")
		}
		for name, settings := range one.Properties {
			names = append(names, name)
			require.NotEmpty(t, transformUse[name], "it needs settings")
			require.Equal(t, []string{name}, keysOf(t, one))
			require.ElementsMatch(t, transformKeys[name], slices.Collect(maps.Keys(settings.Properties)))
		}
	}
	require.ElementsMatch(t, transformNames, names)
}

func TestSchemaAgreesWithTheParser(t *testing.T) {
	resolved, err := published(t).Resolve(nil)
	require.NoError(t, err)
	valid := func(text string) error {
		var doc any
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			return err
		}
		js, err := json.Marshal(doc)
		require.NoError(t, err, text)
		var instance any
		require.NoError(t, json.Unmarshal(js, &instance))
		return resolved.Validate(instance)
	}
	samples, err := filepath.Glob("../../samples/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, samples)
	for _, name := range samples {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		_, err = Parse(name, text)
		require.NoError(t, err)
		require.NoError(t, valid(string(text)), name)
	}

	const col = "version: 1\ncolumns:\n  - column: A\n    attribute: b\n"
	for text, ok := range map[string]bool{
		strings.ReplaceAll(everyKey, "1: Free, true:", "'1': Free, 'true':"): true,
		"version: 1\ncolumns:\nignore:\n":                                    true,
		col + "    transform: [trim, {default: 3}]\n":                        true,
		"version: 2\n":                                                false,
		"object: users\n":                                             false,
		"version: 1\nobjekt: users\n":                                 false,
		"version: 1\nobject: 12\n":                                    false,
		"version: 1\nignore: A\n":                                     false,
		"version: 1\nignore_rest: 1\n":                                false,
		"version: 1\nheader_row: 0\n":                                 false,
		"version: 1\nheader_row: third\n":                             false,
		"version: 1\nskip_footer: -1\n":                               false,
		"version: 1\nskip_footer: '1'\n":                              false,
		"version: 1\ndelimiter: 1\n":                                  false,
		"version: 1\nquote: '`'\n":                                    false,
		"version: 1\nescape: caret\n":                                 false,
		"version: 1\nheader_row: none\nsheet: 2\n":                    true,
		"version: 1\nheader_row: 3-4\nskip_footer: 0\nquote: \"'\"\n": true,
		"version: 1\nheader_row: 3\ndelimiter: ';'\nescape: double\nsheet: Users\nencoding: utf-8\n": true,
		"version: 1\ncolumns: {a: b}\n":                               false,
		"version: 1\ncolumns:\n  - column: A\n":                       false,
		"version: 1\nconstants: {a: {b: c}}\n":                        false,
		"version: 1\nconstants: {a: []}\n":                            false,
		col + "    on_eror: drop\n":                                   false,
		col + "    blank: never\n":                                    false,
		col + "    split: ''\n":                                       false,
		col + "    values: [a]\n":                                     false,
		col + "    values: {a: [b]}\n":                                false,
		col + "    transform: lower\n":                                false,
		col + "    transform: [exec]\n":                               false,
		col + "    transform: [regex]\n":                              false,
		col + "    transform: [{regex: {replace: a}}]\n":              false,
		col + "    transform: [{split: {at: x, part: 0}}]\n":          false,
		col + "    transform: [{split: {at: x}}]\n":                   false,
		col + "    transform: [{join: {with: x}}]\n":                  false,
		col + "    transform: [{join: {columns: [a], width: x}}]\n":   false,
		col + "    transform: [{regex: {find: a}, split: {at: x}}]\n": false,
	} {
		_, err := Parse("m.yaml", []byte(text))
		require.Equal(t, ok, err == nil, "parser: %v: %s", err, text)
		err = valid(text)
		require.Equal(t, ok, err == nil, "schema: %v: %s", err, text)
	}
}
