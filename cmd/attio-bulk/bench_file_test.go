//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// manyRows is the size of the large file: 200 MB.
const manyRows = 1_000_000

// BenchmarkDryRun is what there is to do for a file of a million rows before the first write: read it, convert it, find duplicates, and
// write the reports. The workspace is empty, so that nothing but the file limits it. The script reads it, checks that each
// row is well formed and remembers the keys.
func BenchmarkDryRun(b *testing.B) {
	path, size := benchFile(b, 0, manyRows)
	_, base := sandboxOf(b, attiotest.Options{}, 0)
	speed := func(u usage) map[string]float64 {
		return map[string]float64{"MB/s": float64(size) / 1e6 / u.wall.Seconds(), "rss-MB": u.rss, "cpu-us/row": u.micros(manyRows)}
	}
	ours := contender{"", func() map[string]float64 {
		p := start(b, base, importOf(b, path, "--dry-run")...)
		u := p.wait(b, 0)
		require.Equal(b, manyRows, rowsOf(b, u.out).Created)
		require.NoError(b, os.RemoveAll(filepath.Join(p.cmd.Dir, "run")))
		return speed(u)
	}}
	scripts := baselines(b, func(args []string) map[string]float64 {
		u := start(b, base, append(args, path)...).wait(b, 0)
		require.Equal(b, "1000000 rows, 0 bad\n", string(u.out))
		return speed(u)
	}, "check.py")
	compare(b, rounds(b, 3), append([]contender{ours}, scripts...)...)
}
