package source

import (
	"bytes"
	"io"

	"golang.org/x/text/transform"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

// endLines gives a text whose lines end in LF or CRLF.
func (in *File) endLines(text io.Reader) io.Reader {
	if in.form.cr {
		return transform.NewReader(text, loneCRs{})
	}
	return text
}

// loneCRs turns each CR that no LF follows into LF: for files whose lines end in a CR alone.
type loneCRs struct{ transform.NopResetter }

func (loneCRs) Transform(dst, src []byte, atEOF bool) (n, _ int, err error) {
	n = min(len(dst), len(src))
	if n < len(src) {
		err = transform.ErrShortDst
	}
	for i := range n {
		dst[i] = src[i]
		switch {
		case src[i] != '\r' || i+1 < len(src) && src[i+1] == '\n':
		case i+1 == len(src) && !atEOF: // the next byte tells
			return i, i, transform.ErrShortSrc
		default:
			dst[i] = '\n'
		}
	}
	return n, n, err
}

// A window keeps the text handed out since the last whole row, so that a row can be shown as it was, and bounds it: a
// row that grows past the limit ends the reading instead of filling the memory.
type window struct {
	r     io.Reader
	buf   []byte
	base  int64 // of buf[0] in what was handed out
	keep  int64 // text before it is not needed any more
	limit int
	lines int // line ends handed out
	last  byte
	err   error // sticky, since encoding/csv passes errors on mixed with its own
}

// errRowTooLong ends a window whose row does not end.
type errRowTooLong struct{ limit int }

func (e errRowTooLong) Error() string { return "row too long" }

func (w *window) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	if drop := w.keep - w.base; drop > 0 {
		w.buf = w.buf[:copy(w.buf, w.buf[drop:])]
		w.base = w.keep
	}
	if len(w.buf) > w.limit {
		w.err = errRowTooLong{w.limit}
		return 0, w.err
	}
	n, err := w.r.Read(p[:min(len(p), 64<<10)]) // a reader may ask for as much again as it has
	if n > 0 {
		w.buf = append(w.buf, p[:n]...)
		w.lines += bytes.Count(p[:n], []byte{'\n'})
		w.last = p[n-1]
	}
	w.err = err
	return n, err
}

// text is what was handed out between two offsets; it is valid until the next read.
func (w *window) text(from, to int64) []byte {
	return w.buf[max(0, from-w.base):min(int64(len(w.buf)), max(0, to-w.base))]
}

// rest is everything kept from an offset on.
func (w *window) rest(from int64) []byte { return w.text(from, w.base+int64(len(w.buf))) }

// upTo is a text before a place of it: some lines, and some bytes of the next.
func upTo(text []byte, lines, bytesOf int) []byte {
	at := 0
	for ; lines > 0; lines-- {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return nil
		}
		at += i + 1
	}
	return text[:min(at+bytesOf, len(text))]
}

// openQuote finds the quote that is still open at the end of text: the lines before it, its column from 1.
func openQuote(text []byte, form delimited.Form) (line, column int, ok bool) {
	sep, quote := []byte(string(form.Comma)), byte(form.Quote)
	if form.Blanks > 0 {
		sep = []byte{' '}
	}
	lines, lineStart, cellStart, quoted := 0, 0, true, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\n':
			lines++
			lineStart = i + 1
			cellStart = true
		case quoted && form.Backslash && b == '\\':
			i++
		case quoted && !form.Backslash && b == quote && bytes.HasPrefix(text[i+1:], []byte{quote}):
			i++
		case quoted:
			quoted = b != quote
		case b == quote && quote != 0 && cellStart:
			quoted, cellStart = true, false
			line, column = lines, i-lineStart+1
		case bytes.HasPrefix(text[i:], sep):
			i += len(sep) - 1
			cellStart = true
		default:
			cellStart = false
		}
	}
	return line, column, quoted
}
