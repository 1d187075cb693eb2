package exporter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

var sandboxKey = strings.Repeat("k", 64)

// sandbox is a server with some users, a client in the same process, and a folder.
type sandbox struct {
	t      *testing.T
	server *attiotest.Server
	client *attio.Client
	schema *attio.Schema
	dir    string
	warned []string
}

func newSandbox(t *testing.T, users int, o attiotest.Options) *sandbox {
	t.Helper()
	seed := attiotest.Standard()
	for i := range seed.Objects {
		if seed.Objects[i].Slug == "users" {
			for n := range users {
				seed.Objects[i].Records = append(seed.Objects[i].Records, user(n))
			}
		}
	}
	o.Seed = seed
	if o.ReadLimit == 0 {
		o.ReadLimit = -1
	}
	b := &sandbox{t: t, server: attiotest.New(o), dir: t.TempDir()}
	client, err := attio.New(attio.Options{Key: attio.Secret(sandboxKey), Transport: b.server.Transport(), ReadRate: 1e6})
	require.NoError(t, err)
	b.client = client
	b.schema, err = client.Schema(t.Context(), "users")
	require.NoError(t, err)
	return b
}

// user is the n-th, of n hours into 1999: before the time at which synctest begins.
func user(n int) attiotest.Record {
	return attiotest.Record{
		CreatedAt: time.Date(1999, 1, 1, n, 0, 0, 0, time.UTC).Format(time.RFC3339),
		Values: map[string]json.RawMessage{
			"primary_email_address": json.RawMessage(fmt.Sprintf(`"u%d@example.com"`, n)),
			"user_id":               json.RawMessage(fmt.Sprintf(`"U%d"`, n)),
			"mrr":                   json.RawMessage(fmt.Sprint(n * 7 % 100)),
			"source":                json.RawMessage(fmt.Sprintf(`"line 1\nline; \"%d\""`, n)),
		},
	}
}

func (b *sandbox) path(name string) string { return filepath.Join(b.dir, name) }

func (b *sandbox) run(ctx context.Context, o Options) (Manifest, error) {
	b.t.Helper()
	if o.Out != "-" {
		o.Out = b.path(o.Out)
	}
	o.Warn = func(text string) { b.warned = append(b.warned, text) }
	if o.PageSize == 0 {
		o.PageSize = 20
	}
	if o.Schema == nil {
		o.Schema = b.schema
	}
	m, err := Run(ctx, b.client, o)
	require.Empty(b.t, b.server.Unhandled())
	b.noTemporaries()
	return m, err
}

func (b *sandbox) must(o Options) Manifest {
	b.t.Helper()
	m, err := b.run(b.t.Context(), o)
	require.NoError(b.t, err)
	return m
}

func (b *sandbox) read(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(b.path(name))
	require.NoError(b.t, err)
	return string(text)
}

// noTemporaries requires that nothing was left behind.
func (b *sandbox) noTemporaries() {
	b.t.Helper()
	left, err := filepath.Glob(filepath.Join(b.dir, ".attio-bulk-*"))
	require.NoError(b.t, err)
	require.Empty(b.t, left)
}

// column reads one column of a CSV file back.
func (b *sandbox) column(name, column string) []string {
	b.t.Helper()
	m, err := readManifest(b.path(name))
	require.NoError(b.t, err)
	f, err := openFlat(b.path(name), name, &m)
	require.NoError(b.t, err)
	defer f.Close()
	var cells []string
	for {
		row, err := f.next()
		if err != nil {
			return cells
		}
		for i, c := range f.columns {
			if c == column {
				cells = append(cells, row[i])
			}
		}
	}
}

func (b *sandbox) lines(name string) []map[string]any {
	b.t.Helper()
	var lines []map[string]any
	for line := range bytes.Lines([]byte(b.read(name))) {
		var m map[string]any
		require.NoError(b.t, json.Unmarshal(line, &m))
		lines = append(lines, m)
	}
	return lines
}
