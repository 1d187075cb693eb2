package source

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// checkEvery is how many records may pass between two looks at the context and at the file.
const checkEvery = 1 << 10

// A source reads rows of one format. Every reading sees the same rows.
type source interface {
	// begin reads what stands before the rows. In a file that is not surveyed it finds out the columns.
	begin(p *pass) (records, error)
	// rejects returns what writes rows back; it is called after a survey.
	rejects(w io.Writer) *RejectWriter
}

// records reads the rows of one pass.
type records interface {
	// next reads the next record into row, all but its number; io.EOF after the last. A blank record is no row. With a nil
	// row it is only counted, and what it shows of the columns is kept.
	next(row *mapping.Row) (line int, blank bool, err error)
	// finish fills Columns, JSON, BlankRows and Notes from what was read so far.
	finish(s *Survey) error
}

// errStopped ends a reading whose caller wants no more rows.
var errStopped = errors.New("stopped")

// ErrMisjudged ends the rows after Begin where the rest of the file is not as its beginning. The next Begin reads all
// of it.
var ErrMisjudged = errors.New("the beginning of the file misled")

// reading is one pass over the rows of a file, which gives them out or only surveys them.
type reading struct {
	in   *File
	p    *pass
	rec  records
	s    Survey // of what was read so far
	sure int    // rows up to this one were read before the file was last seen to be as surveyed
}

// start opens the file and reads what stands before its rows.
func (in *File) start(ctx context.Context) (r *reading, err error) {
	r = &reading{in: in, s: Survey{Notes: slices.Clone(in.notes)}}
	if r.p, err = in.open(ctx); err != nil {
		return r, err
	}
	if r.rec, err = in.src.begin(r.p); err != nil {
		r.p.Close()
	}
	return r, err
}

// each reads the rows, into storage where that is asked for, until yield returns false.
func (r *reading) each(ctx context.Context, storage func() *mapping.Row, yield func(*mapping.Row) bool) error {
	var row *mapping.Row
	for n := 1; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if row == nil && storage != nil {
			row = storage()
		}
		if r.in.survey.whole() && r.s.Rows == r.in.survey.Rows { // what follows is left out
			return nil
		}
		line, blank, err := r.rec.next(row)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case blank:
			continue
		}
		if storage != nil && (r.s.Rows+1)%checkEvery == 0 && r.in.survey.whole() { // rows of another file are to be few
			if err := r.in.unchanged(ctx); err != nil {
				return err
			}
			r.sure = r.s.Rows
		}
		r.s.Rows, r.s.lastLine = r.s.Rows+1, line
		if row == nil {
			continue
		}
		if row.Number = r.s.Rows; !yield(row) {
			return errStopped
		}
		row = nil
	}
}

// finish completes the survey of a file that was read to its end.
func (r *reading) finish() (err error) {
	if err := r.columns(); err != nil {
		return err
	}
	r.s.SHA256, r.s.Bytes, err = r.p.finish()
	return err
}

// columns notes what the records read so far show.
func (r *reading) columns() error {
	err := r.rec.finish(&r.s)
	r.s.Pinned = r.in.pinned(r.s.Rest)
	return err
}

// Survey reads the whole file once: what is wrong with all of it (an unclosed quote, bytes that are not in the
// encoding, duplicate headers, truncation) is an *Error here, before any write.
func (in *File) Survey(ctx context.Context) (Survey, error) {
	r, err := in.surveyOnce(ctx)
	if e, ok := asEncodingError(err); ok && in.guess {
		// The head was UTF-8 (mostly: ASCII) and something later is not: look at all of it before deciding.
		if err := in.guessEncoding(ctx, e); err != nil {
			return Survey{}, err
		}
		r, err = in.surveyOnce(ctx)
	}
	if err != nil {
		return Survey{}, in.wrap(ctx, err, r.s.Rows, r.s.lastLine)
	}
	in.survey = &r.s
	return r.s, nil
}

func (in *File) surveyOnce(ctx context.Context) (*reading, error) {
	in.survey = nil
	r, err := in.start(ctx)
	if err != nil {
		return r, err
	}
	defer r.p.Close()
	if in.stat, err = os.Stat(in.file); err != nil {
		return r, in.openError(err)
	}
	if err := r.each(ctx, nil, nil); err != nil {
		return r, err
	}
	return r, r.finish()
}

// Begin is Survey where one reading is to do: it returns what the beginning of the file tells. The columns of a CSV
// file are known from its header, if those without one at the right end are empty. The numbers, the hash and the notes
// of blank rows come with the rows, once they have been read to their end. Files of other formats are surveyed.
func (in *File) Begin(ctx context.Context) (*Survey, error) {
	if _, ok := in.src.(*csvSource); !ok || in.survey != nil || in.misled || in.footer() > 0 {
		s, err := in.Survey(ctx)
		return &s, err
	}
	r, err := in.start(ctx)
	if err == nil {
		defer r.p.Close()
		err = r.columns()
	}
	if _, ok := asEncodingError(err); ok && in.guess {
		s, err := in.Survey(ctx)
		return &s, err
	}
	if err != nil {
		return nil, in.wrap(ctx, err, 0, 0)
	}
	in.survey = &r.s
	return in.survey, nil
}

// whole reports whether a file was surveyed to its end, and not only begun.
func (s *Survey) whole() bool { return s != nil && s.SHA256 != "" }

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
		if in.survey == nil {
			if _, err := in.Survey(ctx); err != nil {
				yield(nil, err)
				return
			}
		}
		r, err := in.rows(ctx, storage, func(row *mapping.Row) bool { return yield(row, nil) })
		if err != nil && err != errStopped {
			yield(nil, in.wrap(ctx, err, r.s.Rows, r.s.lastLine))
		}
	}
}

// rows reads the rows of a file that is surveyed, or completes the survey of one that is begun.
func (in *File) rows(ctx context.Context, storage func() *mapping.Row, yield func(*mapping.Row) bool) (
	*reading, error) {
	whole := in.survey.whole()
	if whole {
		if err := in.unchanged(ctx); err != nil {
			return &reading{}, err
		}
	}
	r, err := in.start(ctx)
	if err == nil {
		defer r.p.Close()
		err = r.each(ctx, storage, yield)
	}
	if err == errStopped {
		return r, err
	}
	if !whole {
		return r, r.complete(err)
	}
	if err != nil {
		if changed := in.unchanged(ctx); changed != nil { // the reason why it cannot be read as it was surveyed
			err = changed
		}
		return r, r.since(err)
	}
	sum, _, err := r.p.finish()
	if err == nil && sum != in.survey.SHA256 {
		err = r.since(in.changed())
	}
	return r, err
}

// complete completes the survey of a file that was begun; err is what its rows ended with.
func (r *reading) complete(err error) error {
	begun := r.in.survey
	r.in.survey = nil
	if err == nil {
		err = r.finish()
	}
	if _, ok := asEncodingError(err); ok && r.in.guess ||
		err == nil && (len(r.s.Columns) != len(begun.Columns) || r.s.Next > 0) {
		r.in.misled = true
		return ErrMisjudged
	}
	if err != nil {
		return err
	}
	*begun = r.s
	r.in.survey = begun
	return nil
}

// since says in the error of a file that changed up to which row it was the one surveyed.
func (r *reading) since(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.Sure = r.sure
	}
	return err
}

// unchanged compares the file with the one surveyed: by size and time, and by its hash where the time alone differs.
func (in *File) unchanged(ctx context.Context) error {
	st, err := os.Stat(in.file)
	if err != nil {
		return in.openError(err)
	}
	if st.Size() != in.stat.Size() {
		return in.changed()
	}
	if st.ModTime().Equal(in.stat.ModTime()) {
		return nil
	}
	p, err := in.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if sum, _, err := p.finish(); err != nil || sum != in.survey.SHA256 {
		return in.changed()
	}
	in.stat = st
	return nil
}

func (in *File) changed() error {
	return in.fault("FIL009", "the file changed while it was being read", "start again with a file that nobody writes to")
}
