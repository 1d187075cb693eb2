package source_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

var update = flag.Bool("update", false, "write the messy files that are made, and the table in docs/messy-files.md")

const (
	messyDir = "testdata/messy"
	messyDoc = "../../docs/messy-files.md"
)

// The files that are made are those on disk. Workbooks are compared as what they hold, by the other tests: another
// version of the library that writes them writes other bytes.
func TestMessyFilesAreMade(t *testing.T) {
	for _, s := range made() {
		dir := filepath.Join(messyDir, s.kind, s.name)
		if *update {
			require.NoError(t, os.RemoveAll(dir))
			require.NoError(t, os.MkdirAll(dir, 0o755))
		}
		for name, content := range s.files() {
			path := filepath.Join(dir, name)
			if *update {
				require.NoError(t, os.WriteFile(path, content, 0o644))
			}
			have, err := os.ReadFile(path)
			require.NoError(t, err)
			if filepath.Ext(name) != ".xlsx" && !bytes.Equal(have, content) {
				t.Errorf("%s is not what is made: go test ./importer/source -run TestMessyFilesAreMade -update", path)
			}
		}
	}
}

// A messyFile is a folder of the suite.
type messyFile struct {
	kind, dir, input string
	flags            []string
	want             []wantLine // nil: the file is refused, whatever the flags
	refusal          string     // what is asked, or the code of the refusal; "" where the file is to be read
}

func messyFiles(t *testing.T) []messyFile { return messyFilesIn(t, messyDir+"/*/*") }

func messyFilesIn(t *testing.T, pattern string) []messyFile {
	dirs, err := filepath.Glob(pattern)
	require.NoError(t, err)
	var all []messyFile
	for _, dir := range dirs {
		f := messyFile{kind: filepath.Base(filepath.Dir(dir)), dir: dir}
		inputs, err := filepath.Glob(dir + "/input*")
		require.NoError(t, err)
		require.Len(t, inputs, 1, dir)
		f.input = inputs[0]
		f.flags = messyLines(t, dir+"/flags")
		if lines := messyLines(t, dir+"/refusal"); lines != nil {
			f.refusal = lines[0]
		}
		for _, line := range messyLines(t, dir+"/want.jsonl") {
			var w wantLine
			require.NoError(t, json.Unmarshal([]byte(line), &w), dir)
			f.want = append(f.want, w)
		}
		require.True(t, f.want != nil || f.refusal != "", "%s expects nothing", dir)
		all = append(all, f)
	}
	return all
}

func messyLines(t *testing.T, path string) []string {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	var lines []string
	s := bufio.NewScanner(f)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	require.NoError(t, s.Err())
	return lines
}

// dialectOf takes the flags of a folder as the command would.
func dialectOf(t *testing.T, flags []string) source.Dialect {
	keys := map[string]any{}
	for _, f := range flags {
		name, value, _ := strings.Cut(f, " ")
		keys[strings.ReplaceAll(name, "-", "_")] = value
		if n, err := strconv.Atoi(value); err == nil && name == "skip-footer" {
			keys["skip_footer"] = n
		}
	}
	text, err := json.Marshal(keys)
	require.NoError(t, err)
	var d source.Dialect
	require.NoError(t, json.Unmarshal(text, &d), "%s", flags)
	return d
}

// A messyReading is what came of a file.
type messyReading struct {
	err      error
	columns  []string
	rows     []*mapping.Row
	suspects []int // lines that are warned of
	pinned   source.Dialect
}

func readMessy(d source.Dialect, path string) (r messyReading) {
	ctx := context.Background()
	in, err := source.Open(ctx, source.Options{Path: path, Dialect: d})
	if err != nil {
		return messyReading{err: err}
	}
	s, err := in.Survey(ctx)
	if err != nil {
		return messyReading{err: err}
	}
	if err := in.OneTable(s); err != nil {
		return messyReading{err: err}
	}
	r.columns, r.pinned = s.Columns, s.Pinned
	for _, suspect := range s.Suspects {
		r.suspects = append(r.suspects, suspect.Line)
	}
	for row, err := range in.Rows(ctx) {
		if err != nil {
			return messyReading{err: err}
		}
		r.rows = append(r.rows, row)
	}
	return r
}

// fits compares a reading with what was written. wrong are the misread lines; refused counts the rows that should have
// been read and were refused.
func (r messyReading) fits(want []wantLine) (wrong []string, refused int) {
	var header []string
	byLine := map[int]wantLine{}
	for _, w := range want {
		if w.Cells == nil && !w.Bad {
			header = w.Header
			continue
		}
		byLine[w.Line] = w
	}
	miss := func(line int, format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
	}
	good := 0
	for _, row := range r.rows {
		w, known := byLine[row.Line]
		delete(byLine, row.Line)
		if row.Bad != nil {
			if !w.Bad && !w.May {
				refused++
			}
			continue
		}
		good++
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, c.Text)
		}
		switch {
		case !known:
			miss(row.Line, "no row stands there, but %q was read", cells)
		case w.Bad:
			miss(row.Line, "to be refused, but read as %q", cells)
		case !slices.Equal(trimmed(cells), trimmed(w.Cells)):
			miss(row.Line, "%q, but read as %q", w.Cells, cells)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(byLine)) {
		if w := byLine[line]; !(w.Bad && w.May) && (w.Bad || len(trimmed(w.Cells)) > 0) {
			miss(line, "left out without a word: %q", w.Cells)
		}
	}
	if !slices.Equal(named(r.columns), named(header)) {
		if good > 0 {
			miss(0, "the header is %q, but read as %q", header, r.columns)
		}
		refused++
	}
	return wrong, refused
}

// trimmed leaves out the empty cells at the right and, of a table that does not begin in the first column, at the left.
func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// named are the names of columns, without those that have none.
func named(columns []string) []string {
	var out []string
	for i, c := range columns {
		if c != "" && c != fmt.Sprintf("#%d", i+1) {
			out = append(out, fmt.Sprint(i+1, c))
		}
	}
	return out
}

// A tally is a line of the table: the files of one kind, by what came of them without a flag.
type tally struct {
	files, byHand    int
	read, asks       int // as they are; asked about, where the file itself does not say it
	refuses          int // refused, where nobody can read them
	asked, misread   int // asked about or refused in part, where the file itself says it; read as what it is not
	pinned, pinnable int // read exactly with the flags of its folder; of so many
}

func (n *tally) add(m tally) {
	n.files, n.byHand, n.read, n.asks = n.files+m.files, n.byHand+m.byHand, n.read+m.read, n.asks+m.asks
	n.refuses, n.asked, n.misread = n.refuses+m.refuses, n.asked+m.asked, n.misread+m.misread
	n.pinned, n.pinnable = n.pinned+m.pinned, n.pinnable+m.pinnable
}

// judge reads a file without a flag and with its own.
func judge(t *testing.T, f messyFile) tally {
	n := tally{files: 1}
	if name := filepath.Base(f.dir); name[0] < '0' || name[0] > '9' {
		n.byHand = 1
	}
	r := readMessy(source.Dialect{}, f.input)
	wrong, refused := r.fits(f.want)
	switch question, isQuestion := strings.CutPrefix(f.refusal, "asked: "); {
	case r.err != nil && f.refusal == "" || r.err == nil && refused > 0 && len(wrong) == 0:
		t.Logf("%s: asked: %v, %d rows refused", f.dir, r.err, refused)
		n.asked = 1
	case r.err != nil && isQuestion:
		offers(t, f, question, r.err)
		n.asks = 1
	case r.err != nil:
		var e *source.Error
		require.ErrorAs(t, r.err, &e, f.dir)
		require.Equal(t, f.refusal, e.Code, f.dir)
		n.refuses = 1
	case len(wrong) > 0 || f.refusal != "":
		t.Errorf("%s: misread, where it should say %q:\n%s", f.dir, f.refusal, strings.Join(wrong, "\n"))
		n.misread = 1
	default:
		n.read = 1
		warnedOf(t, f, r)
		again := readMessy(r.pinned, f.input)
		wrong, refused = again.fits(f.want)
		require.True(t, again.err == nil && len(wrong) == 0 && refused == 0,
			"%s: not read the same with what was pinned, %+v: %v, %s", f.dir, r.pinned, again.err, wrong)
	}
	if f.want == nil {
		return n
	}
	n.pinnable = 1
	r = readMessy(dialectOf(t, f.flags), f.input)
	if wrong, refused := r.fits(pinned(f.want)); r.err == nil && len(wrong) == 0 && refused == 0 {
		n.pinned = 1
	} else {
		t.Errorf("%s: not read with its flags %q: %v\n%s", f.dir, f.flags, r.err, strings.Join(wrong, "\n"))
	}
	return n
}

// pinned is what is left when skip-footer is given.
func pinned(want []wantLine) []wantLine {
	return slices.DeleteFunc(slices.Clone(want), func(w wantLine) bool { return w.Footer || w.Later })
}

// warnedOf demands that what stands below a table is warned of, and nothing else.
func warnedOf(t *testing.T, f messyFile, r messyReading) {
	var footers []int
	for _, w := range f.want {
		if w.Footer {
			footers = append(footers, w.Line)
		}
	}
	if !slices.Equal(footers, r.suspects) {
		t.Errorf("%s: lines %d stand below the table, but lines %d are warned of", f.dir, footers, r.suspects)
	}
}

// offers demands that the right reading is among those that a question offers.
func offers(t *testing.T, f messyFile, question string, err error) {
	var e *source.Error
	require.ErrorAs(t, err, &e, f.dir)
	if question == "encoding" {
		require.Equal(t, source.Encoding, e.Setting, f.dir)
		return
	}
	for _, value := range e.Values {
		if slices.Contains(f.flags, string(e.Setting)+" "+value) {
			return
		}
	}
	for _, c := range e.Choices {
		r := readMessy(c.With, f.input)
		if wrong, refused := r.fits(pinned(f.want)); r.err == nil && len(wrong) == 0 && refused == 0 {
			return
		}
	}
	t.Errorf("%s: the question is %s, and no choice is right: %v %+v", f.dir, question, err, e.Choices)
}

// Of the files that say themselves how they are to be read, so many are read without a flag.
const understood = 0.97

func TestMessyFiles(t *testing.T) {
	tallies := map[string]*tally{}
	var all tally
	for _, f := range messyFiles(t) {
		if tallies[f.kind] == nil {
			tallies[f.kind] = &tally{}
		}
		n := judge(t, f)
		tallies[f.kind].add(n)
		all.add(n)
	}
	var table strings.Builder
	table.WriteString("| kind | files | by hand | read | asked, as only you can say | refused, as it must be | " +
		"asked, though the file says it | misread |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	line := func(name string, n tally) {
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", strings.ReplaceAll(name, "|", `\|`),
			n.files, n.byHand, n.read, n.asks, n.refuses, n.asked, n.misread)
	}
	for _, k := range kinds {
		require.NotNil(t, tallies[k.name], "no file of kind %s", k.name)
		require.GreaterOrEqual(t, tallies[k.name].files, 20, k.name)
		line(k.says, *tallies[k.name])
	}
	line("**all**", all)
	t.Log("\n" + table.String())
	require.Len(t, tallies, len(kinds), "a folder is of no kind")
	require.GreaterOrEqual(t, all.files, 600)
	require.Zero(t, all.misread, "files misread")
	require.GreaterOrEqual(t, float64(all.read), understood*float64(all.read+all.asked), "files read without a flag")
	holdTable(t, table.String())
}

// holdTable holds the table of the guide against what was found, or writes it there.
func holdTable(t *testing.T, table string) {
	const begin, end = "<!-- table of TestMessyFiles -->\n", "<!-- end of table -->\n"
	text, err := os.ReadFile(messyDoc)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	require.True(t, ok && closed, "%s has no place for the table", messyDoc)
	want := before + begin + table + end + after
	if *update {
		require.NoError(t, os.WriteFile(messyDoc, []byte(want), 0o644))
	} else if want != string(text) {
		t.Errorf("%s is stale: go test ./importer/source -run TestMessyFiles -update", messyDoc)
	}
}
