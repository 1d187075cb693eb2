package workbook

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// maxStrings bounds what the shared strings of a workbook may take: they alone are kept in memory.
const maxStrings = 1 << 30

// Book is an .xlsx file read as a stream. It is read here and not by excelize, whose streaming rows tell neither a
// cell's type nor its number format (so a date is a number like any other), and whose calls that do load the whole
// sheet.
type Book struct {
	zip     *zip.Reader
	Sheets  []Sheet
	date904 bool
	formats []numberFormat // by style number
	blob    string         // the shared strings, one behind the other
	ends    []int
}

// Sheet is one sheet of a book.
type Sheet struct {
	Name   string
	Hidden bool
	Table  bool   // not a chart or a dialog
	part   string // its name in the archive
}

// Open reads the list of sheets, the styles and the shared strings.
func Open(r io.ReaderAt, size int64) (*Book, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	w := &Book{zip: z}
	main := "xl/workbook.xml"
	rels, err := w.relations("_rels/.rels")
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			main = target("", r.Target)
		}
	}
	if rels, err = w.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels")); err != nil {
		return nil, err
	}
	if err := w.readSheets(main, rels); err != nil {
		return nil, err
	}
	for _, r := range rels {
		part := target(path.Dir(main), r.Target)
		switch path.Base(r.Type) {
		case "styles":
			err = w.readStyles(part)
		case "sharedStrings":
			err = w.readStrings(part)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part, err)
		}
	}
	return w, nil
}

// target resolves a relation: an absolute name in the archive, or one relative to the folder of the part that names it.
func target(dir, name string) string {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name[1:])
	}
	return path.Join(dir, name)
}

// part opens a part of the archive; some programs write its name in another case than they refer to it.
func (w *Book) part(name string) (io.ReadCloser, error) {
	for _, f := range w.zip.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("the part %s is missing", name)
}

func (w *Book) decode(name string, into any) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return xml.NewDecoder(r).Decode(into)
}

// relation is what one part refers to.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// relations are those that a part lists, by their ids.
func (w *Book) relations(name string) (map[string]relation, error) {
	var x struct {
		Relationship []relation
	}
	err := w.decode(name, &x)
	byID := make(map[string]relation)
	for _, r := range x.Relationship {
		byID[r.ID] = r
	}
	return byID, err
}

func (w *Book) readSheets(main string, rels map[string]relation) error {
	var x struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.decode(main, &x); err != nil {
		return err
	}
	w.date904 = truth(x.Properties.Date1904)
	for _, s := range x.Sheets {
		info := Sheet{Name: s.Name, Hidden: s.State == "hidden" || s.State == "veryHidden"}
		for _, a := range s.Attrs {
			if a.Name.Local != "id" || a.Name.Space == "" {
				continue
			}
			r := rels[a.Value]
			info.part, info.Table = target(path.Dir(main), r.Target), strings.HasSuffix(r.Type, "/worksheet")
		}
		w.Sheets = append(w.Sheets, info)
	}
	if len(w.Sheets) == 0 {
		return errors.New("it has no sheets")
	}
	return nil
}

func truth(s string) bool { return s == "1" || s == "true" }

func (w *Book) readStyles(part string) error {
	var x struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(part, &x); err != nil {
		return err
	}
	custom := map[int]numberFormat{}
	for _, f := range x.Formats {
		custom[f.ID] = parseFormat(f.Code)
	}
	for _, s := range x.Styles {
		f, ok := custom[s.Format]
		if !ok {
			f = builtinFormat(s.Format)
		}
		w.formats = append(w.formats, f)
	}
	return nil
}

func (w *Book) format(style string) numberFormat {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(w.formats) {
		return numberFormat{}
	}
	return w.formats[i]
}

// readStrings reads the shared strings into one block: a workbook may have a million.
func (w *Book) readStrings(part string) error {
	r, err := w.part(part)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	x := newXMLReader(r)
	var blob strings.Builder
	for {
		e, ok, err := x.child("sst")
		if err != nil || !ok {
			w.blob = blob.String()
			return err
		}
		if e.Name.Local != "si" {
			continue
		}
		s, err := x.richText("si")
		if err != nil {
			return err
		}
		blob.WriteString(s)
		if w.ends = append(w.ends, blob.Len()); blob.Len() > maxStrings {
			return errors.New("its texts are larger than 1 GiB")
		}
	}
}

func (w *Book) shared(index string) (string, error) {
	i, err := strconv.Atoi(strings.TrimSpace(index))
	if err != nil || i < 0 || i >= len(w.ends) {
		return "", fmt.Errorf("there is no shared string %q", index)
	}
	from := 0
	if i > 0 {
		from = w.ends[i-1]
	}
	return w.blob[from:w.ends[i]], nil
}

// Rows begins to read a sheet.
func (w *Book) Rows(s Sheet) (*Rows, error) {
	part, err := w.part(s.part)
	if err != nil {
		return nil, err
	}
	return &Rows{w: w, part: part, x: newXMLReader(part)}, nil
}
