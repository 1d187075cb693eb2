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

// spool copies rows that are in no file to Options.Spool, zstd-compressed and flushed to disk, so that none is sent
// which could not be read again. The spool gets its name only when it is complete; one that is there already is left as
// it is and read instead.
func (in *File) spool(ctx context.Context) (err error) {
	o := &in.o
	if o.Spool == "" {
		if in.temp, err = os.MkdirTemp("", "attio-bulk-"); err != nil { // 0700
			return in.fault("FIL001", "there is no place for a copy: "+err.Error()).by(err)
		}
		o.Spool = filepath.Join(in.temp, "input")
	}
	in.file = o.Spool
	fill := o.rows
	if o.Path == "-" {
		fill = o.copyStdin
	}
	if _, err := os.Stat(o.Spool); err == nil {
		return nil
	} else if fill == nil || !errors.Is(err, fs.ErrNotExist) {
		return in.fault("FIL001", "the copy of its rows cannot be read").by(err)
	}
	f, err := durable.CreateTemp(filepath.Dir(o.Spool))
	if err == nil {
		done := make(chan error, 1) // a read of a terminal or a pipe cannot be called off: its goroutine is left behind
		go func() { done <- fillSpool(ctx, f, o.Spool, fill) }()
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
		return in.fault("FIL001", "cannot be copied to "+o.Spool+": "+err.Error()).by(err)
	}
	return nil
}

func (o *Options) copyStdin(ctx context.Context, w io.Writer) error {
	var from io.Reader = os.Stdin
	if o.Stdin != nil {
		from = o.Stdin
	}
	_, err := io.Copy(w, heedful{ctx, from})
	return err
}

// fillSpool fills a temporary file, which gets its name when it is whole on disk.
func fillSpool(
	ctx context.Context, f *durable.File, name string, fill func(context.Context, io.Writer) error,
) error {
	zw, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err == nil {
		err = errors.Join(fill(ctx, zw), zw.Close())
	}
	if err != nil {
		f.Discard()
		return err
	}
	return f.ReplaceAs(name)
}
