package exporter

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// Ready finds what Run would refuse, with and without the schema, and leaves nothing on the disk.
func TestReady(t *testing.T) {
	b := newSandbox(t, 1, attiotest.Options{})
	out, now := b.path("new/users.csv"), time.Now()
	for _, o := range []Options{{}, {Out: b.path("users.csv")}, {Out: out, MakeFolder: true}} {
		require.NoError(t, o.Ready(now))
		o.Schema = b.schema
		require.NoError(t, o.Ready(now))
	}
	unknown := Options{Columns: []string{"nothing"}}
	require.NoError(t, unknown.Ready(now), "not known without the schema")
	var problems problem.Problems
	unknown.Schema = b.schema
	require.ErrorAs(t, unknown.Ready(now), &problems)
	var none *NotWholeError
	require.ErrorAs(t, Options{Out: b.path("users.csv"), ChangesSince: b.path("none.csv")}.Ready(now), &none)

	err := Options{Out: out}.Ready(now)
	var folder *NoFolderError
	require.ErrorAs(t, err, &folder)
	require.Equal(t, b.path("new"), folder.Path)
	require.ErrorIs(t, err, fs.ErrNotExist)

	left, err := os.ReadDir(b.dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// What an import asks of the manifest beside its file.
func TestManifestBesideAFile(t *testing.T) {
	b := newSandbox(t, 2, attiotest.Options{})
	b.must(Options{Out: "none.jsonl", Filter: []byte(`{"user_id":"nobody"}`), Columns: []string{"user_id", "plan"}})
	require.Equal(t, []string{"user_id", "plan"}, ColumnsOfNone(b.path("none.jsonl")))
	b.must(Options{Out: "some.jsonl"})
	require.Nil(t, ColumnsOfNone(b.path("some.jsonl")))
	require.Nil(t, ColumnsOfNone(b.path("nowhere.jsonl")))
	require.NoError(t, os.WriteFile(b.path("cut.jsonl"), nil, 0o600))
	require.Nil(t, ColumnsOfNone(b.path("cut.jsonl")), "without a manifest an empty file may have been cut")

	b.must(Options{Out: "sheet.csv", Spreadsheet: true})
	require.True(t, MadeForSpreadsheet(b.path("sheet.csv")))
	b.must(Options{Out: "plain.csv"})
	require.False(t, MadeForSpreadsheet(b.path("plain.csv")))
	require.False(t, MadeForSpreadsheet(b.path("nowhere.csv")))
}

func TestNamesFile(t *testing.T) {
	for name, want := range map[string]bool{"users.csv": true, "a/b.JSONL": true, "x.csv.zst": true, "backup": false,
		"v1.2": false} {
		require.Equal(t, want, NamesFile(name), name)
	}
}

// A folder that is to be made is made for records, not for a start that is refused.
func TestARefusedStartMakesNoFolder(t *testing.T) {
	wrongKey := errors.New("wrong key")
	for name, tc := range map[string]struct {
		o    Options
		read error
		left int
	}{
		"a schema that cannot be read": {Options{}, wrongKey, 0},
		"an unknown column":            {Options{Columns: []string{"nothing"}}, nil, 0},
		"a filter that Attio refuses":  {Options{Filter: json.RawMessage(`{"emial":"x"}`)}, nil, 0},
		"records":                      {Options{}, nil, 1},
		"no records":                   {Options{Filter: json.RawMessage(`{"user_id":"nobody"}`)}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSandbox(t, 3, attiotest.Options{})
			tc.o.Out, tc.o.MakeFolder = b.path("new/day/users.csv"), true
			tc.o.ReadSchema = func(context.Context) (*attio.Schema, error) { return b.schema, tc.read }
			_, err := Run(t.Context(), b.client, tc.o)
			require.Equal(t, tc.left == 0, err != nil, "%v", err)
			left, err := os.ReadDir(b.dir)
			require.NoError(t, err)
			require.Len(t, left, tc.left)
		})
	}
}
