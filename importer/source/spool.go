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
)

// spool copies standard input to o.Spool, zstd-compressed and flushed to disk, so that no row is sent which could not be
// read again. The file gets its name only when it is complete; one that is there already is left as it is and read instead.
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
	done := make(chan error, 1) // a read from a terminal or a pipe cannot be called off: then the goroutine is left behind
	go func() { done <- fillSpool(ctx, o.Spool, from) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		_ = os.Remove(partOf(o.Spool)) // the goroutine may wait for ever for its next read
		return context.Cause(ctx)
	}
	if err != nil {
		return &Error{Code: "FIL001", Path: o.Path, Text: "standard input cannot be copied to " + o.Spool + ": " + err.Error(), Err: err}
	}
	return nil
}

// partOf is where a spool grows.
func partOf(name string) string { return name + ".partial" }

func fillSpool(ctx context.Context, name string, from io.Reader) error {
	partial := partOf(name)
	err := writeSpool(ctx, partial, from)
	if err == nil {
		err = os.Rename(partial, name)
	}
	if err != nil {
		_ = os.Remove(partial)
		return err
	}
	return syncFolder(filepath.Dir(name))
}

func writeSpool(ctx context.Context, name string, from io.Reader) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
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
	if err := errors.Join(zw.Close(), bw.Flush(), f.Sync()); err != nil {
		return err
	}
	return f.Close()
}

// syncFolder makes a rename in a folder last. Systems that cannot flush a folder say so by an error that does not matter.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}
