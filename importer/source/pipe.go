package source

import (
	"context"
	"errors"
	"runtime"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// errWider says that a column without a header, taken for empty, is not.
var errWider = errors.New("a column without a header is filled")

// Once reads the file in one pass where that can be: the columns of a CSV file are known from its header, unless a column without one turns
// out to be filled or the encoding to be another than its beginning has. Then, and for the other formats, the file is surveyed first.
// use is called with what the file is, and a function that sends its rows through a Stage.
func (in *File) Once(ctx context.Context, use func(s *Survey, rows func(Stage) error) error) error {
	if csv, ok := in.src.(*csvSource); ok && in.surveyed == nil {
		s, err := in.glance(csv)
		if err != nil {
			return in.wrap(ctx, err, 0)
		}
		err = use(&s, func(st Stage) error {
			csv.gaps = &blankRows{}
			defer func() { csv.gaps = nil }()
			if err := in.pipe(ctx, csv, st); err != nil {
				return err
			}
			s.BlankRows = csv.gaps.n
			csv.gaps.note(&s)
			return nil
		})
		if _, other := asEncodingError(err); !other && !errors.Is(err, errWider) {
			return err
		}
	}
	s, err := in.Survey(ctx)
	if err != nil {
		return err
	}
	return use(&s, func(st Stage) error { return in.pipe(ctx, nil, st) })
}

// glance reads the header of a CSV file and takes columns without one at the right end for empty.
func (in *File) glance(src *csvSource) (Survey, error) {
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
		s.Notes = append(s.Notes, "encoding "+in.enc.Name)
	}
	src.head = h
	return s, nil
}

// rowsAhead is how many rows travel together, and batchesAhead how many such batches there are for each processor.
const (
	rowsAhead    = 256
	batchesAhead = 3
)

// batch is some rows on their way, with what was made of them. Its storage is used again.
type batch struct {
	rows    []*mapping.Row
	records []mapping.Record
	errs    [][]*mapping.CellError
	used    int
	made    chan struct{} // the rows are converted
}

// A Stage of a pipe: Convert is called by several goroutines, each with rows of its own; Take by one, with the rows in their order.
type Stage struct {
	Convert func(*mapping.Row, *mapping.Record) []*mapping.CellError
	Take    func(*mapping.Row, *mapping.Record, []*mapping.CellError)
}

// pipe reads rows in one goroutine, converts them in as many as there are processors, and hands them on in their order. csv is the source to
// read without a survey; nil after one. Neither a row nor a record may be kept.
func (in *File) pipe(ctx context.Context, csv *csvSource, st Stage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	n := batchesAhead * workers
	ordered, work, free := make(chan *batch, n), make(chan *batch, n), make(chan *batch, n)
	for range n {
		free <- &batch{rows: make([]*mapping.Row, rowsAhead), records: make([]mapping.Record, rowsAhead),
			errs: make([][]*mapping.CellError, rowsAhead), made: make(chan struct{}, 1)}
	}
	var failed error
	go func() {
		defer close(ordered)
		defer close(work)
		failed = in.fill(ctx, csv, free, func(b *batch) {
			ordered <- b
			work <- b
		})
	}()
	for range workers {
		go func() {
			for b := range work {
				for i, row := range b.rows[:b.used] {
					b.errs[i] = st.Convert(row, &b.records[i])
				}
				b.made <- struct{}{}
			}
		}()
	}
	for b := range ordered {
		<-b.made
		for i, row := range b.rows[:b.used] {
			st.Take(row, &b.records[i], b.errs[i])
		}
		b.used = 0
		free <- b
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return failed
}

// fill reads rows into free batches and sends those that are full, and the last.
func (in *File) fill(ctx context.Context, csv *csvSource, free chan *batch, send func(*batch)) error {
	b := <-free
	last := 0
	take := func(row *mapping.Row) bool {
		b.rows[b.used] = row
		b.used++
		last = row.Number
		if b.used == len(b.rows) {
			send(b)
			b = <-free
		}
		return ctx.Err() == nil
	}
	err := in.each(ctx, csv, take, func() *mapping.Row {
		if b.rows[b.used] == nil {
			b.rows[b.used] = &mapping.Row{}
		}
		return b.rows[b.used]
	})
	send(b)
	if _, encoding := asEncodingError(err); err == nil || encoding && csv != nil && in.guess || errors.Is(err, errWider) {
		return err
	}
	return in.wrap(ctx, err, last)
}

// each gives all rows to yield: those of a CSV file that was not surveyed in storage from spare.
func (in *File) each(ctx context.Context, csv *csvSource, yield func(*mapping.Row) bool, spare func() *mapping.Row) error {
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
