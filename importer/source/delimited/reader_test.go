package delimited

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// all reads every record; a malformed one is nil.
func all(t *testing.T, text string, f Form) (records [][]string, faults []*csv.ParseError) {
	r := NewReader(strings.NewReader(text), f)
	for {
		cells, err := r.Read()
		var fault *csv.ParseError
		switch {
		case err == io.EOF:
			require.Equal(t, int64(len(text)), r.InputOffset())
			return records, faults
		case errors.As(err, &fault):
			records, faults = append(records, nil), append(faults, fault)
		default:
			require.NoError(t, err)
			records = append(records, append([]string{}, cells...))
		}
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		name, text string
		form       Form
		want       [][]string
	}{
		{"apostrophes", "a,'b,c'\n'it''s','x\ny'\n", Form{Comma: ',', Quote: '\''},
			[][]string{{"a", "b,c"}, {"it's", "x\ny"}}},
		{"no quotes", "5\" nail,'a'\n\"x\",y\n", Form{Comma: ','}, [][]string{{`5" nail`, "'a'"}, {`"x"`, "y"}}},
		{"backslashes", `"a\"b",c\,d,e\\f,g\h` + "\n", Form{Comma: ',', Quote: '"', Backslash: true},
			[][]string{{`a"b`, "c,d", `e\f`, `g\h`}}},
		{"a line end behind a backslash", "a\\\nb,c\n", Form{Comma: ',', Backslash: true}, [][]string{{"a\nb", "c"}}},
		{"a backslash at the very end", `a,b\`, Form{Comma: ',', Backslash: true}, [][]string{{"a", `b\`}}},
		{"runs of blanks", "  a \t b  \n'c d'  e\n\n", Form{Blanks: 1, Quote: '\''}, [][]string{{"a", "b"}, {"c d", "e"}}},
		{"two blanks or more", "a b  c d\te\n", Form{Blanks: 2}, [][]string{{"a b", "c d", "e"}}},
		{"blanks only", " \t \na b", Form{Blanks: 1}, [][]string{{""}, {"a", "b"}}},
		{"blank cells and CRLF", "a;;\r\n;b;\r\n", Form{Comma: ';'}, [][]string{{"a", "", ""}, {"", "b", ""}}},
		{"a wide delimiter", "a→b\n'→'→c\n", Form{Comma: '→', Quote: '\''}, [][]string{{"a", "b"}, {"→", "c"}}},
		{"malformed", "a'b,c\n'd'e,f\n'g\nh,i\n", Form{Comma: ',', Quote: '\''}, [][]string{nil, nil, nil}},
	} {
		records, _ := all(t, c.text, c.form)
		require.Equal(t, c.want, records, c.name)
	}
	require.True(t, Plain(';').IsPlain())
	require.False(t, Form{Blanks: 1, Quote: '"'}.IsPlain())
}

func TestPlaces(t *testing.T) {
	r := NewReader(strings.NewReader("a,'b\nc',d\n\ne,f'g\n"), Form{Comma: ',', Quote: '\''})
	_, err := r.Read()
	require.NoError(t, err)
	for i, want := range [][2]int{{1, 1}, {1, 3}, {2, 4}} {
		line, column := r.FieldPos(i)
		require.Equal(t, want, [2]int{line, column})
	}
	_, err = r.Read()
	var fault *csv.ParseError
	require.ErrorAs(t, err, &fault)
	require.Equal(t, []int{4, 4, 4}, []int{fault.StartLine, fault.Line, fault.Column})
	require.ErrorIs(t, err, csv.ErrBareQuote)
}

func TestLongLinesAndErrors(t *testing.T) {
	long := strings.Repeat("x", 300<<10)
	records, _ := all(t, long+"|"+long+"\n1|2\n", Form{Comma: '|'})
	require.Equal(t, [][]string{{long, long}, {"1", "2"}}, records)
	broken := errors.New("broken")
	for _, text := range []string{"a,b\n", "'a\n", "a\\\n"} {
		r := NewReader(io.MultiReader(strings.NewReader(text), failing{broken}),
			Form{Comma: ',', Quote: '\'', Backslash: true})
		var err error
		for err == nil {
			_, err = r.Read()
		}
		require.ErrorIs(t, err, broken, text)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// forms are those that the fuzzing tries.
var forms = []Form{Plain(','), Plain(';'), {Comma: ',', Quote: '\''}, {Comma: '|'},
	{Comma: ',', Quote: '"', Backslash: true},
	{Comma: '\t', Backslash: true}, {Blanks: 1, Quote: '"'}, {Blanks: 2}, {Blanks: 1, Quote: '\'', Backslash: true},
	{Comma: '→', Quote: '"'}}

func FuzzReader(f *testing.F) {
	for i, s := range []string{"a,b\n\"c\"\"d\",e\n\n", "a;b\r\n;\"\r\n\"", "'a','b''c'\n'x", "a\"|b\\|c\n",
		"\"a\\\"b\",c\\\n",
		"a\\\tb\tc\\", " a  b\t\"c d\" \n", "a b  c\n \n", "'a b'\\ c d\\\\\n", "a→\"→\"→b\n", "\r\n\r", "\"\"\"\n\"\"",
		"a\rb,c\r"} {
		f.Add([]byte(s), byte(i%len(forms)))
	}
	f.Fuzz(func(t *testing.T, text []byte, n byte) {
		form := forms[int(n)%len(forms)]
		records, faults := all(t, string(text), form)
		require.Equal(t, reference(string(text), form), records)
		if !form.IsPlain() {
			return
		}
		r := csv.NewReader(strings.NewReader(string(text)))
		r.Comma, r.FieldsPerRecord = form.Comma, -1
		mine := NewReader(strings.NewReader(string(text)), form)
		for range records {
			want, err := r.Read()
			got, mineErr := mine.Read()
			require.Equal(t, err == nil, mineErr == nil)
			require.Equal(t, r.InputOffset(), mine.InputOffset())
			for i := range want {
				if err == nil {
					require.Equal(t, want[i], got[i])
					line, column := r.FieldPos(i)
					mineLine, mineColumn := mine.FieldPos(i)
					require.Equal(t, [2]int{line, column}, [2]int{mineLine, mineColumn})
				}
			}
			var fault *csv.ParseError
			if errors.As(err, &fault) {
				require.Equal(t, fault.StartLine, faults[0].StartLine)
				require.ErrorIs(t, faults[0].Err, fault.Err)
				faults = faults[1:]
			}
		}
		_, err := r.Read()
		require.Equal(t, io.EOF, err)
	})
}

// reference reads the same records slowly, from a text in memory: a malformed one is nil.
func reference(text string, f Form) (records [][]string) {
	var lines []string // each ends in \n but perhaps the last
	for _, line := range strings.SplitAfter(text, "\n") {
		if plain, ended := strings.CutSuffix(line, "\n"); ended {
			lines = append(lines, strings.TrimSuffix(plain, "\r")+"\n")
		} else if line != "" {
			lines = append(lines, strings.TrimSuffix(line, "\r"))
		}
	}
	for len(lines) > 0 {
		if lines[0] == "\n" || lines[0] == "" {
			lines = lines[1:]
			continue
		}
		s := slow{form: f, rest: lines[0], lines: lines[1:]}
		if f.Blanks > 0 {
			s.rest = strings.TrimLeft(s.rest, " \t")
		}
		record := []string{}
		for more := true; more && record != nil; {
			var cell string
			var ok bool
			if cell, more, ok = s.cell(); ok {
				record = append(record, cell)
			} else {
				record = nil
			}
		}
		records, lines = append(records, record), s.lines
	}
	return records
}

type slow struct {
	form  Form
	rest  string   // of the line at hand, with its end
	lines []string // behind it
}

func (s *slow) ended() bool { return s.rest == "" || s.rest == "\n" }

// next goes on to the next line, where there is one.
func (s *slow) next() bool {
	if len(s.lines) == 0 {
		return false
	}
	s.rest, s.lines = s.lines[0], s.lines[1:]
	return true
}

// gap is the delimiter that the rest begins with.
func (s *slow) gap() string {
	if s.form.Blanks == 0 {
		if comma := string(s.form.Comma); strings.HasPrefix(s.rest, comma) {
			return comma
		}
		return ""
	}
	run := s.rest[:len(s.rest)-len(strings.TrimLeft(s.rest, " \t"))]
	last := run == strings.TrimSuffix(s.rest, "\n")
	if last || strings.Contains(run, "\t") || len(run) >= s.form.Blanks {
		return run
	}
	return ""
}

// escape resolves the backslash that the rest begins with.
func (s *slow) escape() string {
	if s.rest == "\\\n" {
		if !s.next() {
			s.rest = ""
		}
		return "\n"
	}
	special := []string{`\`}
	if s.form.Quote != 0 {
		special = append(special, string(s.form.Quote))
	}
	if s.form.Blanks > 0 {
		special = append(special, " ", "\t")
	} else {
		special = append(special, string(s.form.Comma))
	}
	for _, one := range special {
		if strings.HasPrefix(s.rest[1:], one) {
			s.rest = s.rest[1+len(one):]
			return one
		}
	}
	s.rest = s.rest[1:]
	return `\`
}

func (s *slow) cell() (cell string, more, ok bool) {
	quote := string(s.form.Quote)
	if s.form.Quote != 0 && strings.HasPrefix(s.rest, quote) {
		s.rest = s.rest[len(quote):]
		for {
			switch {
			case s.rest == "":
				return "", false, false
			case s.rest == "\n":
				cell += "\n"
				if !s.next() {
					return "", false, false
				}
				continue
			case s.form.Backslash && s.rest[0] == '\\':
				cell += s.escape()
				continue
			case !s.form.Backslash && strings.HasPrefix(s.rest, quote+quote):
				cell, s.rest = cell+quote, s.rest[2*len(quote):]
				continue
			case !strings.HasPrefix(s.rest, quote):
				cell, s.rest = cell+s.rest[:1], s.rest[1:]
				continue
			}
			s.rest = s.rest[len(quote):]
			break
		}
		if s.gap() == "" && !s.ended() {
			return "", false, false
		}
	}
	for s.gap() == "" && !s.ended() {
		switch {
		case s.form.Backslash && s.rest[0] == '\\':
			cell += s.escape()
		case s.form.Quote != 0 && strings.HasPrefix(s.rest, quote):
			return "", false, false
		default:
			cell, s.rest = cell+s.rest[:1], s.rest[1:]
		}
	}
	gap := s.gap()
	s.rest = s.rest[len(gap):]
	return cell, gap != "" && (s.form.Blanks == 0 || !s.ended()), true
}
