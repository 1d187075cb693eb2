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
	disk    *digest
	packing []string // "gzip", "zstd", from the outside in
	closers []func()
}

// digest hashes and counts what is read through it.
type digest struct {
	r io.Reader
	h hash.Hash
	n int64
}

func (d *digest) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	d.h.Write(p[:n])
	d.n += int64(n)
	return n, err
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
func (in *File) open(ctx context.Context) (*pass, error) {
	f, err := os.Open(in.file)
	if err != nil {
		return nil, in.openError(err)
	}
	p := &pass{file: f, closers: []func(){func() { _ = f.Close() }}}
	var content io.Reader = f
	if in.o.Path == "-" {
		z, err := newZstd(bufio.NewReader(f))
		if err != nil {
			p.Close()
			return nil, err
		}
		p.closers = append(p.closers, z.zr.Close)
		content = z
	}
	p.disk = &digest{r: content, h: sha256.New()}
	br := bufio.NewReaderSize(p.disk, 32<<10)
	for range maxLayers {
		magic, _ := br.Peek(len(zstdMagic)) // a read error shows again below
		switch {
		case bytes.HasPrefix(magic, []byte(gzipMagic)):
			g, err := newGzip(br)
			if err != nil {
				p.Close()
				return nil, err
			}
			p.packing = append(p.packing, "gzip")
			br = bufio.NewReaderSize(g, 32<<10)
		case string(magic) == zstdMagic:
			z, err := newZstd(br)
			if err != nil {
				p.Close()
				return nil, err
			}
			p.packing = append(p.packing, "zstd")
			p.closers = append(p.closers, z.zr.Close)
			br = bufio.NewReaderSize(z, 32<<10)
		default:
			p.Reader = heedful{ctx, br}
			return p, nil
		}
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
	return hex.EncodeToString(p.disk.h.Sum(nil)), p.disk.n, nil
}

// gzipReader reads members one after another. Padding of zero bytes behind the last one (tapes, some uploads) is let
// pass, anything else there is not: it may be data.
type gzipReader struct {
	br *bufio.Reader
	zr *gzip.Reader
}

func newGzip(br *bufio.Reader) (*gzipReader, error) {
	zr, err := gzip.NewReader(br)
	if err != nil {
		return nil, packFault("gzip", err)
	}
	zr.Multistream(false)
	return &gzipReader{br: br, zr: zr}, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.zr.Read(p)
		if err == io.EOF {
			err = g.member()
		}
		if n > 0 || err != nil {
			return n, packFault("gzip", err)
		}
	}
}

// member goes on to the next member; io.EOF when there is none.
func (g *gzipReader) member() error {
	b, err := g.br.Peek(1)
	if err != nil {
		return err
	}
	if b[0] == 0 {
		return onlyZeros(g.br, gzip.ErrHeader)
	}
	if err := g.zr.Reset(g.br); err != nil {
		return err
	}
	g.zr.Multistream(false)
	return nil
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

// zstdReader reads frames one after another, with the same padding let pass.
type zstdReader struct {
	tail *tailReader
	zr   *zstd.Decoder
}

// tailReader remembers the last four bytes read: a frame's magic number is read before it is found wrong.
type tailReader struct {
	r    io.Reader
	last [4]byte
}

func (t *tailReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if n >= len(t.last) {
		copy(t.last[:], p[n-len(t.last):n])
	} else {
		copy(t.last[:], t.last[n:])
		copy(t.last[len(t.last)-n:], p[:n])
	}
	return n, err
}

func newZstd(r io.Reader) (*zstdReader, error) {
	t := &tailReader{r: r}
	// One goroutine: the decoder then reads no further than it decodes, and is fast enough.
	zr, err := zstd.NewReader(
		t, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, packFault("zstd", err)
	}
	return &zstdReader{tail: t, zr: zr}, nil
}

func (z *zstdReader) Read(p []byte) (int, error) {
	n, err := z.zr.Read(p)
	if errors.Is(err, zstd.ErrMagicMismatch) && z.tail.last == [4]byte{} {
		err = onlyZeros(z.tail.r, err)
	}
	return n, packFault("zstd", err)
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
