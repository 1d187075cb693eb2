package source

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	gzipMagic = "\x1f\x8b"
	zstdMagic = "\x28\xb5\x2f\xfd"
	// maxLayers bounds compression within compression; more than two is an attack, not an export.
	maxLayers = 3
	// maxZstdWindow is what a zstd frame may ask us to keep in memory (zstd --long=27).
	maxZstdWindow = 128 << 20
)

// A pass is one reading of the input from its first byte: it reads the unpacked bytes, and hashes those on disk.
type pass struct {
	io.Reader
	file    *os.File
	disk    io.Reader // the bytes on disk, which go into sum
	sum     digest
	packing []string // "gzip", "zstd", from the outside in
	closers []func()
}

// digest hashes and counts what is written to it.
type digest struct {
	hash.Hash
	n int64
}

func (d *digest) Write(p []byte) (int, error) {
	d.n += int64(len(p))
	return d.Hash.Write(p)
}

// packError is a fault of a compressed file; truncated when it only ends too early.
type packError struct {
	kind      string
	truncated bool
	err       error
}

func (e *packError) Error() string { return e.kind + ": " + e.err.Error() }
func (e *packError) Unwrap() error { return e.err }

// open starts a pass. Compression is told by content, so a .gz that a browser has unpacked already is read as well.
func (in *File) open(ctx context.Context) (_ *pass, err error) {
	f, err := os.Open(in.file)
	if err != nil {
		return nil, in.openError(err)
	}
	p := &pass{file: f, disk: f, sum: digest{Hash: sha256.New()}, closers: []func(){func() { _ = f.Close() }}}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	if in.o.Spool != "" { // what counts is what the copy holds
		if p.disk, err = p.zstd(f); err != nil {
			return nil, err
		}
	}
	p.disk = io.TeeReader(p.disk, &p.sum)
	br := bufio.NewReaderSize(p.disk, 32<<10)
	for range maxLayers {
		magic, _ := br.Peek(len(zstdMagic)) // a read error shows again below
		var layer io.Reader
		switch {
		case bytes.HasPrefix(magic, []byte(gzipMagic)):
			p.packing = append(p.packing, "gzip")
			layer, err = p.gzip(br)
		case string(magic) == zstdMagic:
			p.packing = append(p.packing, "zstd")
			layer, err = p.zstd(br)
		}
		if err != nil {
			return nil, err
		}
		if layer == nil {
			break
		}
		br = bufio.NewReaderSize(layer, 32<<10)
	}
	p.Reader = heedful{ctx, br}
	return p, nil
}

// heedful is a reader that ends when its context does, with the cause.
type heedful struct {
	ctx context.Context
	r   io.Reader
}

func (h heedful) Read(p []byte) (int, error) {
	if h.ctx.Err() != nil {
		return 0, context.Cause(h.ctx)
	}
	return h.r.Read(p)
}

// Close ends the pass, read to its end or not.
func (p *pass) Close() {
	for i := len(p.closers) - 1; i >= 0; i-- {
		p.closers[i]()
	}
}

// finish reads what is left on disk and returns the hash and the size of all of it.
func (p *pass) finish() (sum string, size int64, err error) {
	if _, err := io.Copy(io.Discard, p.disk); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(p.sum.Sum(nil)), p.sum.n, nil
}

// unpacked reads one layer of compression: its members or frames, one after another. Zero bytes behind the last one
// (tapes, some uploads) are let pass, anything else there is not: it may be data.
type unpacked struct {
	kind string
	r    io.Reader
	end  func(error) error // what r ended with, unless another member follows
}

func (u unpacked) Read(p []byte) (int, error) {
	for {
		n, err := u.r.Read(p)
		if err != nil {
			err = u.end(err)
		}
		if n > 0 || err != nil {
			return n, packFault(u.kind, err)
		}
	}
}

func (p *pass) gzip(br *bufio.Reader) (io.Reader, error) {
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, packFault("gzip", err)
	}
	zr.Multistream(false)
	return unpacked{"gzip", zr, func(err error) error {
		if err != io.EOF {
			return err
		}
		next, err := br.Peek(1)
		switch {
		case err != nil:
			return err
		case next[0] == 0:
			return onlyZeros(br, gzip.ErrHeader)
		}
		err = zr.Reset(br)
		zr.Multistream(false)
		return err
	}}, nil
}

func (p *pass) zstd(r io.Reader) (io.Reader, error) {
	t := &tailReader{r: r}
	// One goroutine: the decoder then reads no further than it decodes, and is fast enough.
	zr, err := zstd.NewReader(t, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, packFault("zstd", err)
	}
	p.closers = append(p.closers, zr.Close)
	return unpacked{"zstd", zr, func(err error) error {
		if errors.Is(err, zstd.ErrMagicMismatch) && t.last == [4]byte{} {
			return onlyZeros(r, err)
		}
		return err
	}}, nil
}

// onlyZeros returns io.EOF when nothing but zero bytes is left in r, else fault.
func onlyZeros(r io.Reader, fault error) error {
	buf := make([]byte, 4<<10)
	for {
		n, err := r.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return fault
		}
		if err != nil {
			return err
		}
	}
}

// tailReader remembers the last four bytes read: a frame's magic number is read before it is found wrong.
type tailReader struct {
	r    io.Reader
	last [4]byte
}

func (t *tailReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	last := append(t.last[:], p[max(0, n-len(t.last)):n]...)
	t.last = [4]byte(last[len(last)-len(t.last):])
	return n, err
}

// packFault marks an error as one of the compression, unless it is the end, one of the disk, or marked already.
func packFault(kind string, err error) error {
	var pe *packError
	var path *os.PathError
	if err == nil || err == io.EOF || errors.As(err, &pe) || errors.As(err, &path) {
		return err
	}
	return &packError{kind: kind, truncated: errors.Is(err, io.ErrUnexpectedEOF), err: err}
}
