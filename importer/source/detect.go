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
	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

const (
	// headSize is how much of the unpacked file is looked at to tell format, encoding and delimiter.
	headSize = 64 << 10
	// maxRow bounds a row, a JSON line and an element of a JSON array.
	maxRow = 16 << 20
)

// csvForm is how a CSV file is written, beside its encoding.
type csvForm struct {
	delimited.Form
	one     bool // one column
	letters bool // quotes are letters: none of those in the beginning of the file is around a cell
	sep     bool // the file begins with Excel's sep= line
	cr      bool // a CR alone ends a line
	crlf    bool // lines end in CRLF; rejects are written so too
}

func (f *csvForm) lineEnd() string {
	if f.crlf {
		return "\r\n"
	}
	return "\n"
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
	if in.o.Format != "" && !slices.Contains(formats, in.o.Format) {
		return in.fault("FIL008", fmt.Sprintf("format %q is not known", in.o.Format)).set(Format, formats...)
	}
	in.d = in.o.Dialect
	if _, err := in.saidForm(); err != nil {
		return err
	}
	if _, err := in.saidHeader(); err != nil {
		return err
	}
	isBook, err := in.container(head)
	if err != nil {
		return err
	}
	in.d = in.o.said(isBook, false)
	var sample []byte
	if isBook {
		in.format = "xlsx"
	} else {
		if err := in.detectEncoding(ctx, head); err != nil {
			return err
		}
		if sample = in.sample(head); len(bytes.TrimSpace(sample)) == 0 && len(head) < headSize {
			return in.fault("FIL003", "the file holds nothing but blanks")
		}
		if err := in.detectFormat(sample); err != nil {
			return err
		}
	}
	in.d = in.o.said(isBook, in.isJSON())
	if err := in.misfit(); err != nil {
		return err
	}
	switch in.format {
	case "xlsx":
		in.src, err = newXLSXSource(ctx, in)
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
		in.src, err = &csvSource{in: in}, in.detectForm(sample)
	}
	if err != nil {
		return in.wrap(ctx, err, 0, 0)
	}
	return nil
}

// formats are what Options.Format may say.
var formats = []string{"csv", "tsv", "jsonl", "json", "xlsx"}

func (in *File) isJSON() bool { return in.format == "jsonl" || in.format == "json" }

func (in *File) notATable(what string) error {
	return in.fault("FIL004", "the file is "+what, "save it as CSV, JSON lines or .xlsx")
}

// container recognises files that are not text by their first bytes, and reports whether one is a workbook.
func (in *File) container(head []byte) (bool, error) {
	has := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	named := in.o.Format == "xlsx"
	zipped := has("PK\x03\x04")
	switch open, beside := strings.CutPrefix(filepath.Base(in.o.Path), "~$"); {
	case beside && !zipped && in.o.Format == "":
		return false, in.fault("FIL004", "what Excel puts beside a workbook while it is open, not the workbook", "name "+open)
	case zipped && extension(in.o.Path) == "numbers" && in.o.Format == "":
		return false, in.fault("FIL004", "a document of Numbers", "in Numbers: File > Export To > CSV or Excel")
	case zipped && extension(in.o.Path) == "ods" && in.o.Format == "":
		return false, in.fault("FIL004", "a spreadsheet in the OpenDocument format", "save it as .xlsx, or as CSV UTF-8")
	case zipped && (named || extension(in.o.Path) == "xlsx" || bytes.Contains(head, []byte("[Content_Types].xml")) ||
		bytes.Contains(head, []byte("xl/"))):
		return true, nil
	case zipped:
		return false, in.fault("FIL004", "the file is a zip archive", "unpack it and name the file inside")
	case has("\xd0\xcf\x11\xe0"):
		return false, in.fault("XLS002", "the workbook is encrypted or of the old .xls kind",
			"save it as .xlsx without a password, or as CSV UTF-8")
	case named:
		return false, in.fault("XLS001", "the file is not an .xlsx workbook").set(Format)
	case slices.ContainsFunc([]string{"%PDF", "PAR1", "Obj\x01", "SQLite format 3", "BZh", "\xfd7zXZ", "7z\xbc\xaf"}, has):
		return false, in.notATable("neither text nor a workbook")
	}
	return false, nil
}

func (in *File) detectEncoding(ctx context.Context, head []byte) (err error) {
	marked, isMarked := charset.Marked(head)
	switch {
	case in.d.Encoding != "":
		if in.enc, err = charset.Named(in.d.Encoding); err != nil {
			return in.fault("FIL008", fmt.Sprintf("encoding %q is not known", in.d.Encoding),
				"encoding.spec.whatwg.org has the names of all encodings").set(Encoding, "utf-8", "utf-16le", "windows-1252")
		}
		if marked.Name == in.enc.Name {
			in.enc.BOM = marked.BOM
		}
		return nil
	case isMarked:
		with := "without"
		if marked.BOM != "" {
			with = "with"
		}
		in.enc = marked
		in.note("encoding " + marked.Name + " " + with + " byte order mark")
		return nil
	case binary(head):
		return in.notATable("neither text nor a workbook")
	}
	in.enc = charset.UTF8
	in.guess = in.o.Format != "jsonl" && in.o.Format != "json" && !looksJSON(head)
	if !in.guess {
		return nil // JSON is UTF-8; objects that are not are refused one by one
	}
	_, err = io.Copy(io.Discard, in.enc.Reader(bytes.NewReader(head)))
	// A character cut off by the end of the head is no evidence.
	if e, ok := asEncodingError(err); ok && (e.Offset < int64(len(head)-utf8.UTFMax) || len(head) < headSize) {
		return in.guessEncoding(ctx, e)
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

// sample decodes the head, without the row that its end cuts off. What is no text is found again by the survey, with
// its place.
func (in *File) sample(head []byte) []byte {
	text, _ := io.ReadAll(in.enc.Unchecked(bytes.NewReader(head)))
	if i := bytes.LastIndexAny(text, "\r\n"); i > 0 && len(head) == headSize {
		text = text[:i]
	}
	return text
}

// formatsByName are the formats that a file's name tells.
var formatsByName = map[string]string{
	"csv": "csv", "tsv": "tsv", "tab": "tsv", "jsonl": "jsonl", "ndjson": "jsonl", "json": "json",
}

// detectFormat takes the format that was named, or that of the file's name; JSON is recognised by its first bytes, and
// lines from arrays likewise.
func (in *File) detectFormat(sample []byte) error {
	t := bytes.TrimLeft(sample, " \t\r\n")
	lower := bytes.ToLower(t[:min(len(t), 64)])
	for _, tag := range []string{"<!doctype", "<html", "<table", "<?xml"} {
		if bytes.HasPrefix(lower, []byte(tag)) {
			return in.notATable("a web page or XML, not a table")
		}
	}
	if in.format = in.o.Format; in.format != "" {
		return nil
	}
	in.format = formatsByName[extension(in.o.Path)]
	isJSON := in.isJSON() || in.format == "" && looksJSON(t)
	switch {
	case isJSON && bytes.HasPrefix(t, []byte{'['}):
		in.format = "json"
	case isJSON && bytes.HasPrefix(t, []byte{'{'}):
		in.format = "jsonl"
	case in.format == "":
		in.format = "csv"
	}
	return nil
}
