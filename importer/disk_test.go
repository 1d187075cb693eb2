package importer

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// The disk fails at the n-th write to the run's files, whichever it is, from then on or only that once: the run stops
// with the reason, nothing that Attio has is lost from sight, and with room again it is resumed to the end.
func TestFullDiskAtEachWrite(t *testing.T) {
	defer func(was func(step, name string) error) { durable.Fault = was }(durable.Fault)
	for _, cause := range []error{syscall.ENOSPC, syscall.EIO} {
		for _, once := range []bool{false, true} {
			if torture(0, 1) == 0 && once != (cause == syscall.EIO) {
				continue // the long form has every pair
			}
			t.Run(fmt.Sprintf("%v, once %t", cause, once), func(t *testing.T) {
				full := 0
				for n := 1; fullDiskAt(t, n, cause, once); n++ {
					require.Less(t, n, 400)
					full++
				}
				require.Greater(t, full, 30, "the disk was full at as many writes")
			})
		}
	}
}

// fullDiskAt imports on a disk that fails at the n-th write, and resumes. It says whether the run came to as many
// writes.
func fullDiskAt(t *testing.T, n int, cause error, once bool) (came bool) {
	text := users(1, 30) + "u1,again@example.com\nbad,not an address\nold1,new1@example.com\nold2,new2@example.com\n"
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		for i := 1; i <= 2; i++ {
			_, err := w.server.Insert(
				"users", map[string]any{"user_id": fmt.Sprint("old", i),
					"primary_email_address": fmt.Sprintf("old%d@example.com", i)})
			require.NoError(t, err)
		}
		var writes atomic.Int64 // by several goroutines
		durable.Fault = func(step, name string) error {
			if count := int(writes.Add(1)); count == n || count > n && !once {
				return &os.PathError{Op: "write", Path: name, Err: cause}
			}
			return nil
		}
		dir := filepath.Join(w.dir, "run")
		_, err := w.attempt(t.Context(), job{text: text, mode: mapping.Upsert, match: "user_id", dir: dir})
		durable.Fault = func(_, _ string) error { return nil }
		if came = int(writes.Load()) >= n; !came {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, cause, "write %d", n)
		lines, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
		require.LessOrEqual(t, w.writes(), strings.Count(string(lines), `"t":"intent"`),
			"write %d: what is sent was announced", n)
		if err != nil || !strings.Contains(string(lines), "\n") {
			return // it never began
		}
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err, "write %d", n)
		require.Equal(t, journal.Counts{Read: 34, Created: 30, Updated: 2, Conflict: 1, Rejected: 1}, sum.Rows, "write %d", n)
		require.Equal(t, 32, w.server.Count("users"), "write %d", n)
	})
	return came
}

// writes counts the requests that write records.
func (w *world) writes() (n int) {
	for _, r := range w.server.Requests() {
		if r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/query") {
			n++
		}
	}
	return n
}

// creates counts the create calls that came.
func (w *world) creates() int {
	n := 0
	for _, r := range w.server.Requests() {
		if r.Method == http.MethodPost && r.Path == "/v2/objects/users/records" {
			n++
		}
	}
	return n
}
