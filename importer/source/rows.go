package source

import (
	"context"
	"errors"
	"iter"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// Rows yields the data rows from the first. A row that is at fault by itself has Row.Bad set; an error ends the
// iteration. The row is the caller's: it is not reused. Survey is run first where the caller has not. A file that is
// not the one surveyed any more is an *Error of code FIL009: before the first row where size or time show it, at the
// latest after the last.
func (in *File) Rows(ctx context.Context) iter.Seq2[*mapping.Row, error] {
	return in.RowsInto(ctx, func() *mapping.Row { return &mapping.Row{} })
}

// RowsInto is Rows with each row in storage that the caller gives, whose cells are written over: a row is good until
// its storage is used again.
func (in *File) RowsInto(ctx context.Context, storage func() *mapping.Row) iter.Seq2[*mapping.Row, error] {
	return func(yield func(*mapping.Row, error) bool) {
		r := reading{in: in, yield: yield}
		run := r.run
		if in.surveyed == nil && in.begun != nil {
			run = r.complete
		} else if in.surveyed == nil {
			if _, err := in.Survey(ctx); err != nil {
				yield(nil, err)
				return
			}
		}
		if err := run(ctx, storage); err != nil && !r.stopped {
			yield(nil, in.wrap(ctx, err, r.last, r.line))
		}
	}
}

// reading is one pass that gives out rows.
type reading struct {
	in      *File
	yield   func(*mapping.Row, error) bool
	last    int  // the number of the last row
	line    int  // and its line
	sure    int  // rows up to this one were read before the file was last seen to be as surveyed
	stopped bool // the caller wants no more rows
	changed error
}

func (r *reading) run(ctx context.Context, storage func() *mapping.Row) error {
	in := r.in
	if err := in.unchanged(); err != nil {
		return err
	}
	p, err := in.open()
	if err != nil {
		return err
	}
	defer p.Close()
	err = in.src.rows(ctx, p, storage, r.row)
	if r.stopped || r.changed != nil {
		return r.changed
	}
	if err != nil {
		if changed := in.unchanged(); changed != nil {
			return r.since(changed) // the reason why it cannot be read as it was surveyed
		}
		return err
	}
	sum, _, err := p.finish()
	if err == nil && sum != in.surveyed.SHA256 {
		err = r.since(in.changed())
	}
	return err
}

// row hands a row on, and looks every now and then whether the file is still the one surveyed: rows of another one are
// to be few.
func (r *reading) row(row *mapping.Row) bool {
	if row.Number%checkEvery == 0 && r.in.surveyed != nil {
		if err := r.in.unchanged(); err != nil {
			r.changed = r.since(err)
			return false
		}
		r.sure = r.last
	}
	r.last, r.line = row.Number, row.Line
	r.stopped = !r.yield(row, nil)
	return !r.stopped
}

// since says in the error of a file that changed up to which row it was the one surveyed.
func (r *reading) since(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Sure = r.sure
	}
	return err
}
