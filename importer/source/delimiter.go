package source

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
	"github.com/attio-bulk/attio-bulk/importer/source/layout"
)

// detectForm tells line ends, delimiter, quotes and header from the first part of the text.
func (in *File) detectForm(sample []byte) error {
	form, before := &in.form, 0
	sample = in.lineEnds(sample)
	by := ""
	said, err := in.saidForm()
	if err != nil {
		return err
	}
	if sep, rest, ok := sepLine(sample); ok {
		form.sep, before, sample = true, 1, rest
		if said.Delimiter == nil {
			said.Delimiter, by = &delimited.Form{Comma: sep}, " (by the sep= line)"
		}
	}
	ownForm, isRejects := rejectsForm(sample)
	if isRejects {
		o := in.o
		o.Mapping = nil // it speaks of the file that the rows come from
		in.d = o.said(false, false)
		if said, err = in.saidForm(); err != nil {
			return err
		}
	}
	switch {
	case isRejects && said.Delimiter == nil && said.Quote == nil && said.Backslash == nil:
		form.Form = ownForm
	default:
		err = in.chooseForm(sample, said)
	}
	if err != nil {
		return err
	}
	in.noteForm(by)
	rows, _ := layout.Rows(sample, form.Form, before)
	return in.findTable(rows, isRejects)
}

// chooseForm takes the form that fits best.
func (in *File) chooseForm(sample []byte, said layout.Said) error {
	tab := &delimited.Form{Comma: '\t'}
	if in.format == "tsv" && said.Delimiter == nil &&
		(in.o.Format == "tsv" || bytes.IndexByte(firstLine(sample), '\t') >= 0) {
		said.Delimiter = tab
	}
	guesses := layout.Forms(sample, said)
	if in.o.FirstLine && said.Delimiter == nil { // older versions knew no others
		guesses = slices.DeleteFunc(guesses, func(g layout.Guess) bool {
			return g.Form.Blanks > 0 || !strings.ContainsRune(",;\t|", g.Form.Comma)
		})
	}
	switch len(guesses) {
	case 0:
		in.form.Form = delimited.Plain(',')
		in.form.one = true
		if said.Quote != nil {
			in.form.Quote = *said.Quote
		}
		if said.Backslash != nil {
			in.form.Backslash = *said.Backslash
		}
	case 1:
		in.form.Form = guesses[0].Form
		in.form.letters = said.Quote == nil && layout.QuotesAreLetters(sample, in.form.Comma)
	default:
		a, b := guesses[0], guesses[1]
		if slices.Index(usual, a.Form.Comma) > slices.Index(usual, b.Form.Comma) {
			a, b = b, a
		}
		return in.fault("CSV003", fmt.Sprintf("both %s (%s) and %s (%s) could be the delimiter",
			separator(a.Form), counted(a.Cells, "column"), separator(b.Form), counted(b.Cells, "column"))).
			set(Delimiter, delimiterName(a.Form), delimiterName(b.Form))
	}
	return nil
}

// usual are the delimiters in the order of messages.
var usual = []rune{',', ';', '\t', '|', '~', '^'}

// firstLine is the first line with something on it.
func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(bytes.TrimLeft(text, " \r\n"), []byte{'\n'})
	return line
}

// noteForm says what was chosen; by tells the evidence.
func (in *File) noteForm(by string) {
	form := in.form.Form
	if in.form.one {
		in.note("no delimiter in the header: one column")
		return
	}
	if by != "" {
		in.note("delimiter " + separator(form) + by)
	}
	switch form.Quote {
	case '"':
	case 0:
		in.note("quotes belong to the text: none is around a cell")
	default:
		in.note(fmt.Sprintf("quotes %c", form.Quote))
	}
	if form.Backslash {
		in.note(`a backslash stands before a quote or a delimiter that belongs to the text`)
	}
}

// lineEnds finds out how lines end, and gives the sample in which all end in LF or CRLF.
func (in *File) lineEnds(sample []byte) []byte {
	form := &in.form
	form.crlf = bytes.Contains(sample, []byte("\r\n"))
	alone := bytes.Count(sample, []byte{'\r'}) > bytes.Count(sample, []byte("\r\n"))
	if !alone || in.o.FirstLine && bytes.IndexByte(sample, '\n') >= 0 {
		return sample
	}
	all, _, err := transform.Bytes(loneCRs{}, sample)
	if err != nil {
		return sample
	}
	if n := bytes.Count(sample, []byte("\r\r\n")); n > 1 && n == bytes.Count(sample, []byte{'\n'}) {
		// a program made CRLF of the LF in CRLF
		form.cr = true
		in.note("lines end in CR CR LF")
		return all
	}
	if form.cr = bytes.IndexByte(sample, '\n') < 0; form.cr {
		in.note("line ends CR")
		return all
	}
	was, is := layout.Forms(sample, layout.Said{}), layout.Forms(all, layout.Said{})
	if len(is) > 0 && (len(was) == 0 || is[0].Score > 1.02*was[0].Score) {
		form.cr = true
		in.note("lines end in CR as well as in LF")
		return all
	}
	return sample
}

// sepLine recognises the line with which Excel is told the delimiter: sep=; alone on the first line, quoted or not.
func sepLine(text []byte) (sep rune, rest []byte, ok bool) {
	line, rest, _ := bytes.Cut(text, []byte{'\n'})
	l := strings.Trim(strings.TrimRight(string(line), "\r"), `"`)
	if len(l) < 5 || !strings.EqualFold(l[:4], "sep=") {
		return 0, nil, false
	}
	r, ok := delimiterOf(l[4:])
	return r.Comma, rest, ok && r.Blanks == 0
}

// rejectsForm recognises a rejects file by the names of its last columns, and with them its delimiter.
func rejectsForm(text []byte) (form delimited.Form, ok bool) {
	line := string(bytes.TrimRight(firstLine(text), "\r"))
	_, behind, ok := strings.Cut(line, rejectColumns[0])
	if !ok {
		return form, false
	}
	comma, n := utf8.DecodeRuneInString(behind)
	if n == 0 || !strings.HasPrefix(behind, string(comma)+strings.Join(rejectColumns[1:4], string(comma))) {
		return form, false
	}
	return delimited.Plain(comma), true
}

// separator is how messages write a delimiter.
func separator(f delimited.Form) string {
	switch {
	case f.Blanks > 1:
		return "two blanks or more"
	case f.Blanks > 0:
		return "blanks"
	case f.Comma == '\t':
		return "tab"
	}
	return fmt.Sprintf("\"%c\"", f.Comma)
}

// delimiterNames are delimiters that have a name.
var delimiterNames = map[string]delimited.Form{
	"tab": {Comma: '\t'}, `\t`: {Comma: '\t'}, "space": {Comma: ' '},
	"blanks": {Blanks: 1}, "spaces": {Blanks: 1}, "whitespace": {Blanks: 1}, "wide-blanks": {Blanks: 2},
	"comma": {Comma: ','}, "semicolon": {Comma: ';'}, "pipe": {Comma: '|'}, "colon": {Comma: ':'},
}

// delimiterName is how Options call a delimiter.
func delimiterName(f delimited.Form) string {
	switch {
	case f.Blanks > 1:
		return "wide-blanks"
	case f.Blanks > 0:
		return "blanks"
	case f.Comma == '\t':
		return "tab"
	case f.Comma == ' ':
		return "space"
	}
	return string(f.Comma)
}

// delimiterOf reads what Options call a delimiter.
func delimiterOf(s string) (delimited.Form, bool) {
	if f, ok := delimiterNames[strings.ToLower(s)]; ok {
		return f, true
	}
	r, n := utf8.DecodeRuneInString(s)
	return delimited.Form{Comma: r},
		n == len(s) && n > 0 && r != utf8.RuneError && !strings.ContainsRune("\"\r\n\x00", r)
}
