package importer

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

const (
	bomUTF8    = "\xef\xbb\xbf"
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
)

// textEncoding says how the bytes of a file become UTF-8, and back for rejects. The zero value is UTF-8 without a mark.
type textEncoding struct {
	name  string // as in notes: "UTF-8", "UTF-16LE", "windows-1252"
	bom   string // at the start of the file, not part of the text
	order binary.ByteOrder
	table encoding.Encoding // nil for UTF-8 and UTF-16
}

// encodingError is the first place where bytes are not in the encoding. Line counts from 1 and is 0 when unknown.
type encodingError struct {
	offset int64 // of the first bad byte in the unpacked file; -1 when unknown
	line   int
	column int    // in bytes from 1; 0 when unknown
	bytes  []byte // the bad ones
	name   string
	others int // letters of several bytes that are good UTF-8, where the whole file was looked at
}

func (e *encodingError) Error() string {
	s := fmt.Sprintf("not %s", e.name)
	if len(e.bytes) > 0 {
		s += fmt.Sprintf(": byte %#x", e.bytes)
	}
	if e.offset >= 0 {
		s += fmt.Sprintf(" at offset %d", e.offset)
	}
	return s
}

func asEncodingError(err error) (*encodingError, bool) {
	var e *encodingError
	return e, errors.As(err, &e)
}

// namedEncoding finds an encoding by its WHATWG label.
func namedEncoding(label string) (textEncoding, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return textEncoding{}, err
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		return textEncoding{}, err
	}
	switch name {
	case "utf-8":
		return textEncoding{name: "UTF-8"}, nil
	case "utf-16le":
		return textEncoding{name: "UTF-16LE", order: binary.LittleEndian}, nil
	case "utf-16be":
		return textEncoding{name: "UTF-16BE", order: binary.BigEndian}, nil
	case "replacement", "x-user-defined":
		return textEncoding{}, fmt.Errorf("%q is not an encoding of files", label)
	}
	return textEncoding{name: name, table: e}, nil
}

// markedEncoding recognises an encoding by the file's first bytes: a byte order mark, or the zero bytes that UTF-16 has in
// every Latin letter. ok is false when nothing shows it.
func markedEncoding(head []byte) (e textEncoding, ok bool) {
	has := func(mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }
	switch {
	case has(bomUTF8):
		return textEncoding{name: "UTF-8", bom: bomUTF8}, true
	case has(bomUTF16LE):
		return textEncoding{name: "UTF-16LE", bom: bomUTF16LE, order: binary.LittleEndian}, true
	case has(bomUTF16BE):
		return textEncoding{name: "UTF-16BE", bom: bomUTF16BE, order: binary.BigEndian}, true
	}
	var zeros [2]int
	head = head[:min(len(head), 4<<10)]
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch enough := max(1, len(head)/5); {
	case zeros[1] >= enough && zeros[0] <= zeros[1]/20:
		return textEncoding{name: "UTF-16LE", order: binary.LittleEndian}, true
	case zeros[0] >= enough && zeros[1] <= zeros[0]/20:
		return textEncoding{name: "UTF-16BE", order: binary.BigEndian}, true
	}
	return textEncoding{}, false
}

// reader decodes r from its first byte. Bytes that are not in the encoding end it with an *encodingError, after all the
// text before them; with lax, UTF-8 is passed on unchecked (JSON is checked object by object).
func (e textEncoding) reader(r io.Reader, lax bool) io.Reader {
	if e.bom != "" {
		r = &skipReader{r: r, n: len(e.bom)}
	}
	base := int64(len(e.bom))
	switch {
	case e.table != nil:
		return &checkedReader{r: e.table.NewDecoder().Reader(r), name: e.name, table: true}
	case e.order != nil:
		return &utf16Reader{r: r, order: e.order, name: e.name, offset: base}
	case lax:
		return r
	}
	return &checkedReader{r: r, name: "UTF-8", offset: base}
}

// writer encodes what is written for w; the mark is written first when start is set. Letters that the encoding does not
// have (in our own messages, never in cells, which come from it) become question marks.
func (e textEncoding) writer(w io.Writer, start bool) (io.Writer, error) {
	if start && e.bom != "" {
		if _, err := io.WriteString(w, e.bom); err != nil {
			return nil, err
		}
	}
	switch {
	case e.table != nil:
		return &encodingWriter{w: w, enc: e.table.NewEncoder()}, nil
	case e.order == binary.LittleEndian:
		return &encodingWriter{w: w, enc: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()}, nil
	case e.order == binary.BigEndian:
		return &encodingWriter{w: w, enc: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()}, nil
	}
	return w, nil
}

type encodingWriter struct {
	w   io.Writer
	enc *encoding.Encoder
}

func (e *encodingWriter) Write(p []byte) (int, error) {
	out, err := e.enc.Bytes(p)
	if err != nil {
		var b bytes.Buffer
		for _, r := range string(p) {
			c, err := e.enc.String(string(r))
			if err != nil {
				c = "?"
			}
			b.WriteString(c)
		}
		out = b.Bytes()
	}
	if _, err := e.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// guessEncoding decides about a file that is not UTF-8 by reading all of it, and notes why. bad is the first place that
// is not UTF-8; it is the error when there is no evidence for anything else.
func (in *Input) guessEncoding(ctx context.Context, bad *encodingError) error {
	p, err := in.open()
	if err != nil {
		return err
	}
	defer p.Close()
	var ev evidence
	buf := make([]byte, 64<<10)
	for err == nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var n int
		n, err = p.Read(buf)
		ev.add(buf[:n])
	}
	if err != io.EOF {
		return err
	}
	if !ev.western() {
		bad.others = ev.runes
		return in.wrap(ctx, bad, 0)
	}
	in.guess = false
	in.enc = textEncoding{name: "windows-1252", table: charmap.Windows1252}
	in.note(fmt.Sprintf("encoding windows-1252 (not UTF-8 at line %d; cells such as %s)", bad.line, strings.Join(ev.quoted(), ", ")))
	return nil
}

// evidence counts what the bytes above ASCII look like.
type evidence struct {
	letters int // bytes that are Western letters or typographic signs in windows-1252
	other   int // bytes that hardly occur there
	inRuns  int // letters that follow two others: Cyrillic or Greek words, not Western ones
	runes   int // characters of several bytes that are well-formed UTF-8 and not likely windows-1252
	run     int
	prev    []byte
	cell    []byte
	special bool
	samples []string
}

// western1252 are the signs of windows-1252, beside its letters from 0xC0 on, that Western texts are written with.
const western1252 = "\x80\x82\x84\x85\x8a\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x99\x9a\x9c\x9e\x9f\xa0\xa1\xa3\xa7\xa9\xaa\xab\xae\xb0\xb2\xb3\xb4\xb5\xb7\xba\xbb\xbc\xbd\xbe\xbf"

func (ev *evidence) add(p []byte) {
	for _, b := range p {
		switch {
		case b < 0x80:
			ev.run, ev.prev = 0, ev.prev[:0]
			if strings.IndexByte(",;\t|\"\r\n", b) >= 0 {
				ev.endCell()
				continue
			}
		default:
			ev.special = true
			ev.high(b)
		}
		if len(ev.samples) < 3 && len(ev.cell) < 40 {
			ev.cell = append(ev.cell, b)
		}
	}
}

func (ev *evidence) high(b byte) {
	if ev.prev = append(ev.prev, b); len(ev.prev) > utf8.UTFMax {
		ev.prev = append(ev.prev[:0], b)
	}
	if utf8.Valid(ev.prev) {
		ev.runes, ev.prev = ev.runes+1, ev.prev[:0]
	}
	switch {
	case b >= 0xC0 && b != 0xD7 && b != 0xF7:
		ev.letters++
		if ev.run++; ev.run > 2 {
			ev.inRuns++
		}
	case strings.IndexByte(western1252, b) >= 0:
		ev.letters++
		ev.run = 0
	default:
		ev.other++
		ev.run = 0
	}
}

func (ev *evidence) endCell() {
	if ev.special && len(ev.samples) < 3 {
		if text, err := charmap.Windows1252.NewDecoder().String(string(ev.cell)); err == nil {
			ev.samples = append(ev.samples, strings.TrimSpace(text)) // a comma may be no separator, and have a blank behind it
		}
	}
	ev.cell, ev.special = ev.cell[:0], false
}

func (ev *evidence) quoted() []string {
	ev.endCell()
	out := make([]string, len(ev.samples))
	for i, s := range ev.samples {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}

// western says whether windows-1252 (of which Latin-1 is a part) explains the file: nearly all high bytes are what Western
// texts have, they do not come in long words of their own, and hardly any pair of them is UTF-8 as well.
func (ev *evidence) western() bool {
	all := ev.letters + ev.other
	return all > 0 && ev.other*20 <= all && ev.inRuns*4 <= all && ev.runes*10 <= all
}
