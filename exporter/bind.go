package exporter

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// check finds out all that can be known without the schema.
func (j *job) check() error {
	if err := j.setDefaults(j.now()); err != nil {
		return err
	}
	if j.Out != "-" {
		j.lines.dir = filepath.Dir(j.Out)
	}
	return j.checkNames()
}

// bind finds out all that the schema shows.
func (j *job) bind() (err error) {
	object := j.schema.Object(j.Object)
	if object == nil {
		var slugs []string
		for _, o := range j.schema.Objects {
			slugs = append(slugs, o.Slug)
		}
		text := fmt.Sprintf("the workspace has no object %q%s", j.Object, nearestOf(j.Object, slugs))
		return &OptionError{Option: "Object", Text: text}
	}
	var problems problem.Problems
	take := func(err error) {
		var p problem.Problems
		if errors.As(err, &p) {
			problems = append(problems, p...)
		}
	}
	if !j.Raw {
		j.flat, err = flat.New(j.schema, object.Slug,
			flat.Options{Columns: j.Columns, References: j.References, Spreadsheet: j.Spreadsheet})
		take(err)
	}
	j.order, err = bindSort(j.Sort, object)
	take(err)
	if problems != nil {
		return problems
	}
	j.object = object
	var columns []string
	if j.flat != nil {
		columns = j.flat.Header()
	}
	j.watch = newSchemaWatch(object, columns)
	if err := j.bindSince(); err != nil {
		return err
	}
	return j.bindMinimum()
}

// learn reads what is not known of the workspace yet.
func (j *job) learn(ctx context.Context) (err error) {
	if j.schema == nil {
		if j.schema, err = j.readSchema(ctx); err != nil {
			return err
		}
		if err := j.bind(); err != nil {
			return err
		}
	}
	return j.readMembers(ctx)
}
