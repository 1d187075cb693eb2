package importer

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJournalWritesOutcomesAsTheirStructsSay(t *testing.T) {
	whole := entry{
		Kind: kindOutcome, Row: 7, Line: 9, Action: Created, Record: "5d2b", URL: "https://app.attio.com/x?a=1&b=<2>", Attempts: 3,
		Answer: map[string]string{"user_id": "0123456789abcdef", "a \"b\"": "fedcba9876543210"},
	}
	for name, e := range map[string]entry{
		"bare":    {Kind: kindOutcome, Row: 1, Line: 2, Action: Unchanged},
		"whole":   whole,
		"nothing": {Kind: kindOutcome, Row: 1, Line: 2, Action: Created, Answer: map[string]string{}},
	} {
		require.True(t, e.plain(), name)
		line := e.appendPlain(nil)
		require.Equal(t, byte('\n'), line[len(line)-1], name)
		want, err := json.Marshal(&e)
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(line), name)
	}
	for name, edit := range map[string]func(*entry){
		"intent":    func(e *entry) { e.Kind = kindIntent },
		"message":   func(e *entry) { e.Message = "why" },
		"open":      func(e *entry) { e.Open = true },
		"conflicts": func(e *entry) { e.Conflicts = []entryConflict{{Kind: InFile}} },
		"errors":    func(e *entry) { e.Errors = []entryReject{{Code: "VAL001"}} },
	} {
		e := whole
		edit(&e)
		require.False(t, e.plain(), "%s: has more to it", name)
	}
}
