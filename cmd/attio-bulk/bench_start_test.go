//go:build unix

package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkVersion is what every call of the program costs at least: the least of many, since a busy machine only adds,
// and the median.
func BenchmarkVersion(b *testing.B) {
	binary := program(b)
	st, err := os.Stat(binary)
	require.NoError(b, err)
	least := 1e9
	compare(b, rounds(b, 40), contender{"", func() map[string]float64 {
		u := start(b, "", binary, "version").wait(b, 0)
		require.Contains(b, string(u.out), "attio-bulk")
		ms := u.wall.Seconds() * 1e3
		least = min(least, ms)
		return map[string]float64{"ms": ms, "cpu-ms": u.cpu.Seconds() * 1e3, "binary-MB": float64(st.Size()) / 1e6}
	}})
	b.ReportMetric(least, "least-ms")
}
