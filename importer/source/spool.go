package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// spool copies standard input to Options.Spool, zstd-compressed and flushed to disk, so that no row is sent which could
// not be read again. The file gets its name only when it is complete; one that is there already is left as it is and
// read instead.
func (in *File) spool(ctx context.Context) error {
	o := &in.o
	if in.file = o.Spool; o.Spool == "" {
		return in.fault("FIL001", "there is no place to keep what standard input says")
	}
	if _, err := os.Stat(o.Spool); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return in.fault("FIL001", "the copy of standard input cannot be read").by(err)
	}
	var from io.Reader = os.Stdin
	if o.Stdin != nil {
		from = o.Stdin
	}
	f, err := durable.CreateTemp(filepath.Dir(o.Spool))
	if err == nil {
		done := make(chan error, 1) // a read of a terminal or a pipe cannot be called off: its goroutine is left behind
		go func() { done <- fillSpool(ctx, f, o.Spool, from) }()
		select {
		case err = <-done:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		if f != nil {
			_ = os.Remove(f.Name()) // the goroutine may wait for ever for its next read
		}
		return context.Cause(ctx)
	}
	if err != nil {
		return in.fault("FIL001", "standard input cannot be copied to "+o.Spool+": "+err.Error()).by(err)
	}
	return nil
}

// fillSpool copies to a temporary file, which gets its name when it is whole on disk.
func fillSpool(ctx context.Context, f *durable.File, name string, from io.Reader) error {
	zw, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err == nil {
		_, err = io.Copy(zw, heedful{ctx, from})
		err = errors.Join(err, zw.Close())
	}
	if err != nil {
		f.Discard()
		return err
	}
	return f.ReplaceAs(name)
}
