package source_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html/charset"

	"testing"
)

// A paper is what a table is written on. Each method returns the physical line on which it wrote.
type paper interface {
	cells(cells ...string) int
	text(line string) int // a line that is no row: a title, a comment
	blank() int
}

// form is how a text file is written.
type form struct {
	comma     string // the delimiter; "  " and longer: columns are padded to widths, and that many blanks lie between
	widths    []int
	right     bool   // the first column stands to the right
	quote     string // "" for none
	all       bool   // every cell is quoted
	backslash bool   // a quote within a cell has a backslash before it, and is not doubled
	ends      []string
	encoding  string
	bom       bool
	noEnd     bool // the last line has no end
}

// sheetOfText writes a text file.
type sheetOfText struct {
	form
	b     strings.Builder
	lines int // physical lines written
	n     int // calls, to take line ends in turn
}

func (p *sheetOfText) end() string {
	if len(p.ends) == 0 {
		return "\n"
	}
	return p.ends[p.n%len(p.ends)]
}

func (p *sheetOfText) put(s string) int {
	at := p.lines + 1
	end := p.end()
	p.n++
	p.lines += 1 + strings.Count(s, "\n")
	p.b.WriteString(strings.ReplaceAll(s, "\n", end) + end)
	return at
}

func (p *sheetOfText) text(line string) int { return p.put(line) }
func (p *sheetOfText) blank() int           { return p.put("") }

func (p *sheetOfText) cells(cells ...string) int {
	var out []string
	for i, c := range cells {
		c = p.cell(c)
		if i < len(p.widths) && i < len(cells)-1 {
			pad := strings.Repeat(" ", max(0, p.widths[i]-len([]rune(c))))
			if c += pad; p.right && i == 0 {
				c = pad + strings.TrimSuffix(c, pad)
			}
		}
		out = append(out, c)
	}
	return p.put(strings.Join(out, p.comma))
}

func (p *sheetOfText) cell(c string) string {
	special := strings.Contains(c, p.comma) || strings.ContainsAny(c, "\r\n")
	if strings.TrimSpace(p.comma) == "" && p.comma != "\t" {
		special = strings.Contains(c, p.comma) || p.comma == " " && c == ""
	}
	if p.quote == "" {
		if special {
			panic(fmt.Sprintf("cell %q cannot be written without quotes", c))
		}
		return c
	}
	special = special || strings.Contains(c, p.quote) || p.backslash && strings.Contains(c, `\`)
	if !p.all && !special {
		return c
	}
	if p.backslash {
		c = strings.ReplaceAll(c, `\`, `\\`)
		return p.quote + strings.ReplaceAll(c, p.quote, `\`+p.quote) + p.quote
	}
	return p.quote + strings.ReplaceAll(c, p.quote, p.quote+p.quote) + p.quote
}

// bytes are the file's.
func (p *sheetOfText) bytes() []byte {
	text := p.b.String()
	if p.noEnd {
		text = strings.TrimRight(text, "\r\n")
	}
	if p.bom {
		text = "\ufeff" + text
	}
	if p.encoding == "" {
		return []byte(text)
	}
	e, _ := charset.Lookup(p.encoding)
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		panic(err)
	}
	return out
}

// sheetOfBook writes a workbook of one sheet.
type sheetOfBook struct {
	f     *excelize.File
	row   int
	left  int // empty columns at the left
	width int // of the table, over which titles are merged; 0: they are not
	typed bool
}

func newBook() *sheetOfBook { return &sheetOfBook{f: excelize.NewFile()} }

func (p *sheetOfBook) cells(cells ...string) int {
	p.row++
	for i, c := range cells {
		if c == "" {
			continue
		}
		var v any = c
		var n int
		if _, err := fmt.Sscanf(c, "%d", &n); p.typed && err == nil && fmt.Sprint(n) == c {
			v = n
		}
		p.must(p.f.SetCellValue("Sheet1", p.at(i), v))
	}
	return p.row
}

func (p *sheetOfBook) at(column int) string {
	name, err := excelize.CoordinatesToCellName(p.left+column+1, p.row)
	p.must(err)
	return name
}

// moved are cells as they stand behind the empty columns at the left.
func (p *sheetOfBook) moved(cells []string) []string {
	if cells == nil {
		return nil
	}
	return append(make([]string, p.left), cells...)
}

func (p *sheetOfBook) must(err error) {
	if err != nil {
		panic(err)
	}
}

func (p *sheetOfBook) text(line string) int {
	p.row++
	p.must(p.f.SetCellValue("Sheet1", p.at(0), line))
	if p.width > 1 {
		p.must(p.f.MergeCell("Sheet1", p.at(0), p.at(p.width-1)))
	}
	return p.row
}

func (p *sheetOfBook) blank() int { p.row++; return p.row }

func (p *sheetOfBook) bytes() []byte {
	var b bytes.Buffer
	p.must(p.f.Write(&b))
	return b.Bytes()
}

// What the suite is written with is held against what is known: a writer with a fault would be held against the reader.
func TestMessyPaper(t *testing.T) {
	p := &sheetOfText{form: form{comma: ";", quote: "'", backslash: true, ends: []string{"\r\n", "\n"}}}
	require.Equal(t, 1, p.cells("a", "it's; so", `C:\x`, ""))
	require.Equal(t, 2, p.cells("two\nlines"))
	require.Equal(t, 4, p.text("# end"))
	require.Equal(t, "a;'it\\'s; so';'C:\\\\x';\r\n'two\nlines'\n# end\r\n", string(p.bytes()))
	p = &sheetOfText{form: form{comma: ",", quote: `"`, encoding: "utf-16le", bom: true, noEnd: true}}
	p.cells(`"x"`)
	require.Equal(t, "\xff\xfe\"\x00\"\x00\"\x00x\x00\"\x00\"\x00\"\x00", string(p.bytes()))
}
