package journal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

func TestResultsAreWrittenAsTheirStructsSay(t *testing.T) {
	whole := Result{Row: 7, Line: 9, Outcome: Outcome{
		Action: Created, RecordID: "5d2b", WebURL: "https://app.attio.com/x?a=1&b=<2>", Attempts: 3,
		Answer: map[string]string{"user_id": "0123456789abcdef", "a \"b\"": "fedcba9876543210"},
	}}
	said := whole
	said.Message = "why"
	for name, r := range map[string]Result{
		"bare":    {Row: 1, Line: 2, Outcome: Outcome{Action: Unchanged}},
		"whole":   whole,
		"nothing": {Row: 1, Line: 2, Outcome: Outcome{Action: Created, Answer: map[string]string{}}},
		"said":    said,
		"open":    {Row: 1, Line: 2, Outcome: Outcome{Action: Unknown, Open: true}},
		"reports": {Row: 1, Line: 2, Outcome: Outcome{
			Action: Conflicts, Conflicts: []Conflict{{Kind: InFile}}, Errors: []Reject{{Code: "VAL001"}},
		}},
	} {
		line, err := appendEntry(nil, &r)
		require.NoError(t, err)
		want, err := json.Marshal(&r)
		require.NoError(t, err)
		require.JSONEq(t, `{"t":"outcome",`+string(want[1:]), string(line), name)
	}
}

// Every kind of entry is read as it was written, kind first.
func TestEntriesAreReadAsTheyWereWritten(t *testing.T) {
	info := fuzzedRun
	for _, e := range []Entry{
		info.head(), &Session{At: at}, &Intent{Row: 1, At: at, Write: "put", Send: 2, Record: "r"}, &Aborted{Row: 1},
		&Aborted{Key: "k"},
		&Result{Row: 1, Line: 2, Outcome: Outcome{Action: Created}}, &Planned{At: at, Key: "k", Object: "people"},
		&Made{Object: "people", Record: "r", Key: "k"},
		&Actor{Actor: "a"}, &End{At: at, Requests: Requests{Reads: 1}, Taken: 7}, &Undoing{Row: 1, At: at, Record: "r"},
		&Undone{Row: 1, Record: "r", Result: UndoKept, Message: "why"},
	} {
		line, err := appendEntry(nil, e)
		require.NoError(t, err)
		require.True(t, json.Valid(line), "%s", line)
		got, err := parse(line)
		require.NoError(t, err, "%s", line)
		require.Equal(t, e, got)
		require.True(t, got.sound(), "%s", line)
	}
}

func appendTo(t testing.TB, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// A torn last line is cut off; anything else that no journal says is refused, with its place.
func TestDamagedJournals(t *testing.T) {
	for _, c := range []struct{ text, reason string }{
		{`{"t":"outc`, ""},
		{"\x00\x00\x00\n", ""},
		{"{\"t\":\"outcome\",\"row\":1,\"action\":\"flown\"}\n", errUnfit.Error()},
		{"{\"t\":\"dance\"}\n", errUnfit.Error()},
		{"{\"row\":1}\n", errUnfit.Error()},
		{"nothing\n{\"t\":\"leg\"}\n", errNoLine.Error()},
		{"{\"t\":\"head\",\"version\":2}\n", "journal of version 2; this program writes version 1"},
	} {
		d := begun(t, &Session{At: at}, &Result{Row: 1, Line: 2, Outcome: Outcome{Action: Created}})
		appendTo(t, d.File(journalFile), c.text)
		info := fuzzedRun
		h, err := ReadHistory(d.Path(), &info, nil, nil)
		if c.reason != "" {
			var damaged *Error
			require.ErrorAs(t, err, &damaged, c.text)
			require.Equal(t, 4, damaged.Line)
			require.Equal(t, c.reason, damaged.Reason)
			continue
		}
		require.NoError(t, err, c.text)
		w, err := Append(d, h)
		require.NoError(t, err)
		require.NoError(t, w.Record(&Result{Row: 2, Line: 3, Outcome: Outcome{Action: Created}}))
		require.NoError(t, w.Close())
		h, err = ReadHistory(d.Path(), &info, nil, nil)
		require.NoError(t, err, c.text)
		require.Equal(t, 2, h.Counts.Created)
	}
}

// Nothing that could not be recorded is acknowledged, whatever else has failed before, and one flush serves all that
// wait.
func TestAnnounceReturnsWhenItIsOnDisk(t *testing.T) {
	defer func(was func(step, name string) error) { durable.Fault = was }(durable.Fault)
	for _, fails := range []string{"", BeforeFile, journalFile} {
		d := begun(t)
		info := fuzzedRun
		h, err := ReadHistory(d.Path(), &info, nil, nil)
		require.NoError(t, err)
		w, err := Append(d, h)
		require.NoError(t, err)
		durable.Fault = func(step, name string) error {
			if fails != "" && step == "write" && filepath.Base(name) == fails {
				return &os.PathError{Op: step, Path: name, Err: syscall.ENOSPC}
			}
			return nil
		}
		var all sync.WaitGroup
		errs := make([]error, 50)
		for i := range errs {
			all.Go(func() {
				errs[i] = w.Announce(&BeforeImage{Row: i + 1, Record: "r"},
					&Intent{Row: i + 1, At: at, Write: "patch", Send: 1, Record: "r"})
			})
		}
		all.Wait()
		text, err := os.ReadFile(d.File(journalFile))
		require.NoError(t, err)
		images, err := ReadBeforeImages(d.Path())
		require.NoError(t, err)
		for _, err := range errs {
			if fails == "" {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, syscall.ENOSPC)
			}
		}
		if fails == "" {
			require.Equal(t, 50, strings.Count(string(text), `"t":"intent"`))
			require.Len(t, images, 50)
			require.NoError(t, w.Close())
			continue
		}
		require.NotContains(t, string(text), `"t":"intent"`)
		durable.Fault = func(string, string) error { return nil }
		require.ErrorIs(t, w.Announce(nil, &Aborted{Row: 1}), syscall.ENOSPC, "what follows a lost line is not written")
		require.ErrorIs(t, w.Close(), syscall.ENOSPC)
	}
}
