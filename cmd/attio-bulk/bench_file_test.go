//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/check"
)

// manyRows is the size of the large file: 200 MB.
const manyRows = 1_000_000

// BenchmarkDryRun is what there is to do for a file of a million rows before the first write: read it, convert it, find
// duplicates, and write the reports. The workspace is empty, so that nothing but the file limits it. The script reads
// it, checks that each row is well formed and remembers the keys.
func BenchmarkDryRun(b *testing.B) {
	benchOfFile(b, func(path, base string) usage {
		p := start(b, base, importOf(b, path, "--dry-run")...)
		u := p.wait(b, 0)
		require.Equal(b, manyRows, rowsOf(b, u.out).Created)
		require.NoError(b, os.RemoveAll(filepath.Join(p.cmd.Dir, "run")))
		return u
	})
}

// BenchmarkMappingCheck is the same file under mapping check, which reads it once and writes no reports.
func BenchmarkMappingCheck(b *testing.B) {
	benchOfFile(b, func(path, base string) usage {
		u := start(b, base, program(b), "mapping", "check", path, "--mapping",
			filepath.Join(filepath.Dir(path), "users.yaml"), "--json", "--quiet").wait(b, 0)
		var report check.Report
		require.NoError(b, json.Unmarshal(u.out, &report))
		require.Equal(b, manyRows, report.Importable)
		return u
	})
}

func benchOfFile(b *testing.B, ours func(path, base string) usage) {
	path, size := benchFile(b, 0, manyRows)
	_, base := sandboxOf(b, attiotest.Options{}, 0)
	speed := func(u usage) map[string]float64 {
		return map[string]float64{"MB/s": float64(size) / 1e6 / u.wall.Seconds(), "rss-MB": u.rss,
			"cpu-us/row": u.micros(manyRows)}
	}
	scripts := baselines(b, func(args []string) map[string]float64 {
		u := start(b, base, append(args, path)...).wait(b, 0)
		require.Equal(b, "1000000 rows, 0 bad\n", string(u.out))
		return speed(u)
	}, "check.py")
	compare(b, rounds(b, 3),
		append([]contender{{"", func() map[string]float64 { return speed(ours(path, base)) }}}, scripts...)...)
}
