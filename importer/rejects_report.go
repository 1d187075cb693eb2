package importer

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/importer/source"
)

// rejects writes rejects.csv or rejects.jsonl: the rows as they were, with the reason, ready to be repaired and imported again.
type rejects struct {
	name  string
	input *source.File
	f     *os.File
	w     *source.RejectWriter
}

func newRejects(name string, in *source.File) *rejects { return &rejects{name: name, input: in} }

// Record appends the row, if it was rejected. Of several reasons the first gets the columns, and the message names the others.
func (r *rejects) Record(out *Outcome) error {
	if out.Action != Rejected {
		return nil
	}
	if r.f == nil {
		f, empty, err := appendFile(r.name)
		if err != nil {
			return err
		}
		r.f, r.w = f, r.input.Rejects(f, empty)
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
	if err := disk(filepath.Base(r.name)); err != nil {
		return err
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
	return errors.Join(r.f.Sync(), r.f.Close())
}
