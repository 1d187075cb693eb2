package charset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// skipReader drops the first n bytes.
type skipReader struct {
	r io.Reader
	n int
}

func (s *skipReader) Read(p []byte) (int, error) {
	for s.n > 0 {
		n, err := s.r.Read(p[:min(len(p), s.n)])
		s.n -= n
		if err != nil {
			return 0, err
		}
	}
	return s.r.Read(p)
}

// checkedReader passes on UTF-8 and ends with an *Error at the first bytes that are not. With table set it reads
// what a decoder made of another encoding, in which U+FFFD stands for every byte that the encoding does not have.
type checkedReader struct {
	r      io.Reader
	name   string
	table  bool
	offset int64 // of the next byte to pass on
	lines  lineCount
	at     int    // bytes since the last LF
	held   []byte // the beginning of a character whose other bytes are not read yet
	small  []byte // for callers with little room: bufio asks for a byte or two when a long line fills it
	out    []byte // of small, not passed on yet
	err    error
}

func (c *checkedReader) Read(p []byte) (int, error) {
	if len(c.out) == 0 && len(p) >= 64 {
		return c.fill(p)
	}
	for len(c.out) == 0 {
		if c.small == nil {
			c.small = make([]byte, 1<<10)
		}
		n, err := c.fill(c.small)
		if c.out = c.small[:n]; n == 0 && err != nil {
			return 0, err
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// fill reads into p, which has room for a character at least.
func (c *checkedReader) fill(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n := copy(p, c.held)
	m, err := c.r.Read(p[n:])
	n += m
	c.held, c.err = c.held[:0], err
	good := ValidPrefix(p[:n])
	if c.table {
		if i := bytes.Index(p[:good], []byte("\uFFFD")); i >= 0 {
			return c.fail(p[:i], nil)
		}
	}
	if good < n {
		if err == nil && !utf8.FullRune(p[good:n]) {
			c.held = append(c.held, p[good:n]...)
		} else {
			return c.fail(p[:good], p[good:good+1])
		}
	}
	c.pass(p[:good])
	return good, c.err
}

func (c *checkedReader) pass(p []byte) {
	c.offset += int64(len(p))
	c.lines.add(p)
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		c.at = len(p) - i - 1
	} else {
		c.at += len(p)
	}
}

func (c *checkedReader) fail(good, bad []byte) (int, error) {
	c.pass(good)
	e := &Error{Offset: c.offset, Line: c.lines.line(), Bytes: bytes.Clone(bad), Name: c.name}
	if c.table {
		e.Offset = -1 // this counts decoded bytes
	} else if c.lines.lf > 0 {
		e.Column = c.at + 1
	}
	c.err = e
	return len(good), c.err
}

// lineCount counts line ends: LF, or CR in a text that has no LF at all.
type lineCount struct{ lf, cr int }

func (l *lineCount) add(p []byte) {
	l.lf += bytes.Count(p, []byte{'\n'})
	l.cr += bytes.Count(p, []byte{'\r'})
}

// line is the line that the next byte is on.
func (l *lineCount) line() int {
	if l.lf > 0 {
		return l.lf + 1
	}
	return l.cr + 1
}

// ValidPrefix returns how many bytes from the start are UTF-8.
func ValidPrefix(p []byte) int {
	if utf8.Valid(p) {
		return len(p)
	}
	i := 0
	for i < len(p) {
		// Whole blocks first: only the block with the fault is looked at rune by rune.
		if j := min(len(p), i+256); j < len(p) && utf8.Valid(p[i:j]) {
			i = j
			continue
		}
		r, size := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return i
}

// utf16Reader decodes UTF-16. Half of a surrogate pair, or half of a code unit at the end, is an *Error.
type utf16Reader struct {
	r      io.Reader
	order  binary.ByteOrder
	name   string
	offset int64
	lines  lineCount
	in     []byte // read and not decoded
	out    []byte // decoded and not passed on
	buf    []byte
	err    error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	if u.buf == nil {
		u.buf = make([]byte, 32<<10)
	}
	n := copy(u.buf, u.in)
	m, err := u.r.Read(u.buf[n:])
	in, out := u.buf[:n+m], u.out[:0]
	if cap(out) == 0 {
		out = make([]byte, 0, 2*len(u.buf))
	}
	for len(in) >= 2 && u.err == nil {
		r, size := rune(u.order.Uint16(in)), 2
		if utf16.IsSurrogate(r) {
			if len(in) < 4 && err == nil {
				break
			}
			if r, size = u.pair(in), 4; r < 0 {
				u.fail(in[:2])
				break
			}
		}
		out = utf8.AppendRune(out, r)
		u.offset += int64(size)
		in = in[size:]
	}
	if u.err == nil && err != nil {
		if u.err = err; err == io.EOF && len(in) > 0 {
			u.fail(in)
		}
	}
	u.in, u.out = in, out
	u.lines.add(out)
	var e *Error
	if errors.As(u.err, &e) {
		e.Line = u.lines.line()
	}
}

// pair returns the character of a surrogate pair, -1 where there is none.
func (u *utf16Reader) pair(in []byte) rune {
	if len(in) < 4 {
		return -1
	}
	r := utf16.DecodeRune(rune(u.order.Uint16(in)), rune(u.order.Uint16(in[2:])))
	if r == utf8.RuneError {
		return -1
	}
	return r
}

func (u *utf16Reader) fail(bad []byte) {
	u.err = &Error{Offset: u.offset, Bytes: bytes.Clone(bad), Name: u.name}
}
