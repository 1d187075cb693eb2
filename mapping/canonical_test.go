package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// What headers alone say is a mapping file too: written out and read again it binds to the same values.
func TestCanonicalFileOfHeaders(t *testing.T) {
	headers := []string{"USER-ID", "primary email address", "Full name.First name", "record_id"}
	p := bindHeaders(t, "users", Create, headers...)
	f, err := mapfile.Parse("made.yaml", p.File.YAML())
	require.NoError(t, err)
	q, err := Bind(f, Input{Name: "users.csv", Columns: headers}, world.Schema(), BindOptions{Object: "users"})
	require.NoError(t, err)
	var a, b Record
	cells := row("u1", "a@b.com", "Ada", world.AdaID)
	require.Empty(t, p.Values(cells, &a))
	require.Empty(t, q.Values(cells, &b))
	require.Equal(t, string(p.Encode(nil, a.Fields)), string(q.Encode(nil, b.Fields)))
}
