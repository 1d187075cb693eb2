package journal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// A run is begun, a write is announced before it is sent, and its process ends without a word: the history knows the
// write.
func ExampleReadHistory() {
	root, err := os.MkdirTemp("", "example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)
	dir, err := journal.Create(filepath.Join(root, "run"), "users")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer dir.Close()
	info := journal.NewInfo()
	info.Object = "users"
	if err := info.Write(dir); err != nil {
		fmt.Println(err)
		return
	}
	w, err := journal.NewWriter(dir, &info)
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	if err := w.Announce(nil, &journal.Intent{Row: 1, Write: "create", Send: 1, At: at}); err != nil {
		fmt.Println(err)
		return
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	h, err := journal.ReadHistory(dir.Path(), &info, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("rows to look up first:", h.Unresolved(), h.Intent(1).Write)
	// Output: rows to look up first: [1] create
}
