package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
)

func TestPreviewShowsRowsAsTheyWillStand(t *testing.T) {
	require.Empty(t, previewText(nil))
	require.Error(t, checkPreview(-1))
	require.NoError(t, checkPreview(0))
	require.Equal(t, "the first 2 rows that would be sent, as they will stand in Attio:\n"+
		"  row 1 (line 2), a new record\n    user_id: u1\n    note: "+strings.Repeat("x", 63)+"…\n"+
		"  row 4 (line 7), an update\n    plan: Free → Pro␛[31m\n    note: empty → new\n    tags: old → empty",
		previewText([]mapping.Preview{
			{Row: 1, Line: 2, Record: []mapping.Standing{{Attribute: "user_id", Value: "u1"},
				{Attribute: "note", Value: strings.Repeat("x", 100)}}},
			{Row: 4, Line: 7, Update: true, Record: []mapping.Standing{{Attribute: "plan", Old: "Free", Value: "Pro\x1b[31m"},
				{Attribute: "note", Value: "new"}, {Attribute: "tags", Old: "old"}}},
		}))
}
