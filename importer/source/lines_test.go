package source

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLines(t *testing.T) {
	var l Lines
	require.Zero(t, l.Of(7))
	lines := []int{0, 2, 3, 4, 9, 10, 12}
	for row, line := range lines[1:] {
		l.Add(row+1, line)
	}
	for row, line := range lines {
		require.Equal(t, line, l.Of(row))
	}
	require.Len(t, l.turns, 3)
	require.Equal(t, "row 4 (line 9)", l.Place(4))
}
