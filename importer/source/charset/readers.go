package charset

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// checkedReader passes on UTF-8 and ends with an *Error at the first bytes that are not. Of other encodings it reads
// what their decoders made of them. Each Read needs room for a character.
type checkedReader struct {
	r      io.Reader
	name   string
	table  bool          // r is decoded with U+FFFD for every byte that the encoding does not have
	utf16  *utf16Decoder // of r; nil for other encodings
	offset int64         // of the next byte to pass on
	lf, cr int           // line ends so far
	at     int           // bytes since the last LF
	held   []byte        // the beginning of a character whose other bytes are not read yet
	err    error
}

func (c *checkedReader) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n := copy(p, c.held)
	m, err := c.r.Read(p[n:])
	n += m
	c.held, c.err = c.held[:0], err
	good := ValidPrefix(p[:n])
	if i := bytes.Index(p[:good], []byte("\uFFFD")); c.table && i >= 0 {
		return c.fail(p[:i], nil)
	}
	if good < n && (err != nil || utf8.FullRune(p[good:n])) {
		return c.fail(p[:good], p[good:good+1])
	}
	c.held = append(c.held, p[good:n]...)
	c.pass(p[:good])
	return good, c.err
}

func (c *checkedReader) pass(p []byte) {
	c.offset += int64(len(p))
	c.lf += bytes.Count(p, []byte{'\n'})
	c.cr += bytes.Count(p, []byte{'\r'})
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		c.at = len(p) - i - 1
	} else {
		c.at += len(p)
	}
}

func (c *checkedReader) fail(good, bad []byte) (int, error) {
	c.pass(good)
	e := &Error{Offset: c.offset, Line: c.lf + 1, Bytes: bytes.Clone(bad), Name: c.name}
	switch {
	case c.table:
		e.Offset = -1 // this counts decoded bytes
	case c.utf16 != nil:
		e.Offset, e.Bytes = c.utf16.offset, c.utf16.bad
	case c.lf > 0:
		e.Column = c.at + 1
	}
	if c.lf == 0 { // then lines end in CR
		e.Line = c.cr + 1
	}
	c.err = e
	return len(good), c.err
}

// ValidPrefix returns how many bytes from the start are UTF-8.
func ValidPrefix(p []byte) int {
	for cut := range min(len(p)+1, utf8.UTFMax) { // mostly the last character is cut off, or nothing
		if good := len(p) - cut; utf8.Valid(p[:good]) {
			return good
		}
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// utf16Decoder makes UTF-8 of UTF-16. For half of a surrogate pair, and half of a code unit at the end, it writes a
// byte that is no UTF-8, and goes no further.
type utf16Decoder struct {
	transform.NopResetter
	order  binary.ByteOrder
	offset int64
	bad    []byte
}

// Transform decodes all of src but the beginning of a character.
func (u *utf16Decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for in := src; len(in) > 0; in = src[nSrc:] {
		r, size := u.character(in)
		switch {
		case size == 0 && len(in) < 4 && !atEOF:
			return nDst, nSrc, transform.ErrShortSrc
		case nDst+utf8.UTFMax > len(dst):
			return nDst, nSrc, transform.ErrShortDst
		case size == 0:
			u.bad = bytes.Clone(in[:min(2, len(in))])
			dst[nDst] = 0xff
			return nDst + 1, len(src), nil
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
		u.offset += int64(size)
	}
	return nDst, nSrc, nil
}

// character returns the first character and the bytes it takes; none where there is no whole one.
func (u *utf16Decoder) character(in []byte) (r rune, size int) {
	if len(in) < 2 {
		return 0, 0
	}
	if r = rune(u.order.Uint16(in)); !utf16.IsSurrogate(r) {
		return r, 2
	}
	if len(in) < 4 {
		return 0, 0
	}
	if r = utf16.DecodeRune(r, rune(u.order.Uint16(in[2:]))); r == utf8.RuneError {
		return 0, 0
	}
	return r, 4
}
