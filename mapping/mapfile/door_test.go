package mapfile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// What a program makes is written as what Parse makes the same of.
func TestAMappingMadeByAProgram(t *testing.T) {
	f := &mapfile.File{
		Object: "users", Match: "user_id",
		Columns: []mapfile.Column{
			{Column: "Plan: name", Attribute: "plan", Missing: value.MissingCreate, Blank: mapfile.BlankReject,
				Several: mapfile.Replace, OnError: mapfile.DropValue,
				Values:    []mapfile.Pair{{Cell: "g", Value: "Gold"}},
				Transform: []mapfile.Transform{{Name: "trim"}, {Name: "split", At: "/", Part: -1}}},
		},
		Constants: []mapfile.Constant{{Attribute: "source", Values: []string{"shop"}}},
		Ignore:    []string{"#3"},
	}
	text := f.YAML()
	again, err := mapfile.Parse("users.yaml", text)
	require.NoError(t, err, "%s", text)
	require.Equal(t, string(text), string(again.YAML()))
	require.Contains(t, string(text), f.Columns[0].Transform[1].String())
	require.NotEmpty(t, again.Place("object"))
	require.Empty(t, f.Place("object"), "nobody has typed it")
}

func TestFaultsOfAMappingHaveAPlace(t *testing.T) {
	_, err := mapfile.Parse("users.yaml", []byte("version: 1\ncolumns:\n  - {column: A, property: b}\n"))
	e, ok := errors.AsType[*mapfile.Error](err)
	require.True(t, ok)
	require.Equal(t, 3, e.Line)
	require.True(t, strings.HasPrefix(e.Error(), "users.yaml:3:"), e.Error())
	require.NotEmpty(t, e.Source)
}

func TestTextsAreWrittenAsYAML(t *testing.T) {
	require.Equal(t, "plain", mapfile.Quote("plain"))
	for _, text := range []string{"yes", "1", "a: b", "# no", "", "é\n"} {
		require.True(t, strings.HasPrefix(mapfile.Quote(text), `"`), text)
	}
	var b strings.Builder
	mapfile.Line(&b, "match", "")
	mapfile.Line(&b, "object", "users")
	require.Equal(t, "object: users\n", b.String())
}
