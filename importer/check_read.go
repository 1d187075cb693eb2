package importer

import (
	"context"
	"errors"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// errWider says that a column without a header, taken for empty, is not.
var errWider = errors.New("a column without a header is filled")

// once reads the file in one pass where that can be: the columns of a CSV file are known from its header, unless a column without one turns
// out to be filled or the encoding to be another than its beginning has. Then, and for the other formats, the file is surveyed first.
// use is called with what the file is, and a function that gives it the rows; a row is reused once the function that takes it returns.
func (in *Input) once(ctx context.Context, use func(s Survey, rows func(func(*mapping.Row)) error) error) error {
	if csv, ok := in.src.(*csvSource); ok && in.surveyed == nil {
		s, err := in.glance(csv)
		if err != nil {
			return in.wrap(ctx, err, 0)
		}
		err = use(s, func(each func(*mapping.Row)) error { return in.pipe(ctx, csv, each) })
		if _, other := asEncodingError(err); !other && !errors.Is(err, errWider) {
			return err
		}
	}
	s, err := in.Survey(ctx)
	if err != nil {
		return err
	}
	return use(s, func(each func(*mapping.Row)) error { return in.pipe(ctx, nil, each) })
}

// glance reads the header of a CSV file and takes columns without one at the right end for empty.
func (in *Input) glance(src *csvSource) (Survey, error) {
	s := Survey{Notes: append([]string(nil), in.notes...)}
	p, err := in.open()
	if err != nil {
		return s, err
	}
	defer p.Close()
	_, h, err := src.begin(p)
	if err != nil {
		return s, err
	}
	if err := h.finish(in, &s); err != nil {
		return s, err
	}
	if in.guess {
		s.Notes = append(s.Notes, "encoding "+in.enc.name)
	}
	src.head = h
	return s, nil
}

// rowsAhead is how many rows are handed from the reader to the checker at once, and how many such batches there are.
const (
	rowsAhead    = 512
	batchesAhead = 4
)

// batch is some rows on their way, whose storage is used again.
type batch struct {
	rows []*mapping.Row
	used int
}

// pipe reads rows in a goroutine of its own while each looks at those before them. csv is the source to read without a survey; nil after
// one. Rows of CSV are read into storage that is used again.
func (in *Input) pipe(ctx context.Context, csv *csvSource, each func(*mapping.Row)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	full, free := make(chan *batch, batchesAhead), make(chan *batch, batchesAhead)
	for range batchesAhead {
		free <- &batch{rows: make([]*mapping.Row, rowsAhead)}
	}
	var failed error
	go func() {
		defer close(full)
		failed = in.fill(ctx, csv, full, free)
	}()
	for b := range full {
		for _, row := range b.rows[:b.used] {
			each(row)
		}
		free <- b
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return failed
}

// fill reads rows into batches.
func (in *Input) fill(ctx context.Context, csv *csvSource, full, free chan *batch) error {
	b := <-free
	last := 0
	take := func(row *mapping.Row) bool {
		b.rows[b.used] = row
		b.used++
		last = row.Number
		if b.used == len(b.rows) {
			full <- b
			b = <-free
			b.used = 0
		}
		return ctx.Err() == nil
	}
	err := in.each(ctx, csv, take, func() *mapping.Row {
		if b.rows[b.used] == nil {
			b.rows[b.used] = &mapping.Row{}
		}
		return b.rows[b.used]
	})
	if err == nil || !errors.Is(err, errWider) {
		full <- b
	}
	if _, encoding := asEncodingError(err); err == nil || encoding && csv != nil && in.guess || errors.Is(err, errWider) {
		return err
	}
	return in.wrap(ctx, err, last)
}

// each gives all rows to yield: those of a CSV file that was not surveyed in storage from spare.
func (in *Input) each(ctx context.Context, csv *csvSource, yield func(*mapping.Row) bool, spare func() *mapping.Row) error {
	if csv == nil {
		stopped := false
		return in.rows(ctx, yield, &stopped)
	}
	p, err := in.open()
	if err != nil {
		return err
	}
	defer p.Close()
	csv.spare = spare
	defer func() { csv.spare = nil }()
	if err := csv.rows(ctx, p, yield); err != nil {
		return err
	}
	if h := csv.head; h.last > max(h.named, h.kept) {
		return errWider
	}
	return nil
}
