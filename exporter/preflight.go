package exporter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// Ready finds out what can be known to be wrong with an export before its first request, and leaves nothing behind.
// Without the schema, unknown objects, columns and sort keys are not found. The errors are those that Run would begin
// with.
func (o Options) Ready(now time.Time) error {
	o.Warn = nil // Run will say it
	j := job{Options: o, schema: o.Schema}
	err := j.check(now)
	switch {
	case err != nil:
	case o.Schema != nil:
		err = j.bind()
	case o.ChangesSince != "":
		_, err = whole(o.ChangesSince)
	}
	return err
}

// checkNames finds out whether the file and what stands beside it can be put under their names: no name is that of a
// folder or of a special file, and their folder can be written to. They are published one after the other, so that
// one which could not be would leave the others half done.
func (o *Options) checkNames() error {
	if o.Out == "-" {
		return nil
	}
	names := []string{o.Out, o.Out + manifestSuffix, o.Out + IncompleteSuffix + manifestSuffix}
	if o.ChangesSince != "" {
		names = append(names, o.Out+changesSuffix)
	}
	for _, name := range names {
		if err := checkName(name); err != nil {
			return err
		}
	}
	folder := filepath.Dir(o.Out)
	for o.MakeFolder && folder != filepath.Dir(folder) {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		folder = filepath.Dir(folder)
	}
	f, err := durable.CreateTemp(folder)
	if err != nil {
		return &OptionError{"Out", folderError(folder, err)}
	}
	f.Discard()
	return nil
}

// makeFolder makes the folder of the file, where that is to be made: for the first record, or else for the file.
func (j *job) makeFolder() error {
	if j.made || !j.MakeFolder || j.Out == "-" {
		return nil
	}
	j.made = true
	return os.MkdirAll(filepath.Dir(j.Out), 0o700)
}

// folderError says why no file can be made in a folder, without the name of a temporary file.
func folderError(folder string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &NoFolderError{Path: folder}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("cannot write in the folder %s: %w", folder, err)
}

// checkName finds out whether what has a name is a plain file or nothing, and whether a file can have it.
func checkName(path string) error {
	switch info, err := os.Lstat(path); {
	case errors.Is(err, syscall.ENAMETOOLONG):
		return bad("Out", "a name is too long: %w", err)
	case err == nil && info.IsDir():
		return bad("Out", "%s is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		return bad("Out", `%s is not a plain file; "-" is standard output`, path)
	}
	return nil // that the folder cannot be looked into is said when a file is made in it
}
