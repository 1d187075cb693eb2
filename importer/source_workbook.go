package importer

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

// workbook is an .xlsx file read as a stream. It is read here and not by excelize, whose streaming rows tell neither a
// cell's type nor its number format (so a date is a number like any other), and whose calls that do load the whole sheet.
type workbook struct {
	zip     *zip.Reader
	sheets  []sheetInfo
	date904 bool
	formats []numberFormat // by style number
	blob    string         // the shared strings, one behind the other
	ends    []int
}

type sheetInfo struct {
	name   string
	part   string // its name in the archive
	hidden bool
	table  bool // not a chart or a dialog
}

func openWorkbook(r io.ReaderAt, size int64) (*workbook, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	w := &workbook{zip: z}
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
func (w *workbook) part(name string) (io.ReadCloser, error) {
	for _, f := range w.zip.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("the part %s is missing", name)
}

func (w *workbook) decode(name string, into any) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return xml.NewDecoder(r).Decode(into)
}

type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (w *workbook) relations(name string) ([]relation, error) {
	var x struct {
		Relationship []relation
	}
	err := w.decode(name, &x)
	return x.Relationship, err
}

func (w *workbook) readSheets(main string, rels []relation) error {
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
		info := sheetInfo{name: s.Name, hidden: s.State == "hidden" || s.State == "veryHidden"}
		for _, a := range s.Attrs {
			if a.Name.Local != "id" || a.Name.Space == "" {
				continue
			}
			for _, r := range rels {
				if r.ID == a.Value {
					info.part, info.table = target(path.Dir(main), r.Target), strings.HasSuffix(r.Type, "/worksheet")
				}
			}
		}
		w.sheets = append(w.sheets, info)
	}
	if len(w.sheets) == 0 {
		return errors.New("it has no sheets")
	}
	return nil
}

func truth(s string) bool { return s == "1" || s == "true" }

func (w *workbook) readStyles(part string) error {
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

func (w *workbook) format(style string) numberFormat {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(w.formats) {
		return numberFormat{}
	}
	return w.formats[i]
}

// readStrings reads the shared strings into one block: a workbook may have a million.
func (w *workbook) readStrings(part string) error {
	r, err := w.part(part)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	x := newXMLReader(r)
	var blob strings.Builder
	for {
		t, err := x.RawToken()
		if err == io.EOF {
			w.blob = blob.String()
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := t.(xml.StartElement); ok && start.Name.Local == "si" {
			s, err := x.richText("si")
			if err != nil {
				return err
			}
			blob.WriteString(s)
			w.ends = append(w.ends, blob.Len())
			if blob.Len() > maxStrings {
				return errors.New("its texts are larger than 1 GiB")
			}
		}
	}
}

func (w *workbook) shared(index string) (string, error) {
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

// pick chooses the sheet: by name, by number from 1, or the first that can be seen.
func (w *workbook) pick(in *Input) (sheetInfo, error) {
	var names, hidden []string
	for _, s := range w.sheets {
		names = append(names, fmt.Sprintf("%q", s.name))
		if s.hidden {
			hidden = append(hidden, fmt.Sprintf("%q", s.name))
		}
	}
	if len(hidden) > 0 {
		in.note("hidden sheets: " + strings.Join(hidden, ", "))
	}
	if in.o.Sheet == "" {
		for _, s := range w.sheets {
			if s.hidden || !s.table {
				continue
			}
			text := fmt.Sprintf("sheet %q", s.name)
			if len(names) > 1 {
				text += " (the first of " + strings.Join(names, ", ") + "; --sheet names another)"
			}
			in.note(text)
			return s, nil
		}
		return sheetInfo{}, in.fault("XLS004", "the workbook has no visible sheet with cells", "--sheet NAME with one of "+strings.Join(names, ", "))
	}
	for _, same := range []func(string) bool{
		func(s string) bool { return s == in.o.Sheet },
		func(s string) bool { return strings.EqualFold(s, in.o.Sheet) },
	} {
		for _, s := range w.sheets {
			if same(s.name) && s.table {
				in.note(fmt.Sprintf("sheet %q", s.name))
				return s, nil
			}
		}
	}
	if n, err := strconv.Atoi(in.o.Sheet); err == nil && n >= 1 && n <= len(w.sheets) && w.sheets[n-1].table {
		in.note(fmt.Sprintf("sheet %q", w.sheets[n-1].name))
		return w.sheets[n-1], nil
	}
	return sheetInfo{}, in.fault("XLS003", fmt.Sprintf("the workbook has no sheet %q", in.o.Sheet), "--sheet NAME with one of "+strings.Join(names, ", "))
}
