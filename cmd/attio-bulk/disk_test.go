package main

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A disk that is full before a run goes on is a fault of the moment: the same command works once there is room.
func TestFullDiskAtTheStartIsNoRefusal(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "run/results.csv.new", Err: syscall.ENOSPC}
	require.Equal(t, exitStopped, exitCode(startError(full)))
	require.Equal(t, exitStopped, exitCode(startOfRun(full)))
	require.Equal(t, exitRefused, exitCode(startError(&fs.PathError{Op: "open", Path: "run", Err: syscall.ENOENT})))
}

// What fails at each write for one reason is said once for each file.
func TestOneFaultIsSaidOnce(t *testing.T) {
	journal, summary := errors.New("journal: no space"), errors.New("summary: no space")
	require.Equal(t, []string{"journal: no space\nsummary: no space"},
		messages(errors.Join(journal, errors.Join(journal, summary), journal)))
}
