//go:build crashpoints && unix

package importer

import (
	"os"
	"time"
)

// ATTIO_BULK_SETTLE shortens the waits for a lost write to become visible, for a sandbox in which that takes no time.
func init() {
	if os.Getenv("ATTIO_BULK_SETTLE") != "" {
		settleAfter = []time.Duration{50 * time.Millisecond, 150 * time.Millisecond}
	}
}
