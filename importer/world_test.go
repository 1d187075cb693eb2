package importer

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// testKey is of the length that Attio's keys have.
var testKey = strings.Repeat("k", 64)

// world is a sandbox, a client that talks to it in process, and a folder.
type world struct {
	t      *testing.T
	server *attiotest.Server
	client *attio.Client
	dir    string
}

func newWorld(t *testing.T, o attiotest.Options) *world {
	t.Helper()
	server := attiotest.New(o)
	return &world{t: t, server: server, client: newClient(t, server), dir: t.TempDir()}
}

func newClient(t *testing.T, server *attiotest.Server) *attio.Client {
	t.Helper()
	c, err := attio.New(attio.Options{Key: attio.Secret(testKey), Transport: server.Transport()})
	require.NoError(t, err)
	return c
}

// job is one import of a file, given as text.
type job struct {
	name    string // of the file; "" for users.csv
	text    string
	mapping string // YAML; "" for headers
	mode    mapping.Mode
	match   string
	object  string
	edit    func(*Options)
	dir     string // run directory; "" for a new one
}

// run imports and checks that the accounts agree, whatever came of it.
func (w *world) run(ctx context.Context, j job) (journal.Summary, string, error) {
	w.t.Helper()
	if j.dir == "" {
		j.dir = filepath.Join(w.t.TempDir(), "run")
	}
	sum, err := w.attempt(ctx, j)
	w.checkAccounts(j.dir, sum)
	return sum, j.dir, err
}

// attempt imports into j.dir.
func (w *world) attempt(ctx context.Context, j job) (journal.Summary, error) {
	w.t.Helper()
	name := j.name
	if name == "" {
		name = "users.csv"
	}
	path := filepath.Join(w.dir, name)
	require.NoError(w.t, os.WriteFile(path, []byte(j.text), 0o600))
	o := Options{In: source.Options{Path: path}, Object: j.object, Match: j.match, Mode: j.mode, RunDir: j.dir}
	if j.mapping != "" {
		var err error
		o.Mapping, err = mapfile.Parse("users.yaml", []byte(j.mapping))
		require.NoError(w.t, err)
	}
	if j.edit != nil {
		j.edit(&o)
	}
	return Run(ctx, w.client, o)
}

// resume goes on with a run until it ends, with a client of its own, as another process would.
func (w *world) resume(ctx context.Context, dir string, retry ...journal.Action) (journal.Summary, error) {
	w.t.Helper()
	return w.resumeWith(ctx, dir, func(o *ResumeOptions) { o.Retry = retry })
}

// resumeWith is resume with other options.
func (w *world) resumeWith(ctx context.Context, dir string, edit func(*ResumeOptions)) (journal.Summary, error) {
	w.t.Helper()
	info, _, err := journal.Load(dir)
	require.NoError(w.t, err)
	client := newClient(w.t, w.server)
	schema, err := client.Schema(context.WithoutCancel(ctx), info.Object)
	require.NoError(w.t, err)
	d, err := journal.Open(dir)
	require.NoError(w.t, err)
	o := ResumeOptions{Schema: schema}
	edit(&o)
	sum, err := Resume(ctx, client, d, o)
	require.NoError(w.t, d.Close())
	w.checkAccounts(dir, sum)
	return sum, err
}

// checkAccounts proves that summary, results.csv and the journal tell the same story, and that the sum holds.
func (w *world) checkAccounts(dir string, sum journal.Summary) {
	w.t.Helper()
	c := sum.Rows
	require.Equal(w.t, c.Read, c.Created+c.Updated+c.Unchanged+c.Skipped+c.Conflict+c.Rejected+c.Unknown+c.Pending,
		"the sum of the accounts")
	info, onDisk, err := journal.Load(dir)
	require.NoError(w.t, err)
	require.Equal(w.t, c, onDisk.Rows)
	require.Equal(w.t, sum.Dropped, onDisk.Dropped)
	var results journal.Counts
	last := 0
	rows := make(map[int]journal.Action)
	for _, row := range readRows(w.t, filepath.Join(dir, journal.ResultsFile)) {
		n := atoi(w.t, row["row"])
		require.Greater(w.t, n, last, "results.csv stands in the order of rows, one line each")
		last = n
		rows[n] = journal.Action(row["action"])
		results.Add(journal.Action(row["action"]), 1)
		results.Read++
	}
	var dropped journal.Dropped
	values := make(map[string]int)
	for _, row := range readRows(w.t, filepath.Join(dir, journal.DroppedFile)) {
		require.NotEqual(w.t, journal.Rejected, rows[atoi(w.t, row["row"])])
		values[row["row"]]++
	}
	for _, n := range values {
		dropped.Add(n)
	}
	require.Equal(w.t, dropped, sum.Dropped, "dropped.csv")
	open := make(map[int]bool)
	h, err := journal.ReadHistory(dir, &info, nil, func(e journal.Entry) {
		if r, ok := e.(*journal.Result); ok {
			open[r.Row] = r.Open
		}
	})
	require.NoError(w.t, err)
	kept := h.Counts
	for row, unknown := range open {
		if unknown && h.Action(row) == "" { // until resume has looked
			kept.Add(journal.Unknown, 1)
			kept.Read++
		}
	}
	c.Read, c.Pending = c.Read-c.Pending, 0
	require.Equal(w.t, c, results, "results.csv")
	require.Equal(w.t, c, kept, "journal.jsonl")
}

// readRows reads a CSV report as maps; none when there is no file.
func readRows(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, rec := range all[1:] {
		row := make(map[string]string)
		for i, h := range all[0] {
			row[h] = rec[i]
		}
		out = append(out, row)
	}
	return out
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	var n int
	require.NoError(t, json.Unmarshal([]byte(s), &n))
	return n
}

// column picks one column of a report.
func column(rows []map[string]string, name string) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r[name]
	}
	return out
}

// isCreate fits the create calls of records.
func isCreate(r *http.Request, _ []byte) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/records")
}
