package source

import (
	"context"
	"errors"
	"slices"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// ErrMisjudged ends the rows after Begin where the rest of the file is not as its beginning: Survey has to read all of
// it.
var ErrMisjudged = errors.New("the beginning of the file misled")

// Begin is Survey where one reading is to do: it returns what the beginning of the file tells. The columns of a CSV
// file are known from its header, if those without one at the right end are empty. The numbers, the hash and the notes
// of blank rows come with the rows, once they have been read to their end. Files of other formats are surveyed.
func (in *File) Begin(ctx context.Context) (*Survey, error) {
	csv, ok := in.src.(*csvSource)
	if !ok || in.surveyed != nil {
		s, err := in.Survey(ctx)
		return &s, err
	}
	s := &Survey{Notes: slices.Clone(in.notes)}
	p, err := in.open()
	if err != nil {
		return nil, in.wrap(ctx, err, 0, 0)
	}
	defer p.Close()
	_, h, err := csv.begin(p)
	if err == nil {
		err = h.finish(in, s)
	}
	if _, ok := asEncodingError(err); ok && in.guess {
		full, err := in.Survey(ctx)
		return &full, err
	}
	if err != nil {
		return nil, in.wrap(ctx, err, 0, 0)
	}
	if in.guess {
		s.Notes = append(s.Notes, "encoding "+in.enc.Name)
	}
	csv.head, in.begun = h, s
	return s, nil
}

// complete reads the rows after Begin, and completes its survey.
func (r *reading) complete(ctx context.Context, storage func() *mapping.Row) error {
	in := r.in
	s, csv := in.begun, in.src.(*csvSource)
	in.begun = nil
	p, err := in.open()
	if err != nil {
		return err
	}
	defer p.Close()
	err = csv.rows(ctx, p, storage, r.row)
	if r.stopped {
		return nil
	}
	if _, ok := asEncodingError(err); ok && in.guess {
		return ErrMisjudged
	}
	if h := csv.head; err == nil && h.last > max(h.named, h.kept) {
		return ErrMisjudged
	}
	if err != nil {
		return err
	}
	s.Rows, s.BlankRows = r.last, csv.gaps.n
	csv.gaps.note(s)
	if s.SHA256, s.Bytes, err = p.finish(); err == nil {
		in.surveyed = s
	}
	return err
}
