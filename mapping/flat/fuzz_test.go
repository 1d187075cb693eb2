package flat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An export for spreadsheets leaves no formula, and what it changed comes back.
func FuzzNeutral(f *testing.F) {
	for _, s := range []string{"=1", "'=1", " +1", "-5", "＝x", "''"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		require.Equal(t, s, Plain(Neutral(s)))
		require.False(t, formula(Neutral(s)))
	})
}
