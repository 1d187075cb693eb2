package importer

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// checkMapping maps the columns of benchFile.
const checkMapping = `version: 1
columns:
  - {column: id, attribute: user_id}
  - {column: First name, attribute: full_name.first_name}
  - {column: Last name, attribute: full_name.last_name}
  - {column: E-mail, attribute: primary_email_address}
  - {column: Signed up, attribute: last_seen_at}
  - {column: MRR, attribute: mrr}
  - {column: Plan, attribute: plan, values: {Professional plan: Professional}}
  - {column: Note, attribute: source}
`

// BenchmarkDryRun is everything that is done for a row before its write, against an empty workspace: surveyed, read,
// converted, claimed, decided and recorded.
func BenchmarkDryRun(b *testing.B) {
	const rows = 200_000
	path := benchFile(b, rows)
	c, err := attio.New(attio.Options{Key: attio.Secret(testKey),
		Transport: attiotest.New(attiotest.Options{}).Transport()})
	require.NoError(b, err)
	schema, err := c.Schema(b.Context(), "users")
	require.NoError(b, err)
	f, err := mapfile.Parse("users.yaml", []byte(checkMapping))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		sum, err := Run(b.Context(), c, Options{
			In: source.Options{Path: path}, Mapping: f, RunDir: filepath.Join(b.TempDir(), "run"), DryRun: true,
			ReadSchema: func(context.Context, ...string) (*attio.Schema, error) { return schema, nil },
		})
		require.NoError(b, err)
		b.SetBytes(sum.Input.Bytes)
		require.Equal(b, journal.Counts{Read: rows, Created: rows}, sum.Rows)
	}
}
