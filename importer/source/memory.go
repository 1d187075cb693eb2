package source

import (
	"context"
	"encoding/json"
	"io"
	"iter"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
	"github.com/attio-bulk/attio-bulk/importer/source/dialect"
)

// Table is the rows of a program as a CSV file, the first of which is the header. name is what messages call them.
//
// Rows are read once, to a copy on disk, and need not fit in memory. An error ends them, and Open returns it in an
// *Error.
func Table(name string, rows iter.Seq2[[]string, error]) Options {
	return Options{
		Path: name, Dialect: dialect.Dialect{Format: "csv", Delimiter: ",", Encoding: "utf-8", Quote: `"`, Escape: "double",
			HeaderRow: "1", SkipFooter: new(int)},
		rows: func(ctx context.Context, w io.Writer) error {
			c := csvRejects{w: w, d: csvForm{Form: delimited.Plain(',')}}
			return each(ctx, rows, c.record)
		},
	}
}

// Objects is Table for values that json.Marshal makes objects of, maps or structs: their keys are the columns.
func Objects[T any](name string, rows iter.Seq2[T, error]) Options {
	return Options{
		Path: name, Dialect: dialect.Dialect{Format: "jsonl"},
		rows: func(ctx context.Context, w io.Writer) error {
			lines := json.NewEncoder(w)
			return each(ctx, rows, func(row T) error { return lines.Encode(row) })
		},
	}
}

// Slice is rows that are all in memory, for Table and Objects.
func Slice[T any](rows []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// each writes rows until one is at fault.
func each[T any](ctx context.Context, rows iter.Seq2[T, error], write func(T) error) error {
	for row, err := range rows {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			err = write(row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
