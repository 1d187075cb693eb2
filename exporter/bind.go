package exporter

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// bind finds out all that the schema shows.
func (j *job) bind() error {
	object, unknown := problem.FindObject(j.schema, j.Object, "Object")
	if unknown != nil {
		return bad("Object", "%s", unknown[0].Text)
	}
	var header []string
	var columns, keys problem.Problems
	if !j.Raw {
		var err error
		j.flat, err = flat.New(j.schema, object.Slug,
			flat.Options{Columns: j.Columns, References: j.References, Spreadsheet: j.Spreadsheet})
		if !errors.As(err, &columns) {
			header = j.flat.Header()
		}
	}
	j.order, keys = bindSort(j.Sort, object)
	if problems := append(columns, keys...); problems != nil {
		return problems
	}
	j.object, j.watch = object, newSchemaWatch(object, header)
	if err := j.bindSince(); err != nil {
		return err
	}
	return j.bindMinimum()
}

// learn reads what is not known of the workspace yet.
func (j *job) learn(ctx context.Context) (_ *references, err error) {
	if j.schema == nil {
		if j.ReadSchema != nil {
			j.schema, err = j.ReadSchema(ctx)
		} else {
			j.schema, err = j.client.Schema(ctx, j.Object)
		}
		if err == nil {
			err = j.bind()
		}
	}
	if err == nil && j.flat != nil {
		err = j.readMembers(ctx)
	}
	if err != nil || j.flat == nil {
		return nil, err
	}
	return newReferences(j), nil
}

// TooFewError says that an export has too few records to replace the file that stands there.
type TooFewError struct {
	Path     string
	Records  int
	Minimum  int // the least that would do
	Previous int // records of the earlier file that a share was taken of; 0 where the bound was a number
}

func (e *TooFewError) Error() string {
	s := fmt.Sprintf("%s was not replaced: %d records are fewer than %d", e.Path, e.Records, e.Minimum)
	if e.Previous > 0 {
		s += fmt.Sprintf(" (the earlier file has %d)", e.Previous)
	}
	return s
}

// bindMinimum works out the least number of records from MinRecords: a share is of the file that would be replaced,
// or else of the one that changes are told since. With neither, there is nothing to compare with.
func (j *job) bindMinimum() error {
	number, percent, _ := j.leastRecords() // it was looked at
	if j.minimum = number; percent == 0 {
		return nil
	}
	switch m, err := readManifest(j.Out); {
	case err == nil:
		j.previous = m.Records
	case !errors.Is(err, fs.ErrNotExist):
		return bad("MinRecords", "the earlier file's manifest cannot be read: %w", err)
	case j.since != nil:
		j.previous = j.since.Records
	default:
		j.warn(fmt.Sprintf("there is no earlier %s to take %s of: no minimum this time", j.Out, j.MinRecords))
	}
	j.minimum = int(math.Ceil(float64(j.previous) * percent / 100))
	return nil
}

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
	j.lines.Dir = filepath.Dir(j.Out)
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
	for up := filepath.Dir(j.lines.Dir); j.MakeFolder && up != j.lines.Dir; up = filepath.Dir(up) {
		if _, err := os.Stat(j.lines.Dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		j.lines.Dir = up
	}
	f, err := durable.CreateTemp(j.lines.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &OptionError{"Out", &NoFolderError{Path: j.lines.Dir}}
	}
	if err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			err = path.Err // without the name of a temporary file
		}
		return bad("Out", "cannot write in the folder %s: %w", j.lines.Dir, err)
	}
	f.Discard()
	return nil
}
