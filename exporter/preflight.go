package exporter

import (
	"errors"
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
	err := j.ready(now)
	if err == nil && o.Schema == nil && o.ChangesSince != "" {
		_, err = whole(o.ChangesSince)
	}
	return err
}

// ready finds out all that can be known before the first request.
func (j *job) ready(now time.Time) error {
	err := j.setDefaults(now)
	if err == nil {
		err = j.checkNames()
	}
	if err == nil && j.schema != nil {
		err = j.bind()
	}
	return err
}

// checkNames finds out whether the file and what stands beside it can be put under their names: no name is that of a
// folder or of a special file, and their folder can be written to. They are published one after the other, so that
// one which could not be would leave the others half done. Lines are sorted in that folder, or where it is yet to be
// made, in the one that it will lie in: the folder is made for a file, not for a start that fails.
func (j *job) checkNames() error {
	j.lines.dir = filepath.Dir(j.Out)
	if j.Out == "-" {
		return nil
	}
	names := []string{j.Out, j.Out + manifestSuffix, j.Out + IncompleteSuffix + manifestSuffix}
	if j.ChangesSince != "" {
		names = append(names, j.Out+changesSuffix)
	}
	for _, name := range names { // that the folder cannot be looked into is said when a file is made in it
		switch info, err := os.Lstat(name); {
		case errors.Is(err, syscall.ENAMETOOLONG):
			return bad("Out", "a name is too long: %w", err)
		case err == nil && info.IsDir():
			return bad("Out", "%s is a folder", name)
		case err == nil && !info.Mode().IsRegular():
			return bad("Out", `%s is not a plain file; "-" is standard output`, name)
		}
	}
	for up := filepath.Dir(j.lines.dir); j.MakeFolder && up != j.lines.dir; up = filepath.Dir(up) {
		if _, err := os.Stat(j.lines.dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		j.lines.dir = up
	}
	f, err := durable.CreateTemp(j.lines.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &OptionError{"Out", &NoFolderError{Path: j.lines.dir}}
	}
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err // without the name of a temporary file
		}
		return bad("Out", "cannot write in the folder %s: %w", j.lines.dir, err)
	}
	f.Discard()
	return nil
}
