package exporter

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"

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
