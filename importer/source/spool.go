package source

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// spool copies standard input to o.Spool, zstd-compressed and flushed to disk, so that no row is sent which could not
// be read again. The file gets its name only when it is complete; one that is there already is left as it is and read
// instead.
func spool(ctx context.Context, o Options) error {
	if o.Spool == "" {
		return &Error{Code: "FIL001", Path: o.Path, Text: "there is no place to keep what standard input says"}
	}
	if _, err := os.Stat(o.Spool); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return &Error{Code: "FIL001", Path: o.Path, Text: "the copy of standard input cannot be read", Err: err}
	}
	from := o.Stdin
	if from == nil {
		from = os.Stdin
	}
	f, err := durable.CreateTemp(filepath.Dir(o.Spool))
	if err != nil {
		return notCopied(o, err)
	}
	done := make(chan error, 1) // a read from a terminal or a pipe cannot be called off: then the goroutine is left behind
	go func() { done <- fillSpool(ctx, f, o.Spool, from) }()
	select {
	case err = <-done:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		_ = os.Remove(f.Name()) // the goroutine may wait for ever for its next read
		return context.Cause(ctx)
	}
	if err != nil {
		return notCopied(o, err)
	}
	return nil
}

func notCopied(o Options, err error) error {
	return &Error{Code: "FIL001", Path: o.Path, Text: "standard input cannot be copied to " + o.Spool + ": " +
		err.Error(), Err: err}
}

// fillSpool copies to a temporary file, which gets its name when it is whole on disk.
func fillSpool(ctx context.Context, f *durable.File, name string, from io.Reader) error {
	if err := writeSpool(ctx, f, from); err != nil {
		f.Discard()
		return err
	}
	return f.ReplaceAs(name)
}

func writeSpool(ctx context.Context, f *durable.File, from io.Reader) error {
	bw := bufio.NewWriterSize(f, 64<<10)
	zw, err := zstd.NewWriter(bw, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	buf := make([]byte, 64<<10)
	for err == nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var n int
		if n, err = from.Read(buf); n > 0 {
			if _, werr := zw.Write(buf[:n]); werr != nil {
				return werr
			}
		}
	}
	if err != io.EOF {
		return err
	}
	return errors.Join(zw.Close(), bw.Flush())
}
