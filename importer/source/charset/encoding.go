package charset

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding says how the bytes of a file become UTF-8, and back for rejects. The zero value is UTF-8 without a mark.
type Encoding struct {
	Name  string            // as people write it: "UTF-8", "UTF-16LE", "windows-1252"
	BOM   string            // the byte order mark at the start of the file, not part of the text; "" for none
	order binary.ByteOrder  // of UTF-16, which is read here; nil for others
	table encoding.Encoding // nil for UTF-8
}

// The encodings that are known without being named or detected.
var (
	UTF8        = Encoding{Name: "UTF-8"}
	UTF8Marked  = Encoding{Name: "UTF-8", BOM: "\xef\xbb\xbf"}
	Windows1252 = Encoding{Name: "windows-1252", table: charmap.Windows1252}

	utf16LE = Encoding{Name: "UTF-16LE", order: binary.LittleEndian,
		table: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	utf16BE = Encoding{Name: "UTF-16BE", order: binary.BigEndian,
		table: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
)

// marked are the encodings with their byte order marks.
var marked = []Encoding{
	UTF8Marked,
	{Name: utf16LE.Name, BOM: "\xff\xfe", order: utf16LE.order, table: utf16LE.table},
	{Name: utf16BE.Name, BOM: "\xfe\xff", order: utf16BE.order, table: utf16BE.table},
}

// Error is the first place where bytes are not in the encoding. Line counts from 1 and is 0 when unknown.
type Error struct {
	Offset int64 // of the first bad byte; -1 when unknown
	Line   int
	Column int    // in bytes from 1; 0 when unknown
	Bytes  []byte // the bad ones
	Name   string // the encoding's
	Others int    // characters of several bytes that are good UTF-8, where the whole file was looked at
}

func (e *Error) Error() string {
	s := fmt.Sprintf("not %s", e.Name)
	if len(e.Bytes) > 0 {
		s += fmt.Sprintf(": byte %#x", e.Bytes)
	}
	if e.Offset >= 0 {
		s += fmt.Sprintf(" at offset %d", e.Offset)
	}
	return s
}

// Named finds an encoding by its WHATWG label.
func Named(label string) (Encoding, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return Encoding{}, err
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		return Encoding{}, err
	}
	switch name {
	case "utf-8":
		return UTF8, nil
	case "utf-16le":
		return utf16LE, nil
	case "utf-16be":
		return utf16BE, nil
	case "replacement", "x-user-defined":
		return Encoding{}, fmt.Errorf("%q is not an encoding of files", label)
	}
	return Encoding{Name: name, table: e}, nil
}

// Marked recognises an encoding by the file's first bytes: a byte order mark, or the zero bytes that UTF-16 has in
// every Latin letter. ok is false when nothing shows it.
func Marked(head []byte) (e Encoding, ok bool) {
	for _, e := range marked {
		if bytes.HasPrefix(head, []byte(e.BOM)) {
			return e, true
		}
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
		return utf16LE, true
	case zeros[0] >= enough && zeros[1] <= zeros[0]/20:
		return utf16BE, true
	}
	return Encoding{}, false
}

// Reader decodes r from its first byte, which is that of the mark where there is one. Bytes that are not in the
// encoding end it with an *Error, after all the text before them.
func (e Encoding) Reader(r io.Reader) io.Reader {
	text := e.Unchecked(r)
	if e.table == nil {
		return withRoom(&checkedReader{r: text, name: e.Name, offset: int64(len(e.BOM))})
	}
	return text
}

// Unchecked is Reader, but passes bytes on that are not UTF-8 where that is the encoding: for readers that check what
// they read, piece by piece.
func (e Encoding) Unchecked(r io.Reader) io.Reader {
	_, _ = io.CopyN(io.Discard, r, int64(len(e.BOM))) // an error comes again
	switch {
	case e.order != nil:
		u := &utf16Decoder{order: e.order, offset: int64(len(e.BOM))}
		return withRoom(&checkedReader{r: transform.NewReader(r, u), name: e.Name, utf16: u})
	case e.table != nil:
		return withRoom(&checkedReader{r: e.table.NewDecoder().Reader(r), name: e.Name, table: true})
	}
	return r
}

// withRoom lets a caller ask for a byte or two, as bufio does when a long line fills it.
func withRoom(c *checkedReader) io.Reader { return bufio.NewReaderSize(c, 1<<10) }

// Writer encodes what is written for w, without a mark. Letters that the encoding does not have become question marks.
func (e Encoding) Writer(w io.Writer) io.Writer {
	if e.table == nil {
		return w
	}
	return &encodingWriter{w: w, enc: e.table.NewEncoder()}
}

type encodingWriter struct {
	w   io.Writer
	enc *encoding.Encoder
}

func (e *encodingWriter) Write(p []byte) (int, error) {
	out, err := e.enc.Bytes(p)
	if err != nil {
		out = nil
		for _, r := range string(p) {
			c, err := e.enc.Bytes([]byte(string(r)))
			if err != nil {
				c = []byte{'?'}
			}
			out = append(out, c...)
		}
	}
	_, err = e.w.Write(out)
	return len(p), err
}
