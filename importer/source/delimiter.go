package source

import (
	"bytes"
	"fmt"
	"strings"
)

// delimiters are the ones that are looked for, in the order of the notes.
var delimiters = []rune{',', ';', '\t', '|'}

// detectDialect tells line ends and delimiter from the first part of the text.
func (in *File) detectDialect(sample []byte, whole bool) error {
	lf := bytes.IndexByte(sample, '\n') >= 0
	in.form.cr = !lf && bytes.IndexByte(sample, '\r') >= 0
	in.form.crlf = bytes.Contains(sample, []byte("\r\n"))
	if in.form.cr {
		in.note("line ends CR")
		sample = bytes.ReplaceAll(sample, []byte{'\r'}, []byte{'\n'})
	}
	if sep, rest, ok := sepLine(sample); ok {
		in.form.sep, sample = true, rest
		if in.o.Delimiter == "" {
			in.form.comma = sep
			in.note("delimiter " + separator(sep) + " (by the sep= line)")
			return nil
		}
	}
	if in.o.Delimiter != "" {
		in.form.comma, _ = delimiterOf(in.o.Delimiter)
		in.note("delimiter " + separator(in.form.comma))
		return nil
	}
	if in.o.Format == "tsv" || in.format == "tsv" && fit(sample, '\t', whole).cells > 1 {
		in.form.comma = '\t'
		return nil
	}
	return in.detectDelimiter(sample, whole)
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

func (in *File) detectDelimiter(sample []byte, whole bool) error {
	var best, second candidate
	for _, d := range delimiters {
		c := fit(sample, d, whole)
		switch {
		case c.cells < 2:
		case c.share > best.share || c.share == best.share && c.cells > best.cells:
			best, second = c, best
		case c.share > second.share || c.share == second.share && c.cells > second.cells:
			second = c
		}
	}
	switch {
	case best.cells == 0:
		in.form.comma = ','
		in.note("no delimiter in the header: one column")
	case second.cells > 0 && second.share >= 0.8*best.share:
		return in.fault("CSV003",
			fmt.Sprintf("both %s (%d columns) and %s (%d columns) could be the delimiter", separator(best.comma), best.cells,
				separator(second.comma), second.cells)).
			set(Delimiter, delimiterName(best.comma), delimiterName(second.comma))
	default:
		in.form.comma = best.comma
		in.note("delimiter " + separator(best.comma))
	}
	return nil
}

// separator is how messages write a delimiter.
func separator(comma rune) string {
	if comma == '\t' {
		return "tab"
	}
	return `"` + string(comma) + `"`
}

// delimiterName is how Options call a delimiter.
func delimiterName(d rune) string {
	if d == '\t' {
		return "tab"
	}
	return string(d)
}

// fit divides the sample with one delimiter, minding quotes, and compares the rows with the header.
func fit(sample []byte, comma rune, whole bool) candidate {
	c := candidate{comma: comma}
	rows, same, cells := 0, 0, 1
	quoted, start, blank := false, true, true
	end := func() {
		switch {
		case blank:
		case c.cells == 0:
			c.cells = cells
		default:
			if rows++; cells == c.cells {
				same++
			}
		}
		cells, start, blank = 1, true, true
	}
	for i := 0; i < len(sample); i++ {
		b := sample[i]
		switch {
		case quoted:
			if b == '"' {
				if i+1 < len(sample) && sample[i+1] == '"' {
					i++
				} else {
					quoted = false
				}
			}
			continue
		case b == '"' && start:
			quoted, blank = true, false
		case b == byte(comma):
			cells++
			start = true
			continue
		case b == '\n':
			end()
			continue
		case b != '\r' && b != ' ':
			blank = false
		}
		start = false
	}
	if whole && !quoted || c.cells == 0 {
		end()
	}
	c.share = 1
	if rows > 0 {
		c.share = float64(same) / float64(rows)
	}
	return c
}
