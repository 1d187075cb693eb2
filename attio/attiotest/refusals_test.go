package attiotest

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRefusedBodies sends bodies that are wrong in one place each, and holds the whole answer against the one that is
// written down: testdata/refusals.txt has a request a line, and below it, indented, its answer.
func TestRefusedBodies(t *testing.T) {
	data, err := os.ReadFile("testdata/refusals.txt")
	require.NoError(t, err)
	a, names := furnished(t, Options{})
	require.NoError(t, a.s.AddEntry("leads", "people", names.Replace("@ada")))
	before := a.s.Workspace()
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	for i := 0; i < len(lines); i += 2 {
		words := strings.SplitN(lines[i], " ", 3)
		r := a.do(words[0], names.Replace(words[1]), names.Replace(words[2]))
		require.Equal(t, strings.TrimSpace(lines[i+1]), r.shape(), lines[i])
	}
	require.Equal(t, before, a.s.Workspace(), "what is refused changes nothing")
}
