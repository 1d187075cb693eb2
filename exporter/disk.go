package exporter

import (
	"errors"
	"os"
	"runtime"
)

// disk is asked before each step that can fail for the disk's sake (create, write, sync, close, rename), with the file's name; its error is what the
// step ends with. Tests let the disk be full at any of them; else it never is by this.
var disk = func(step, name string) error { return nil }

// createTemp makes a file of mode 0600 in a folder ("" for the system's own), under a name that no export has.
func createTemp(dir string) (*os.File, error) {
	if err := disk("create", dir); err != nil {
		return nil, err
	}
	return os.CreateTemp(dir, ".attio-bulk-*.tmp")
}

// createScratch makes a file for the sort, of which nothing is left when the process ends, however it ends: its name is taken away at once.
// Windows keeps the name of an open file; there it goes with discard.
func createScratch(dir string) (*os.File, error) {
	f, err := createTemp(dir)
	if err == nil && runtime.GOOS != "windows" {
		_ = os.Remove(f.Name()) // where that fails, discard tries again
	}
	return f, err
}

// discard closes and removes a temporary file.
func discard(f *os.File) {
	name := f.Name()
	_ = f.Close()       // nothing of it is wanted
	_ = os.Remove(name) // where that fails, a hidden file stays behind
}

// diskWriter writes to a file under the disk's leave.
type diskWriter struct{ *os.File }

func (w diskWriter) Write(p []byte) (int, error) {
	if err := disk("write", w.Name()); err != nil {
		return 0, err
	}
	return w.File.Write(p)
}

// settle flushes a file to the disk and closes it.
func settle(f *os.File) error {
	err := disk("sync", f.Name())
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = disk("close", f.Name())
	}
	return errors.Join(err, f.Close())
}

// rename puts a settled file under its name.
func rename(from, to string) error {
	if err := disk("rename", to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// settleFolder makes renames last. Windows knows no such thing.
func settleFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
