package exporter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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

// checkTarget finds out, before any request, whether a file could be put under a name: the folder is there and can be written to, and what
// has the name is a plain file or nothing.
func checkTarget(path string) error {
	switch info, err := os.Lstat(path); {
	case err == nil && info.IsDir():
		return &OptionError{Option: "--out", Text: path + " is a folder"}
	case err == nil && !info.Mode().IsRegular():
		return &OptionError{Option: "--out", Text: path + ` is not a plain file; "-" is standard output`}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return &OptionError{Option: "--out", Text: "the folder of " + path + " cannot be used", Err: err}
	}
	f, err := createTemp(filepath.Dir(path))
	if err != nil {
		return &OptionError{Option: "--out", Text: "cannot write in the folder of " + path, Err: err}
	}
	discard(f)
	return nil
}
