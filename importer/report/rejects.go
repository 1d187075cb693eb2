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

// record appends the row, if it was rejected. Of several reasons the first gets the columns, and the message names
// the others. The row is whole when it returns.
func (r *rejects) record(out *journal.Outcome) error {
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
	first := out.Errors[0]
	message := first.Message
	for _, other := range out.Errors[1:] {
		message += "; " + reason(other)
	}
	return r.w.Write(out.Row, first.Column, first.Code, message)
}
