package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// File is a file that is being written. A nil one is a file that nothing was written to yet: Sync and Finish do
// nothing.
type File struct{ file *os.File }

// The parts of a temporary file's name. A process that was killed leaves such files behind, see IsTemp.
const (
	tempPrefix = ".attio-bulk-"
	tempSuffix = ".tmp"
)

// IsTemp reports whether a file's name is one that CreateTemp gives.
func IsTemp(name string) bool {
	return strings.HasPrefix(name, tempPrefix) && strings.HasSuffix(name, tempSuffix)
}

// CreateTemp makes a file under a temporary name in a folder, "" for the system's own. It is closed by Finish or
// Discard.
func CreateTemp(dir string) (*File, error) {
	if err := Fault("create", dir); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, tempPrefix+"*"+tempSuffix)
	if err != nil {
		return nil, err
	}
	return &File{f}, nil
}

// Append opens a file to write behind what it holds, and makes it where there is none. empty reports that it holds
// nothing.
func Append(name string) (f *File, empty bool, err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, false, err
	}
	st, err := file.Stat()
	if err == nil && st.Size() == 0 {
		err = SyncFolder(filepath.Dir(name)) // it may be new
	}
	if err != nil {
		return nil, false, errors.Join(err, file.Close())
	}
	return &File{file}, st.Size() == 0, nil
}

// Name is the path that the file was opened by.
func (f *File) Name() string { return f.file.Name() }

// Write writes p.
func (f *File) Write(p []byte) (int, error) {
	if err := Fault("write", f.Name()); err != nil {
		return 0, err
	}
	return f.file.Write(p)
}

// ReadAt reads what was written from an offset on.
func (f *File) ReadAt(p []byte, off int64) (int, error) { return f.file.ReadAt(p, off) }

// Sync flushes the file to disk.
func (f *File) Sync() error {
	if f == nil {
		return nil
	}
	if err := Fault("sync", f.Name()); err != nil {
		return err
	}
	return f.file.Sync()
}

// Close closes the file without flushing it.
func (f *File) Close() error { return f.file.Close() }

// Finish flushes the file to disk and closes it, also after an error.
func (f *File) Finish() error {
	if f == nil {
		return nil
	}
	err := f.Sync()
	if err == nil {
		err = Fault("close", f.Name())
	}
	return errors.Join(err, f.Close())
}

// Discard closes and removes a file of which nothing is wanted. Where that fails, a hidden file stays behind.
func (f *File) Discard() {
	_ = f.Close() // Finish may have been first
	_ = os.Remove(f.Name())
}

// Rename gives a finished file another name, in the place of what had it. The name lasts after SyncFolder.
func Rename(from, to string) error {
	if err := Fault("rename", to); err != nil {
		return err
	}
	Crash("during-rename")
	return os.Rename(from, to)
}

// Remove removes a file; one that is not there is no error.
func Remove(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// SyncFolder makes the names in a folder last. File systems that cannot flush a folder are left to their own ways.
func SyncFolder(dir string) error {
	if err := Fault("sync folder", dir); err != nil {
		return err
	}
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
