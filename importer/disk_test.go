package importer

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// The disk is full from the n-th write to the run's files on, whichever it is: the run stops with the reason, nothing that Attio has is
// lost from sight, and with room again it is resumed to the end.
func TestFullDiskAtEachWrite(t *testing.T) {
	defer func(was func(string) error) { disk = was }(disk)
	text := users(1, 30) + "u1,again@example.com\nbad,not an address\nold1,new1@example.com\nold2,new2@example.com\n"
	full := 0
	for n := 1; n < 400; n++ {
		survived := false
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{})
			for i := 1; i <= 2; i++ {
				_, err := w.server.Insert("users", map[string]any{"user_id": fmt.Sprint("old", i), "primary_email_address": fmt.Sprintf("old%d@example.com", i)})
				require.NoError(t, err)
			}
			count := 0
			disk = func(name string) error {
				if count++; count >= n {
					return &os.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
				}
				return nil
			}
			dir := filepath.Join(w.dir, "run")
			_, err := w.attempt(t.Context(), job{text: text, mode: mapping.Upsert, match: "user_id", dir: dir})
			disk = func(string) error { return nil }
			if err == nil {
				survived = true
				return
			}
			full++
			require.ErrorIs(t, err, syscall.ENOSPC, "write %d", n)
			if _, err := os.Stat(filepath.Join(dir, journalFile)); err != nil {
				require.Zero(t, w.creates(), "nothing is sent before there is a journal")
				return
			}
			sum, err := w.resume(t.Context(), dir)
			require.NoError(t, err, "write %d", n)
			require.Equal(t, Counts{Read: 34, Created: 30, Updated: 2, Conflict: 1, Rejected: 1}, sum.Rows, "write %d", n)
			require.Equal(t, 32, w.server.Count("users"), "write %d", n)
		})
		if survived {
			break
		}
	}
	require.Greater(t, full, 30, "the disk was full at as many writes")
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
