package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

const (
	// headSize is how much of the unpacked file is looked at to tell format, encoding and delimiter.
	headSize = 64 << 10
	// maxRow bounds a row, a JSON line and an element of a JSON array.
	maxRow = 16 << 20
)

// csvForm is how a CSV file is written, beside its encoding.
type csvForm struct {
	comma rune
	sep   bool // the file begins with Excel's sep= line
	cr    bool // CR is the only line end
	crlf  bool // lines end in CRLF; rejects are written so too
}

// head reads the beginning of the unpacked file.
func (in *File) head(ctx context.Context) (head []byte, packing []string, err error) {
	p, err := in.open(ctx)
	if err != nil {
		return nil, nil, in.wrap(ctx, err, 0, 0)
	}
	defer p.Close()
	head = make([]byte, headSize)
	n, err := io.ReadFull(p, head)
	var pe *packError
	if errors.As(err, &pe) && n > 0 {
		err = nil // found again by the survey, which can tell the last good row
	}
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, nil, in.wrap(ctx, err, 0, 0)
	}
	return head[:n], p.packing, nil
}

// detect sets format, encoding, dialect and source from the options and the head.
func (in *File) detect(ctx context.Context, head []byte) error {
	if err := in.checkOptions(); err != nil {
		return err
	}
	kind, err := in.container(head)
	if err != nil {
		return err
	}
	if kind == "xlsx" {
		in.format = kind
		in.note("format xlsx")
		switch {
		case in.o.Delimiter != "":
			return in.fault("FIL008", "a workbook has no delimiter").set(Delimiter)
		case in.o.Encoding != "":
			return in.fault("FIL008", "a workbook has an encoding of its own").set(Encoding)
		}
		if in.src, err = newXLSXSource(ctx, in); err != nil {
			return in.wrap(ctx, err, 0, 0)
		}
		return nil
	}
	if err := in.detectEncoding(ctx, head); err != nil {
		return err
	}
	sample, err := in.sample(ctx, head)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(sample)) == 0 && len(head) < headSize {
		return in.fault("FIL003", "the file holds nothing but blanks")
	}
	if err := in.detectFormat(sample); err != nil {
		return err
	}
	if in.o.Delimiter != "" && (in.format == "jsonl" || in.format == "json") {
		return in.fault("FIL008", "JSON has no delimiter").set(Delimiter)
	}
	switch in.format {
	case "jsonl":
		if spansLines(bytes.TrimSpace(sample)) {
			return in.fault("JSN002",
				"the JSON is one value over several lines, neither an array of objects nor an object a line",
				"put the objects into an array, or write each on one line (jq -c does)")
		}
		in.src = newJSONLines(in)
	case "json":
		in.src = newJSONArray(in)
	default:
		if err := in.detectDialect(sample, len(head) < headSize); err != nil {
			return err
		}
		in.src = &csvSource{in: in}
	}
	return nil
}

// formats are what Options.Format may say.
var formats = []string{"csv", "tsv", "jsonl", "json", "xlsx"}

func (in *File) checkOptions() error {
	if in.o.Format != "" && !slices.Contains(formats, in.o.Format) {
		return in.fault("FIL008", fmt.Sprintf("format %q is not known", in.o.Format)).set(Format, formats...)
	}
	if in.o.Delimiter != "" {
		if _, ok := delimiterOf(in.o.Delimiter); !ok {
			return in.fault("FIL008",
				fmt.Sprintf("%q cannot be a delimiter: it is one character, or the word tab", in.o.Delimiter)).set(
				Delimiter, ";", "tab")
		}
	}
	return nil
}

func delimiterOf(s string) (rune, bool) {
	switch strings.ToLower(s) {
	case "tab", `\t`:
		return '\t', true
	}
	r, n := utf8.DecodeRuneInString(s)
	return r, n == len(s) && n > 0 && r != utf8.RuneError && !strings.ContainsRune("\"\r\n\x00", r)
}

// foreign says of a document of another program what it is, and what makes a table of it.
func foreign(path string, zipped bool) (text, hint string) {
	if name, ok := strings.CutPrefix(filepath.Base(path), "~$"); ok && !zipped {
		return "what Excel puts beside a workbook while it is open, not the workbook", "name " + name
	}
	switch ext := extension(path); {
	case zipped && ext == "numbers":
		return "a document of Numbers", "in Numbers: File > Export To > CSV or Excel"
	case zipped && ext == "ods":
		return "a spreadsheet in the OpenDocument format", "save it as .xlsx, or as CSV UTF-8"
	}
	return "", ""
}

// container recognises files that are not text by their first bytes.
func (in *File) container(head []byte) (string, error) {
	has := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	if text, hint := foreign(in.o.Path, has("PK\x03\x04")); text != "" && in.o.Format == "" {
		return "", in.fault("FIL004", text, hint)
	}
	switch {
	case has("PK\x03\x04"):
		if !bytes.Contains(head, []byte("[Content_Types].xml")) && !bytes.Contains(head, []byte("xl/")) &&
			in.o.Format != "xlsx" && extension(in.o.Path) != "xlsx" {
			return "", in.fault("FIL004", "the file is a zip archive", "unpack it and name the file inside")
		}
		return "xlsx", nil
	case has("\xd0\xcf\x11\xe0"):
		return "", in.fault("XLS002", "the workbook is encrypted or of the old .xls kind",
			"save it as .xlsx without a password, or as CSV UTF-8")
	case in.o.Format == "xlsx":
		return "", in.fault("XLS001", "the file is not an .xlsx workbook").set(Format)
	case has("%PDF"), has("PAR1"), has("Obj\x01"), has("SQLite format 3"), has("BZh"), has("\xfd7zXZ"), has("7z\xbc\xaf"):
		return "", in.fault("FIL004", "the file is neither text nor a workbook", "save it as CSV, JSON lines or .xlsx")
	}
	if in.o.Sheet != "" {
		return "", in.fault("FIL008", "only a workbook has sheets, and this file is none").set(Sheet)
	}
	return "", nil
}

func (in *File) detectEncoding(ctx context.Context, head []byte) error {
	marked, isMarked := charset.Marked(head)
	if in.o.Encoding != "" {
		e, err := charset.Named(in.o.Encoding)
		if err != nil {
			return in.fault("FIL008", fmt.Sprintf("encoding %q is not known", in.o.Encoding),
				"encoding.spec.whatwg.org has the names of all encodings").set(Encoding, "utf-8", "utf-16le", "windows-1252")
		}
		if marked.Name == e.Name {
			e.BOM = marked.BOM
		}
		in.enc = e
		in.note("encoding " + e.Name)
		return nil
	}
	if isMarked {
		in.enc = marked
		with := " with byte order mark"
		if marked.BOM == "" {
			with = " without byte order mark"
		}
		in.note("encoding " + marked.Name + with)
		return nil
	}
	if binary(head) {
		return in.fault("FIL004", "the file is neither text nor a workbook", "save it as CSV, JSON lines or .xlsx")
	}
	in.enc = charset.UTF8
	in.guess = in.o.Format != "jsonl" && in.o.Format != "json" && !looksJSON(head)
	if !in.guess {
		return nil // JSON is UTF-8; objects that are not are refused one by one
	}
	if _, err := io.Copy(io.Discard, in.enc.Reader(bytes.NewReader(head))); err != nil {
		// A character cut off by the end of the head is no evidence.
		if e, ok := asEncodingError(err); ok && e.Offset < int64(len(head)-utf8.UTFMax) || len(head) < headSize {
			return in.guessEncoding(ctx, e)
		}
	}
	return nil
}

// binary reports whether a head is no text at all: control characters by the dozen in what is not UTF-8, or already in
// its first line, where the names of columns stand. Cells may hold them: an export writes texts as they are.
func binary(head []byte) bool {
	line := head
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 {
		line = head[:i]
	}
	isUTF8 := charset.ValidPrefix(head) > len(head)-utf8.UTFMax // a character may be cut off
	return manyControls(line) || !isUTF8 && manyControls(head)
}

// manyControls tells control characters by the dozen from a text with a stray one.
func manyControls(text []byte) bool {
	n := 0
	for _, b := range text {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1a && b != 0x1b {
			n++
		}
	}
	return n > 0 && n*64 > len(text)
}

func looksJSON(text []byte) bool {
	t := bytes.TrimLeft(bytes.TrimPrefix(text, []byte(charset.UTF8Marked.BOM)), " \t\r\n")
	return len(t) > 0 && (t[0] == '{' || t[0] == '[' && !bytes.HasPrefix(t, []byte("[]")) && bytes.IndexByte(t, '{') > 0)
}

// sample decodes the head, without the row that its end cuts off.
func (in *File) sample(ctx context.Context, head []byte) ([]byte, error) {
	text, err := io.ReadAll(in.enc.Unchecked(bytes.NewReader(head)))
	if _, ok := asEncodingError(err); ok {
		err = nil // cut off, or found again by the survey with its place
	}
	if err != nil {
		return nil, in.wrap(ctx, err, 0, 0)
	}
	if len(head) == headSize {
		if i := bytes.LastIndexAny(text, "\r\n"); i > 0 {
			text = text[:i]
		}
	}
	return text, nil
}

func (in *File) detectFormat(sample []byte) error {
	t := bytes.TrimLeft(sample, " \t\r\n")
	lower := bytes.ToLower(t[:min(len(t), 64)])
	for _, tag := range []string{"<!doctype", "<html", "<table", "<?xml"} {
		if bytes.HasPrefix(lower, []byte(tag)) {
			return in.fault("FIL004", "the file is a web page or XML, not a table", "save it as CSV, JSON lines or .xlsx")
		}
	}
	name := in.o.Format
	if name == "" {
		switch ext := extension(in.o.Path); ext {
		case "csv", "tsv", "jsonl", "json":
			name = ext
		case "tab":
			name = "tsv"
		case "ndjson":
			name = "jsonl"
		}
	}
	in.format = name
	if in.o.Format == "" {
		in.formatByContent(t)
	}
	in.note("format " + in.format)
	return nil
}

// formatByContent corrects what the name says: JSON is recognised by its first bytes, and lines from arrays likewise.
func (in *File) formatByContent(t []byte) {
	isJSON := in.format == "json" || in.format == "jsonl"
	switch {
	case isJSON && len(t) > 0 && t[0] == '[':
		in.format = "json"
	case isJSON && len(t) > 0 && t[0] == '{':
		in.format = "jsonl"
	case in.format == "" && looksJSON(t) && t[0] == '[':
		in.format = "json"
	case in.format == "" && looksJSON(t):
		in.format = "jsonl"
	case in.format == "":
		in.format = "csv"
	}
}
