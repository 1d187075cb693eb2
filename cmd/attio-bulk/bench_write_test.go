//go:build unix

package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// BenchmarkCreate is the work for a created row, without waiting: 10,000 rows into a sandbox that takes any number, so
// that processor time is of rows and not of waiting for the next second. (At Attio's pace: the same metric of
// BenchmarkPace.) "python" and "node" keep their connections; "urllib" opens one for each row, and is given fewer rows,
// since each of them leaves a port behind for a minute.
func BenchmarkCreate(b *testing.B) {
	const rows, fewer = 10_000, 4_000
	path, _ := benchFile(b, 0, rows)
	short, _ := benchFile(b, 0, fewer)
	trial := func(n int, check func(usage), args ...string) map[string]float64 {
		server, base := sandboxOf(b, attiotest.Options{WriteLimit: -1, ReadLimit: -1}, 0)
		u := start(b, base, args...).wait(b, 0)
		check(u)
		require.Equal(b, n, server.Count("users"))
		return map[string]float64{"rows/s": float64(n) / u.wall.Seconds(), "cpu-us/row": u.micros(n), "rss-MB": u.rss}
	}
	all := func(n int) func(usage) {
		return func(u usage) { require.Equal(b, fmt.Sprintf("{\"200\": %d}", n), spaced(u.out)) }
	}
	ours := contender{"", func() map[string]float64 {
		check := func(u usage) { require.Equal(b, rows, rowsOf(b, u.out).Created) }
		return trial(rows, check, importOf(b, path, "--write-rate", "1000000", "--read-rate", "1000000")...)
	}}
	scripts := baselines(b, func(args []string) map[string]float64 {
		return trial(rows, all(rows), append(args, path, scriptThreads)...)
	}, "import.py", "import.mjs")
	if args, ok := script(b, "import.py"); ok {
		scripts = append(scripts, contender{"urllib", func() map[string]float64 {
			return trial(fewer, all(fewer), append(args, short, scriptThreads, "urllib")...)
		}})
	}
	compare(b, rounds(b, 5), append([]contender{ours}, scripts...)...)
}

// spaced is a script's answer as Python writes JSON.
func spaced(out []byte) string {
	var code, n int
	if _, err := fmt.Sscanf(string(out), "{\"%d\":%d}", &code, &n); err != nil {
		return string(out)
	}
	return fmt.Sprintf("{\"%d\": %d}", code, n)
}

// BenchmarkRerun imports rows that all exist, with Attio's limits and 50 ms a request: an upsert finds each unchanged,
// a create finds each a conflict, and neither sends a write. The script writes a row that exists as any other; it is
// given fewer, since it needs a second for 25.
func BenchmarkRerun(b *testing.B) {
	const rows, fewer = 20_000, 250
	limits := attiotest.Options{Latency: 50 * time.Millisecond}
	path, _ := benchFile(b, 0, rows)
	short, _ := benchFile(b, 0, fewer)
	_, base := sandboxOf(b, limits, rows)
	speed := func(u usage, n int) map[string]float64 {
		return map[string]float64{"rows/s": float64(n) / u.wall.Seconds(), "cpu-us/row": u.micros(n), "rss-MB": u.rss}
	}
	scripts := baselines(b, func(args []string) map[string]float64 {
		u := start(b, base, append(args, short, scriptThreads)...).wait(b, 0)
		require.Equal(b, fmt.Sprintf("{\"400\": %d}", fewer), spaced(u.out))
		return speed(u, fewer)
	}, "import.py")
	b.Run("upsert", func(b *testing.B) {
		compare(b, rounds(b, 3), append([]contender{{"", func() map[string]float64 {
			u := start(b, base, importOf(b, path, "--mode", "upsert")...).wait(b, 0)
			require.Equal(b, rows, rowsOf(b, u.out).Unchanged)
			return speed(u, rows)
		}}}, scripts...)...)
	})
	b.Run("create", func(b *testing.B) {
		compare(b, rounds(b, 3), append([]contender{{"", func() map[string]float64 {
			u := start(b, base, importOf(b, path)...).wait(b, exitRows)
			require.Equal(b, rows, rowsOf(b, u.out).Conflict)
			return speed(u, rows)
		}}}, scripts...)...)
	})
}
