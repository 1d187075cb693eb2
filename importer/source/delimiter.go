package source

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// delimiters are the ones that are looked for, in the order of the notes.
var delimiters = []rune{',', ';', '\t', '|'}

// detectForm tells line ends and delimiter from the first part of the text.
func (in *File) detectForm(sample []byte) error {
	form := &in.form
	form.cr = bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0
	form.crlf = bytes.Contains(sample, []byte("\r\n"))
	if form.cr {
		in.note("line ends CR")
		sample = bytes.ReplaceAll(sample, []byte{'\r'}, []byte{'\n'})
	}
	by := ""
	if sep, rest, ok := sepLine(sample); ok {
		form.comma, form.sep, by, sample = sep, true, " (by the sep= line)", rest
	}
	if in.o.Delimiter != "" {
		form.comma, _ = delimiterOf(in.o.Delimiter)
		by = ""
	}
	switch {
	case form.comma != 0:
	case in.o.Format == "tsv" || in.format == "tsv" && fit(sample, '\t').cells > 1:
		form.comma = '\t'
		return nil
	default:
		return in.detectDelimiter(sample)
	}
	in.note("delimiter " + separator(form.comma) + by)
	return nil
}

// sepLine recognises the line with which Excel is told the delimiter: sep=; alone on the first line, quoted or not.
func sepLine(text []byte) (sep rune, rest []byte, ok bool) {
	line, rest, _ := bytes.Cut(text, []byte{'\n'})
	l := strings.Trim(strings.TrimRight(string(line), "\r"), `"`)
	if len(l) < 5 || !strings.EqualFold(l[:4], "sep=") {
		return 0, nil, false
	}
	r, ok := delimiterOf(l[4:])
	return r, rest, ok
}

// candidate is how well a delimiter fits: the cells it makes of the header, and the share of rows that have as many.
type candidate struct {
	comma rune
	cells int
	share float64
}

func (in *File) detectDelimiter(sample []byte) error {
	var fits []candidate
	for _, d := range delimiters {
		if c := fit(sample, d); c.cells > 1 {
			fits = append(fits, c)
		}
	}
	slices.SortStableFunc(fits, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.share, a.share), b.cells-a.cells)
	})
	switch {
	case len(fits) == 0:
		in.form.comma = ','
		in.note("no delimiter in the header: one column")
	case len(fits) > 1 && fits[1].share >= 0.8*fits[0].share:
		a, b := fits[0], fits[1]
		return in.fault("CSV003", fmt.Sprintf("both %s (%d columns) and %s (%d columns) could be the delimiter",
			separator(a.comma), a.cells, separator(b.comma), b.cells)).
			set(Delimiter, delimiterName(a.comma), delimiterName(b.comma))
	default:
		in.form.comma = fits[0].comma
		in.note("delimiter " + separator(in.form.comma))
	}
	return nil
}

// separator is how messages write a delimiter.
func separator(comma rune) string {
	if comma == '\t' {
		return "tab"
	}
	return fmt.Sprintf("\"%c\"", comma)
}

// delimiterName is how Options call a delimiter.
func delimiterName(d rune) string {
	if d == '\t' {
		return "tab"
	}
	return string(d)
}

// fit divides the sample with one delimiter, and compares the rows with the header.
func fit(sample []byte, comma rune) candidate {
	r := csv.NewReader(bytes.NewReader(sample))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma, true, -1, true
	c := candidate{comma: comma, share: 1}
	rows, same := 0, 0
	for {
		cells, err := r.Read()
		switch {
		case err != nil:
			if rows > 0 {
				c.share = float64(same) / float64(rows)
			}
			return c
		case blank(cells):
		case c.cells == 0:
			c.cells = len(cells)
		default:
			if rows++; len(cells) == c.cells {
				same++
			}
		}
	}
}
