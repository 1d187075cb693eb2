package main

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// A disk that is full before a run goes on is a fault of the moment: the same command works once there is room.
func TestFullDiskAtTheStartIsNoRefusal(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "run/results.csv.new", Err: syscall.ENOSPC}
	require.Equal(t, exitStopped, exitCode(startError(full)))
	require.Equal(t, exitStopped, exitCode(startError(full)))
	require.Equal(t, exitRefused, exitCode(startError(&fs.PathError{Op: "open", Path: "run", Err: syscall.ENOENT})))
}

// A folder on a full disk can still take the name of an empty file.
func TestDoctorFindsAFullDisk(t *testing.T) {
	durable.Fault = func(step, _ string) error {
		if step == "write" {
			return syscall.ENOSPC
		}
		return nil
	}
	defer func() { durable.Fault = func(_, _ string) error { return nil } }()
	var d diagnosis
	folder := t.TempDir()
	d.folder("runs", folder, exitStopped)
	require.Len(t, d.Checks, 1)
	require.False(t, d.Checks[0].OK)
	require.Contains(t, d.Checks[0].Detail, syscall.ENOSPC.Error())
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

// What fails at each write for one reason is said once for each file.
func TestOneFaultIsSaidOnce(t *testing.T) {
	journal, summary := errors.New("journal: no space"), errors.New("summary: no space")
	require.Equal(t, []string{"journal: no space\nsummary: no space"},
		messages(errors.Join(journal, errors.Join(journal, summary), journal)))
}
