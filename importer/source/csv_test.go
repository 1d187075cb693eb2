package source

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// refused opens and surveys a file that is to be refused as a whole.
func refused(t testing.TB, o Options) *Error {
	t.Helper()
	in, err := Open(t.Context(), o)
	if err == nil {
		_, err = in.Survey(t.Context())
	}
	var ie *Error
	require.ErrorAs(t, err, &ie)
	require.Contains(t, Codes, ie.Code)
	require.Equal(t, o.Path, ie.Path)
	return ie
}

func TestDialects(t *testing.T) {
	want := [][]string{{"1", "Ada, Countess; of | Lovelace", "x"}, {"2", "Bob", "a \"quoted\"\nline"}}
	quoted := func(d, nl string) string {
		return strings.NewReplacer(",", d, "\n", nl).Replace("id,Name,Note\n1,") + `"Ada, Countess; of | Lovelace"` + d +
			"x" + nl +
			"2" + d + "Bob" + d + `"a ""quoted""` + nl + `line"` + nl
	}
	for _, c := range []struct {
		name, content string
		o             Options
		note          string
	}{
		{"comma", quoted(",", "\n"), Options{}, `delimiter ","`},
		{"semicolon", quoted(";", "\n"), Options{}, `delimiter ";"`},
		{"tab", quoted("\t", "\n"), Options{}, `delimiter tab`},
		{"pipe", quoted("|", "\n"), Options{}, `delimiter "|"`},
		{"CRLF", quoted(";", "\r\n"), Options{}, `delimiter ";"`},
		{"CR", quoted(",", "\r"), Options{}, "line ends CR"},
		{"no line end at the end", strings.TrimSuffix(quoted(",", "\n"), "\n"), Options{}, `delimiter ","`},
		{"sep line", "sep=;\n" + quoted(";", "\n"), Options{}, `delimiter ";" (by the sep= line)`},
		{"sep line in quotes", "\"SEP=|\"\r\n" + quoted("|", "\r\n"), Options{}, `delimiter "|" (by the sep= line)`},
		{"named", quoted("~", "\n"), Options{Dialect: Dialect{Delimiter: "~"}}, `delimiter "~"`},
		{"tab named", quoted("\t", "\n"), Options{Dialect: Dialect{Delimiter: "tab"}}, `delimiter tab`},
		{"tsv named", quoted("\t", "\n"), Options{Dialect: Dialect{Format: "tsv"}}, "format tsv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Path = file(t, "users.csv", c.content)
			_, s, rows := readAll(t, c.o)
			require.Equal(t, []string{"id", "Name", "Note"}, s.Columns)
			require.Equal(t, want, texts(rows))
			require.Contains(t, told(s), c.note)
			first := 2
			if strings.Contains(c.note, "sep=") {
				first = 3
			}
			require.Equal(t, []int{first, first + 1}, []int{rows[0].Line, rows[1].Line})
			require.Equal(t, int32(7), rows[1].Cells[2].Column)
		})
	}
}

// told is what a survey says of how its file was read, in words.
func told(s Survey) []string {
	delimiter := fmt.Sprintf("delimiter %q", s.Pinned.Delimiter)
	if s.Pinned.Delimiter == "tab" {
		delimiter = "delimiter tab"
	}
	return append(s.Notes, "format "+s.Pinned.Format, "encoding "+s.Pinned.Encoding, delimiter)
}

func TestDelimiterDetection(t *testing.T) {
	for _, c := range []struct {
		name, content string
		columns       []string
		refused       string // the code
	}{
		{"decimal commas", "id;amount\n1;2,50\n2;3,50\n", []string{"id", "amount"}, ""},
		{"lists in cells", "id,tags\n1,a;b;c\n2,a;b\n", []string{"id", "tags"}, ""},
		{"a comma in one header only", "Name, first;E-mail\nAda;a@x.com\nBob;b@x.com\n", []string{"Name, first", "E-mail"},
			""},
		{"one column", "email\nada@x.com\n", []string{"email"}, ""},
		{"one column of lists", "tags\na;b\n", []string{"tags"}, ""},
		{"quoted delimiters do not count", "\"a;b;c\",d\n\"1;2;3\",4\n", []string{"a;b;c", "d"}, ""},
		{"a near tie", "a,b;c\n1,2;3\n4,5;6\n", nil, "CSV003"},
		{"a header alone that fits both", "a,b;c\n", nil, "CSV003"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := file(t, "in.csv", c.content)
			if c.refused != "" {
				e := refused(t, Options{Path: path})
				require.Equal(t, c.refused, e.Code)
				require.Equal(t, []any{Delimiter, []string{",", ";"}}, []any{e.Setting, e.Values})
				_, s, _ := readAll(t, Options{Path: path, Dialect: Dialect{Delimiter: ";"}})
				require.Equal(t, []string{"a,b", "c"}, s.Columns)
				return
			}
			_, s, _ := readAll(t, Options{Path: path})
			require.Equal(t, c.columns, s.Columns)
		})
	}
}

// What an export writes can be read, also where the texts of a record hold control characters.
func TestControlCharactersInCells(t *testing.T) {
	notes := []string{"a\x01b", "\x02\x03\x04\x05\x06", "\x0b\x0c\x7f", "\x1b[31mred", "\x00"}
	text := "record_id,notes\n"
	want := [][]string{}
	for i, n := range notes {
		text += fmt.Sprintf("%d,\"%s\"\n", i, n)
		want = append(want, []string{fmt.Sprint(i), n})
	}
	_, _, rows := readAll(t, Options{Path: file(t, "notes.csv", text)})
	require.Equal(t, want, texts(rows))
}

func TestCSVRefusedAsAWhole(t *testing.T) {
	long := strings.Repeat("1,2\n", maxRow/4+1<<16)
	for _, c := range []struct {
		name, content, code string
		line, column        int
		text                string
	}{
		{"unclosed quote", "a,b\n1,2\n\n3,\"four\n5,6\n7,8\n", "CSV004", 4, 3, "a quote is opened here and never closed"},
		{"unclosed quote after sep=", "sep=,\na,b\n1,\"x\ny\n", "CSV004", 3, 3, "a quote is opened here and never closed"},
		{"runaway quote", "a,b\n1,2\n3,\"" + long + "5,6\"\n", "CSV005", 3, 3,
			"a quote is opened here and not closed within 16 MiB"},
		{"runaway row", "a,b\n1," + strings.Repeat("x", maxRow+1<<18) + "\n", "CSV005", 2, 0, "a row is longer than 16 MiB"},
		{"duplicate headers", "id,E-mail,Name, E-mail\n1,2,3,4\n", "CSV002", 1, 16,
			`columns 2 and 4 have the same header "E-mail"`},
		{"quote in the header", "id,E\"mail\n1,\"2\"\n", "CSV013", 1, 5,
			"the header has a quote inside a cell that is not quoted; write the cell in quotes and the quote twice (\"\")"},
		{"a name of a rejects file elsewhere", "attio_row,id\n1,2\n", "CSV006", 0, 0,
			`column 1 is called "attio_row" like a column of rejects files, and is not at the right end behind others`},
		{"a rejects file without others", "attio_row,attio_error\n1,2\n", "CSV006", 0, 0,
			`column 1 is called "attio_row" like a column of rejects files, and is not at the right end behind others`},
		{"a rejects file with notes beside", "id,attio_row,\n1,2,x\n", "CSV006", 0, 0,
			`column 2 is called "attio_row" like a column of rejects files, and is not at the right end behind others`},
		{"blank cells only", ",,\n,,\n", "CSV001", 0, 0, "there is no header row"},
		{"empty", "", "FIL003", 0, 0, "the file is empty"},
		{"mark only", charset.UTF8Marked.BOM, "FIL003", 0, 0, "the file holds nothing but blanks"},
		{"web page", "<!DOCTYPE html><table>", "FIL004", 0, 0, "the file is a web page or XML, not a table"},
		{"pdf", "%PDF-1.4", "FIL004", 0, 0, "the file is neither text nor a workbook"},
		{"binary", "\x01\x02\x03,\x04", "FIL004", 0, 0, "the file is neither text nor a workbook"},
		{"binary behind a line of text", "a,b\n\x01\x02\xff\xfe\x03\x04", "FIL004", 0, 0,
			"the file is neither text nor a workbook"},
		{"zip", "PK\x03\x04users.csv", "FIL004", 0, 0, "the file is a zip archive"},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS002", 0, 0, "the workbook is encrypted or of the old .xls kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := file(t, "in.csv", c.content)
			e := refused(t, Options{Path: path})
			require.Equal(t, []any{c.code, c.line, c.column, c.text}, []any{e.Code, e.Line, e.Column, e.Text})
			place := path
			if c.line > 0 {
				place += fmt.Sprintf(":%d", c.line)
			}
			require.True(t, strings.HasPrefix(e.Error(), place+":"), e.Error())
		})
	}
}

func TestRowsAtFault(t *testing.T) {
	for _, c := range []struct {
		name, rows string
		bad        mapping.RowError
		cells      []string
		raw        string
	}{
		{"too many cells", "1,Ada,ada@x.com,2024-01-02\n2,Doe,Jane,jane@x.com,2024-01-03\n",
			mapping.RowError{Code: "CSV012", Line: 3, Column: 23, Message: "has 5 cells where the header has 4"},
			[]string{"2", "Doe", "Jane", "jane@x.com", "2024-01-03"}, "2,Doe,Jane,jane@x.com,2024-01-03"},
		{"two too many", "1,a,b,c\n2,e,f,g,h,i\n",
			mapping.RowError{Code: "CSV012", Line: 3, Column: 9, Message: "has 6 cells where the header has 4"},
			[]string{"2", "e", "f", "g", "h", "i"}, "2,e,f,g,h,i"},
		{"missing cell", "1,Ada,ada@x.com,2024-01-02\n2,jane@x.com,2024-01-03\n",
			mapping.RowError{Code: "CSV011", Line: 3, Message: "has 3 cells where the header has 4"},
			[]string{"2", "jane@x.com", "2024-01-03"}, "2,jane@x.com,2024-01-03"},
		{"rest of a broken row", "1,Ada\n",
			mapping.RowError{Code: "CSV011", Line: 2, Message: "has 2 cells where the header has 4"}, []string{"1", "Ada"},
			"1,Ada"},
		{"one cell", "1\r\n", mapping.RowError{Code: "CSV011", Line: 2, Message: "has 1 cell where the header has 4"},
			[]string{"1"}, "1"},
		{"bare quote", "1,a,5\" nail,c\n",
			mapping.RowError{Code: "CSV013", Line: 2, Column: 6,
				Message: `has a quote inside a cell that is not quoted; write the cell in quotes and the quote twice ("")`},
			[]string{"1", "a"}, "1,a,5\" nail,c"},
		{"quote not doubled", "1,\"5\" nail\",b,c\n",
			mapping.RowError{Code: "CSV013", Line: 2, Column: 5,
				Message: `has a quote inside a quoted cell; write it twice ("")`},
			[]string{"1"}, "1,\"5\" nail\",b,c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, s, rows := readAll(t,
				Options{Path: file(t, "in.csv", "id,Name,Mail,Date\n"+c.rows+"9,z,z@x.com,\"2024-02-02\"\n"),
					Dialect: Dialect{Delimiter: ","}})
			require.Equal(t, strings.Count(c.rows, "\n")+1, s.Rows)
			bad := rows[len(rows)-2]
			require.NotNil(t, bad.Bad)
			require.Equal(t, c.bad, *bad.Bad)
			require.Equal(t, [][]string{c.cells}, texts(rows[len(rows)-2:len(rows)-1]))
			require.Equal(t, c.raw, bad.Raw)
			require.Nil(t, rows[len(rows)-1].Bad)
			require.Equal(t, "z@x.com", rows[len(rows)-1].Cells[2].Text)
		})
	}
}

func TestLineBreakWithoutQuotesIsNamed(t *testing.T) {
	_, _, rows := readAll(t, Options{Path: file(t, "in.csv", "id,Name,Mail\n1,Ada\nLovelace,ada@x.com\n2,Bob,b@x.com\n")})
	require.Equal(t, "CSV011", rows[0].Bad.Code)
	require.Equal(t, "has 2 cells where the header has 3; it is probably the rest of the row before, whose column 2 "+
		"(Name) holds a line break without quotes", rows[1].Bad.Message)
	require.Nil(t, rows[2].Bad)
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		name, content string
		columns       []string
		note          string
		rows          [][]string
	}{
		{"invisible characters", "\u200bid\u00a0, E-mail\n1,2\n", []string{"id", "E-mail"},
			"blanks and invisible characters taken off the header of column 1 (id), 2 (E-mail)", [][]string{{"1", "2"}}},
		{"empty columns at the right", "id,b,,\n1,2,,\n3,4, ,\n", []string{"id", "b"},
			"empty columns at the right left out: 3 to 4", [][]string{{"1", "2"}, {"3", "4"}}},
		{"no header but data", "id,,b,,\n1,x,2,,\n3,,4,y,\n", []string{"id", "", "b", ""},
			`column 4 has no header: it is called "#4" in a mapping`, [][]string{{"1", "x", "2", ""}, {"3", "", "4", "y"}}},
		{"blank rows before it", "\n,,\nid,b,c\n1,2,3\n", []string{"id", "b", "c"}, `delimiter ","`,
			[][]string{{"1", "2", "3"}}},
		{"no rows", "id,b\n", []string{"id", "b"}, `delimiter ","`, [][]string{}},
		{"columns of a rejects file", "id,attio_row,attio_column,attio_code,attio_error\n1,7,id,VAL021,no\n,8,,,\n",
			[]string{"id"},
			"columns of an earlier rejects file ignored: attio_row, attio_column, attio_code, attio_error", [][]string{{"1"}}},
		{"some columns of a rejects file", "id,attio_raw,attio_error,\n1,,no,\n", []string{"id"},
			"columns of an earlier rejects file ignored: attio_raw, attio_error", [][]string{{"1"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, s, rows := readAll(t, Options{Path: file(t, "in.csv", c.content)})
			require.Equal(t, c.columns, s.Columns)
			require.Contains(t, told(s), c.note)
			require.Equal(t, c.rows, texts(rows))
		})
	}
}

func TestBlankRowsAreCountedNotNumbered(t *testing.T) {
	_, s, rows := readAll(t,
		Options{Path: file(t, "in.csv", "a,b\r\n\r\n1,\"x\r\n\r\ny\"\r\n , \r\n\r\n2,y\r\n,\r\n\r\n\r\n")})
	require.Equal(t, 2, s.Rows)
	require.Equal(t, 6, s.BlankRows)
	require.Contains(t, s.Notes, "6 blank rows left out, lines 2, 6, 7, 9, 10, …")
	require.Equal(t, []int{3, 8}, []int{rows[0].Line, rows[1].Line})
}

func TestStoppingEarly(t *testing.T) {
	in, _, _ := readAll(t, Options{Path: file(t, "in.csv", "a,b\n1,2\n3,4\n")})
	n := 0
	for _, err := range in.Rows(t.Context()) {
		require.NoError(t, err)
		n++
		break
	}
	require.Equal(t, 1, n)
}

func TestContextEndsReading(t *testing.T) {
	in, _, _ := readAll(t, Options{Path: file(t, "in.csv", "a,b\n"+strings.Repeat("1,2\n", 5000))})
	ctx, cancel := contextWithCause(t)
	n := 0
	var last error
	for _, err := range in.Rows(ctx) {
		if last = err; err == nil {
			n++
		}
		cancel(errStop)
	}
	require.ErrorIs(t, last, errStop)
	require.Less(t, n, 2000)
	_, err := in.Survey(ctx)
	require.ErrorIs(t, err, errStop)
}

var errStop = errors.New("stop")

// A quote that was not closed swallows rows up to the next quote: the row is refused where the first was opened.
func TestQuoteThatMeetsAnotherFurtherDown(t *testing.T) {
	_, _, rows := readAll(t,
		Options{Path: file(t, "in.csv", "id,Name\n\n1,\"open\n2,\"closed\"\n3,ok\n"), Dialect: Dialect{Delimiter: ","}})
	require.Len(t, rows, 2)
	require.Equal(t, mapping.RowError{Code: "CSV013", Line: 3, Column: 3,
		Message: `has a quoted cell that begins here and holds another quote in line 4; close the cell, or write that quote twice ("")`}, *rows[0].Bad)
	require.Equal(t, 3, rows[0].Line)
	require.Equal(t, "1,\"open\n2,\"closed\"", rows[0].Raw)
	require.Nil(t, rows[1].Bad)
}

// A document of another program is told by its name what to do with it: unpacking it would help nobody.
func TestDocumentsOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ name, content, text, hint string }{
		{"list.numbers", "PK\x03\x04Index/Document.iwa", "a document of Numbers",
			"in Numbers: File > Export To > CSV or Excel"},
		{"list.ods", "PK\x03\x04mimetype", "a spreadsheet in the OpenDocument format", "save it as .xlsx, or as CSV UTF-8"},
		{"~$list.xlsx", "\x05Ada" + strings.Repeat(" ", 160),
			"what Excel puts beside a workbook while it is open, not the workbook", "name list.xlsx"},
	} {
		e := refused(t, Options{Path: file(t, c.name, c.content)})
		require.Equal(t, []any{"FIL004", c.text, []string{c.hint}}, []any{e.Code, e.Text, e.Remedy}, c.name)
	}
}
