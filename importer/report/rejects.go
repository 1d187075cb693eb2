package report

import (
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// rejects writes rejects.csv or rejects.jsonl: the rows as they were, with the reason, ready to be repaired and
// imported again.
type rejects struct {
	name  string
	input *source.File
	f     *durable.File
	w     *source.RejectWriter
}

func newRejects(name string, in *source.File) *rejects { return &rejects{name: name, input: in} }

// Record appends the row, if it was rejected. Of several reasons the first gets the columns, and the message names
// the others.
func (r *rejects) Record(out *journal.Outcome) error {
	if out.Action != journal.Rejected {
		return nil
	}
	if r.f == nil {
		f, empty, err := durable.Append(r.name)
		if err != nil {
			return err
		}
		r.f, r.w = f, r.input.Rejects(f)
		if empty {
			if err := r.w.Begin(); err != nil {
				return err
			}
		}
	}
	first, message := out.Errors[0], ""
	for i, e := range out.Errors {
		if i > 0 {
			message += "; "
			if e.Column != "" {
				message += e.Column + ": "
			}
		}
		message += e.Message
	}
	return r.w.Write(out.Row, first.Column, first.Code, message)
}

// Flush does nothing: each row is whole when it was written.
func (r *rejects) Flush() error { return nil }

// Close closes the file.
func (r *rejects) Close() error {
	if r.f == nil {
		return nil
	}
	return r.f.Finish()
}
