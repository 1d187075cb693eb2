package mapfile

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A mapping file can be any bytes: Parse answers, and what it takes is written in a form from which it reads the same
// again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(everyKey))
	f.Add([]byte("version: 1\ncolumns: [{column: \"\\u00e9\", attribute: a.b, values: {1: 2}}]"))
	f.Add([]byte("a: &x [*x]\n? b"))
	f.Add([]byte("version: 1\nobject: |\n  x\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("f", text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := Parse("f", file.YAML())
		require.NoError(t, err, "%s", file.YAML())
		require.Equal(t, unplaced(file), unplaced(again))
	})
}
