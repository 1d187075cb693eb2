package share_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/share"
)

// The file of another version of the program is left as it is.
func TestAFileOfAnotherVersion(t *testing.T) {
	folder := t.TempDir()
	text := []byte("attio-bulk claims 2\n")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "w"), text, 0o600))
	_, err := share.Open(folder, "w").Claim("writes", 100, 25, 25)
	require.ErrorIs(t, err, share.ErrVersion)
	left, err := os.ReadFile(filepath.Join(folder, "w"))
	require.NoError(t, err)
	require.Equal(t, text, left)
}
