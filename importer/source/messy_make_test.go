package source_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// A wantLine is a line of want.jsonl: the header, or a row as it was written.
type wantLine struct {
	Line   int      `json:"line"`
	Lines  int      `json:"lines,omitempty"` // of a header in two lines: 2
	Header []string `json:"header,omitempty"`
	Cells  []string `json:"cells,omitempty"`
	Bad    bool     `json:"bad,omitempty"`    // the row is to be refused, not read
	Footer bool     `json:"footer,omitempty"` // a total or a note below the table: warned of, and gone with skip-footer
	Later  bool     `json:"later,omitempty"`  // a line of a further table: gone with skip-footer
	May    bool     `json:"may,omitempty"`    // read so or refused, refused or left out: both are right
	Units  bool     `json:"units,omitempty"`  // a line of units below the header
}

// A sample is one file of the suite while it is made.
type sample struct {
	kind, name, ext string
	paper
	maker
	theme
	want  []wantLine
	flags []string
	asked string // what only a person can say; "" where the file says it itself
	skip  int    // rows below the table
}

// newSample makes data that depend on kind and number alone.
func newSample(kind string, i int, f form) *sample {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", kind, i)
	s := &sample{kind: kind, maker: maker{rand.New(rand.NewPCG(h.Sum64(), 13))}}
	s.theme = themes[(i*7+int(h.Sum64()%5))%len(themes)]
	s.name = fmt.Sprintf("%02d-%s", i+1, s.theme.name)
	s.write(f)
	return s
}

// write has the sample written as text.
func (s *sample) write(f form) {
	s.paper, s.ext = &sheetOfText{form: f}, "csv"
	switch {
	case f.comma == "\t":
		s.ext = "tsv"
	case f.comma != "," && f.comma != ";":
		s.ext = "txt"
	}
}

func (s *sample) flag(name, value string) { s.flags = append(s.flags, name+" "+value) }

// The lines of a table.

func (s *sample) header(names ...string) {
	if names == nil {
		names = s.theme.header
	}
	at := s.cells(names...)
	s.want = append(s.want, wantLine{Line: at, Header: names})
	s.flag("header-row", fmt.Sprint(at))
}

// headerInTwo writes the header in two lines. Words of the upper line stand over one column each.
func (s *sample) headerInTwo(top, below []string) {
	at := s.cells(top...)
	s.cells(below...)
	s.want = append(s.want, wantLine{Line: at, Lines: 2, Header: joined(top, below)})
	s.flag("header-row", fmt.Sprintf("%d-%d", at, at+1))
}

func joined(top, below []string) []string {
	var names []string
	for i := range below {
		names = append(names, strings.TrimSpace(top[i]+" "+below[i]))
	}
	return names
}

func (s *sample) put(cells ...string) {
	s.want = append(s.want, wantLine{Line: s.cells(cells...), Cells: cells})
}

func (s *sample) putBad(cells ...string) {
	s.want = append(s.want, wantLine{Line: s.cells(cells...), Bad: true})
}

// rows writes n rows, each changed by edit first.
func (s *sample) rows(n int, edit ...func(i int, cells []string) []string) {
	for i := range n {
		cells := s.row(s.theme)
		for _, e := range edit {
			cells = e(i, cells)
		}
		s.put(cells...)
	}
}

// totals writes a line of totals as wide as the table.
func (s *sample) totals() {
	cells := make([]string, len(s.theme.header))
	cells[0] = s.theme.total
	last := s.theme.spec[len(cells)-1]
	if strings.HasPrefix(last, "amount") || strings.HasPrefix(last, "int") {
		cells[len(cells)-1] = s.cell(last)
	} else {
		cells[1] = "12"
	}
	s.want = append(s.want, wantLine{Line: s.cells(cells...), Cells: cells, Footer: true})
	s.skip++
}

// note writes a line below the table. In a sheet it is a row of one cell, in a text a row of too few.
func (s *sample) note(line string) {
	w := wantLine{Line: s.text(line), Footer: true}
	if _, isBook := s.paper.(*sheetOfBook); isBook {
		w.Cells = []string{line}
	} else {
		w.Bad = true
	}
	s.want = append(s.want, w)
	s.skip++
}

// titles writes lines above the table as the number of a way says.
func (s *sample) titles(n, way int) {
	p, isText := s.paper.(*sheetOfText)
	for i := range n {
		line := s.theme.titles[i%len(s.theme.titles)]
		if i >= len(s.theme.titles) {
			line = fmt.Sprintf("Page %d of %d", i, n)
		}
		key, value, isPair := strings.Cut(line, ": ")
		switch {
		case !isText || way == 0 && !strings.Contains(line, p.comma):
			s.text(line)
		case way == 1 && isPair && !strings.Contains(value, ": "):
			s.cells(key+":", value)
		case way == 2:
			s.cells(append([]string{line}, make([]string, len(s.theme.header)-1)...)...)
		default:
			s.cells(line)
		}
	}
}

// done pins what the file is written with.
func (s *sample) done() *sample {
	p, isText := s.paper.(*sheetOfText)
	if isText {
		s.pinText(p.form)
	}
	if s.skip > 0 {
		s.flag("skip-footer", fmt.Sprint(s.skip))
	}
	return s
}

func (s *sample) pinText(f form) {
	comma := f.comma
	switch comma {
	case "\t":
		comma = "tab"
	case " ":
		comma = "blanks"
	case "  ":
		comma = "wide-blanks"
	}
	s.flag("delimiter", comma)
	quote := f.quote
	if quote == "" {
		quote = "none"
	}
	s.flag("quote", quote)
	if f.backslash {
		s.flag("escape", "backslash")
	} else if f.quote != "" {
		s.flag("escape", "double")
	}
	if f.encoding != "" {
		s.flag("encoding", f.encoding)
	}
}

// files are those of the sample's folder.
func (s *sample) files() map[string][]byte {
	out := map[string][]byte{"flags": []byte(strings.Join(s.flags, "\n") + "\n")}
	switch p := s.paper.(type) {
	case *sheetOfText:
		out["input."+s.ext] = p.bytes()
	case *sheetOfBook:
		out["input.xlsx"] = p.bytes()
	}
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	slices.SortStableFunc(s.want, func(a, b wantLine) int { return a.Line - b.Line })
	for _, w := range s.want {
		if p, isBook := s.paper.(*sheetOfBook); isBook { // columns keep their numbers
			w.Header, w.Cells = p.moved(w.Header), p.moved(w.Cells)
		}
		if err := enc.Encode(w); err != nil {
			panic(err)
		}
	}
	out["want.jsonl"] = want.Bytes()
	if s.asked != "" {
		out["refusal"] = []byte("asked: " + s.asked + "\n")
	}
	return out
}

// textual are the columns that hold words, as places in a row.
func (s *sample) textual() []int {
	var at []int
	for i, spec := range s.theme.spec {
		switch what, _, _ := strings.Cut(spec, ":"); what {
		case "company", "city", "street", "product", "full", "last", "first", "remark", "merchant", "deal":
			at = append(at, i)
		}
	}
	if at == nil {
		at = []int{0}
	}
	return at
}

// words puts text into a column of words of every third row, and surely of the first.
func (s *sample) words(text ...string) func(int, []string) []string {
	at := s.textual()
	return func(i int, cells []string) []string {
		if i%3 == 0 {
			cells[at[i%len(at)]] = text[(i/3)%len(text)]
		}
		return cells
	}
}

// gaps leaves cells empty here and there, never the first.
func (s *sample) gaps(_ int, cells []string) []string {
	if s.IntN(3) == 0 {
		cells[1+s.IntN(len(cells)-1)] = ""
	}
	return cells
}
