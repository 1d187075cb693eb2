package journal

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fuzzedRun is the run that the heads of these tests name.
var fuzzedRun = Info{
	Schema: 1, ID: "r", Input: InputIdentity{SHA256: "i"}, MappingSHA256: "m", Object: "users", Mode: "create",
	WorkspaceID: "w",
}

// A journal whose last line was torn is cut there; whatever else is in it, reading ends with an error or an account,
// never a panic.
func FuzzJournal(f *testing.F) {
	head := `{"t":"head","version":1,"run":"r","input_sha256":"i","mapping_sha256":"m","object":"users",` +
		`"mode":"create","workspace_id":"w"}` + "\n"
	f.Add([]byte(head + `{"t":"intent","row":1,"at":"2026-01-02T03:04:05Z","write":"create","send":1}` + "\n"))
	f.Add([]byte(head + `{"t":"outcome","row":3,"line":4,"action":"created"}` + "\n" + `{"t":"outc`))
	f.Add([]byte(head + `{"t":"outcome","row":-1,"action":"flown"}` + "\n"))
	f.Add([]byte(head + `{"t":"intent","row":2}` + "\n"))
	f.Add([]byte(head + `{"t":"leg","at":"2026-01-02T03:04:05Z"}` + "\n" +
		`{"t":"want","key":"k","object":"people","at":"2026-01-02T03:04:05Z"}` + "\n" +
		`{"t":"also","object":"people","record_id":"r","want":"k"}` + "\n" + `{"t":"actor","actor":"a"}` + "\n" +
		`{"t":"void","row":4}` + "\n" +
		`{"t":"end","requests":{"writes":3},"seconds":1.5,"taken":9}` + "\n"))
	f.Add([]byte(head + `{"t":"undo","row":1,"record_id":"r"}` + "\n" +
		`{"t":"undone","row":1,"record_id":"r","result":"deleted"}` + "\n"))
	f.Add([]byte(`{"t":"head","version":2}` + "\n"))
	f.Add([]byte("\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		put(t, filepath.Join(dir, journalFile), string(text))
		info := fuzzedRun
		h, err := ReadHistory(dir, &info, nil, nil)
		if err != nil {
			return
		}
		require.LessOrEqual(t, h.whole, int64(len(text)))
		c := h.Counts
		require.Equal(t, c.Read, c.Created+c.Updated+c.Unchanged+c.Skipped+c.Conflict+c.Rejected+c.Unknown+c.Pending)
		for row := range h.rows {
			r, err := h.Result(row, true)
			require.NoError(t, err)
			require.True(t, r == nil || r.Row == row)
		}
		require.NoError(t, h.Close())
	})
}

// begun makes a run directory with a journal of these entries.
func begun(t testing.TB, entries ...Entry) *Dir {
	t.Helper()
	d, err := Create(filepath.Join(t.TempDir(), "run"), "users")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	info := fuzzedRun
	require.NoError(t, info.Write(d))
	w, err := NewWriter(d, &info)
	require.NoError(t, err)
	for _, e := range entries {
		require.NoError(t, w.Record(e))
	}
	require.NoError(t, w.Close())
	return d
}

var at = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestHistory(t *testing.T) {
	d := begun(t,
		&Session{At: at},
		&Intent{Row: 1, At: at, Write: "create", Send: 1},
		&Result{Row: 1, Line: 2, Outcome: Outcome{Action: Created, RecordID: "a", Attempts: 1}},
		&Intent{Row: 2, At: at, Write: "patch", Send: 1, Record: "b"},
		&Result{Row: 2, Line: 3, Outcome: Outcome{Action: Updated, RecordID: "b", Attempts: 3}},
		&Result{Row: 3, Line: 4, Outcome: Outcome{Action: Rejected, Errors: []Reject{{Code: "VAL001", OfCell: true}}}},
		&Intent{Row: 4, At: at, Write: "create", Send: 1}, &Aborted{Row: 4},
		&Intent{Row: 5, At: at, Write: "create", Send: 2},
		&Intent{Row: 6, At: at, Write: "create", Send: 1},
		&Result{Row: 6, Line: 7, Outcome: Outcome{Action: Unknown, Open: true}},
		&Intent{Row: 7, At: at, Write: "create", Send: 1}, &Result{Row: 7, Line: 8, Outcome: Outcome{Action: Unknown}},
		&Planned{At: at, Key: "k", Object: "people"}, &Planned{At: at, Key: "o", Object: "users", Attribute: "plan"},
		&Made{Object: "users", Attribute: "plan", Option: "id", Key: "o"}, &Actor{Actor: "api-token:x"},
	)
	info := fuzzedRun
	h, err := ReadHistory(d.Path(), &info, []Action{Rejected}, nil)
	require.NoError(t, err)
	require.Equal(t, Counts{Read: 3, Created: 1, Updated: 1, Unknown: 1}, h.Counts)
	require.Equal(t, []Action{"", Created, Updated, "", "", "", "", Unknown, ""}, actionsOf(h, 9))
	require.Equal(t, []int{5, 6, 7}, h.Unresolved())
	require.Equal(t, &OpenIntent{Write: "create", Sends: 2, At: at}, h.Intent(5))
	require.Nil(t, h.Intent(4))
	require.Equal(t, 3, h.Attempts(2))
	require.Equal(t, 2, h.Attempts(5))
	require.True(t, h.Retries(), "rejected rows are tried again, and an open unknown")
	require.True(t, h.Killed)
	require.True(t, h.SawAfter(5))
	require.False(t, h.SawAfter(7))
	require.Equal(t, map[string]int{"options": 1}, h.Made)
	require.Len(t, h.Planned, 1)
	require.Equal(t, "api-token:x", h.Actor)
	records := make(map[int]string)
	require.NoError(t, h.EachRecord(func(row int, record string) { records[row] = record }))
	require.Equal(t, map[int]string{1: "a", 2: "b"}, records)
	for row, want := range map[int]*Result{
		1: {Row: 1, Line: 2, Outcome: Outcome{Action: Created, RecordID: "a", Attempts: 1}}, 3: nil, 6: nil, 99: nil,
	} {
		r, err := h.Result(row, false)
		require.NoError(t, err)
		require.Equal(t, want, r)
	}
	r, err := h.Result(6, true)
	require.NoError(t, err)
	require.Equal(t, Unknown, r.Action)
	s := h.Summary(&info, 9, 1)
	require.Equal(t, Counts{Read: 5, Created: 1, Updated: 1, Unknown: 3}, s.Rows)
	require.Equal(t, ExitStopped, s.ExitCode)
	require.NoError(t, h.Close())

	w, err := Append(d, h)
	require.NoError(t, err)
	require.NoError(t, w.Record(&Session{At: at}))
	require.NoError(t, w.Record(&Result{Row: 6, Line: 7, Outcome: Outcome{Action: Created, RecordID: "c"}}))
	require.NoError(t, w.Record(&End{At: at, Requests: Requests{Writes: 2}, Taken: 9}))
	require.NoError(t, w.Close())
	h, err = ReadHistory(d.Path(), &info, nil, nil)
	require.NoError(t, err)
	require.False(t, h.Retries())
	require.False(t, h.Killed)
	require.Equal(t, Created, h.Action(6))
	require.EqualValues(t, 8, h.Requests.Writes, "six intents of the session that was killed, and two")
}

func actionsOf(h *History, n int) (out []Action) {
	for row := range n {
		out = append(out, h.Action(row))
	}
	return out
}

func TestHistoryOfAnotherRunIsRefused(t *testing.T) {
	d := begun(t)
	info := fuzzedRun
	info.ID = "another"
	_, err := ReadHistory(d.Path(), &info, nil, nil)
	var changed *ChangedError
	require.ErrorAs(t, err, &changed)
}

// A million rows that are done take eight bytes each, whatever the journal holds of them.
func BenchmarkHistory(b *testing.B) {
	const rows = 1_000_000
	d := begun(b)
	name := d.File(journalFile)
	var text strings.Builder
	line := []byte{}
	for row := 1; row <= rows; row++ {
		id := fmt.Sprintf("%08d-0000-4000-8000-000000000000", row)
		r := Result{Row: row, Line: row + 1, Outcome: Outcome{
			Action: Created, RecordID: id, WebURL: "https://app.attio.com/x/users/record/" + id, Attempts: 1,
			Answer: map[string]string{"user_id": "0123456789abcdef", "primary_email_address": "fedcba9876543210"},
		}}
		line, _ = appendEntry(line[:0], &r)
		text.Write(line)
	}
	appendTo(b, name, text.String())
	text.Reset()
	info := fuzzedRun
	for b.Loop() {
		before := heap()
		h, err := ReadHistory(d.Path(), &info, nil, nil)
		require.NoError(b, err)
		require.Equal(b, rows, h.Counts.Created)
		b.ReportMetric(float64(heap()-before)/rows, "bytes/row")
		runtime.KeepAlive(h)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// What was planned again by a later session may have been made by the first one already.
func TestPlannedAgainIsPlannedSinceTheFirst(t *testing.T) {
	d := begun(t, &Planned{At: at, Key: "k", Object: "people"},
		&Planned{At: at.Add(time.Hour), Key: "k", Object: "people"})
	info := fuzzedRun
	h, err := ReadHistory(d.Path(), &info, nil, nil)
	require.NoError(t, err)
	require.Equal(t, at, h.Planned["k"].At)
}
