package durable

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace makes a file hold content, whole on disk when it returns. After an error the file is as it was.
func Replace(name string, content io.Reader) error {
	f, err := CreateTemp(filepath.Dir(name))
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, content); err != nil {
		f.Discard()
		return err
	}
	return f.ReplaceAs(name)
}

// ReplaceAs finishes a temporary file and has it take a name in its folder, on disk when it returns. After an error
// nothing is left of it.
func (f *File) ReplaceAs(name string) error {
	err := f.Finish()
	if err == nil {
		err = Rename(f.Name(), name)
	}
	if err != nil {
		f.Discard()
		return err
	}
	return SyncFolder(filepath.Dir(name))
}

// ReplaceJSON makes a file hold the indented JSON of v, as Replace does.
func ReplaceJSON(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return Replace(name, bytes.NewReader(append(text, '\n')))
}

// ReplaceBy has a file take the name and the place of another in its folder, on disk when it returns. Where there is
// no such file, the name holds nothing any more.
func ReplaceBy(name, by string) error {
	_, err := os.Stat(by)
	if errors.Is(err, fs.ErrNotExist) {
		err = Remove(name)
	} else if err == nil {
		err = Rename(by, name)
	}
	if err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(name))
}
