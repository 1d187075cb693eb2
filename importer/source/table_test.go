package source

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/transform"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// What was detected, said as settings, reads the same; and refused rows come back as they were, whatever the form.
func TestPinnedReadsTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		columns []string
		first   []string
	}{
		"titles": {"Report, of May\n\nid,Name,Mail\n1,Ada,a@x.com\n2,Bob,b@x.com\n", []string{"id", "Name", "Mail"},
			[]string{"1", "Ada", "a@x.com"}},
		"two lines": {"User,,Primary\nID,MRR,mail\n1,2,a@x.com\n2,3,b@x.com\n", []string{"User ID", "MRR", "Primary mail"},
			[]string{"1", "2", "a@x.com"}},
		"apostrophes": {"id;x\n1;'a;''b'\n2;'c'\n", []string{"id", "x"}, []string{"1", "a;'b"}},
		"backslashes": {"id,x\n1,\"a \\\"b\\\", c\"\n2,d\n", []string{"id", "x"}, []string{"1", `a "b", c`}},
		"no quotes":   {"id,x\n1,5\" nail\n2,6\" nail\n", []string{"id", "x"}, []string{"1", `5" nail`}},
		"blanks": {"id   x y   mail\n1    a b   a@x.com\n2    c     b@x.com\n", []string{"id", "x y", "mail"},
			[]string{"1", "a b", "a@x.com"}},
		"two tables": {"Name,Mail\nAda,a@x.com\nBob,b@x.com\n\nSupplier,Mail,City\nKim,k@x.com,Rome\nLee,l@x.com,Oslo\n",
			[]string{"Name", "Mail"}, []string{"Ada", "a@x.com"}},
		"caret":      {"id^x\n1^a\n2^b\n", []string{"id", "x"}, []string{"1", "a"}},
		"mixed ends": {"id,x\r\n1,a\n2,\"b\r\nc\"\r3,d\n4,e\n", []string{"id", "x"}, []string{"1", "a"}},
		"sep": {"sep=;\nOur list\nid;Mail;x\n1;a@x.com;y\n2;b@x.com;z\n", []string{"id", "Mail", "x"},
			[]string{"1", "a@x.com", "y"}},
	} {
		t.Run(name, func(t *testing.T) {
			in, s, rows := readAll(t, Options{Path: file(t, "in.csv", c.content)})
			require.Equal(t, c.columns, s.Columns)
			require.Equal(t, c.first, texts(rows)[0])
			_, again, rowsAgain := readAll(t, Options{Path: in.Path(), Dialect: s.Pinned})
			require.Equal(t, texts(rows), texts(rowsAgain))
			require.Equal(t, s.Pinned, again.Pinned)
			require.Equal(t, rows[1].Line, rowsAgain[1].Line)

			var b bytes.Buffer
			w := in.Rejects(&b)
			require.NoError(t, w.Begin())
			for _, r := range rows {
				require.NoError(t, w.Write(r, "", "VAL021", "no, \"not\" so"))
			}
			m := &mapfile.File{Table: mapfile.Table{HeaderRow: "7", Quote: "'", Escape: "backslash", SkipFooter: new(int)}}
			_, back, rowsBack := readAll(t, Options{Path: file(t, "rejects.csv", b.String()), Mapping: m})
			require.Equal(t, c.columns, back.Columns)
			require.Equal(t, texts(rows), texts(rowsBack))
		})
	}
}

func TestMappingSaysWhereTheTableIs(t *testing.T) {
	path := file(t, "in.csv", "a;b\n1;2\n3;4\nsum;6\n")
	two, none := 2, 0
	m := &mapfile.File{Table: mapfile.Table{HeaderRow: "2", SkipFooter: &two, Delimiter: ";", Encoding: "utf-8",
		Quote: "none", Escape: "double", Sheet: "not of this file"}}
	_, s, rows := readAll(t, Options{Path: path, Mapping: m})
	require.Equal(t, []string{"1", "2"}, s.Columns)
	require.Empty(t, rows)
	_, s, rows = readAll(t, Options{Path: path, Mapping: m, Dialect: Dialect{HeaderRow: "1", SkipFooter: &none}})
	require.Equal(t, []string{"a", "b"}, s.Columns)
	require.Len(t, rows, 3)
	require.Equal(t, "none", s.Pinned.Quote)
	_, _, rows = readAll(t, Options{Path: file(t, "in.jsonl", `{"a":1}`), Mapping: m})
	require.Len(t, rows, 1)
}

func TestSettingsThatDoNotFit(t *testing.T) {
	one, less := 1, -1
	for _, c := range []struct {
		name    string
		d       Dialect
		setting Setting
	}{
		{"in.csv", Dialect{Quote: "`"}, Quote}, {"in.csv", Dialect{Escape: "^"}, Escape},
		{"in.csv", Dialect{HeaderRow: "0"}, HeaderRow}, {"in.csv", Dialect{HeaderRow: "4-2"}, HeaderRow},
		{"in.csv", Dialect{HeaderRow: "9"}, HeaderRow}, {"in.csv", Dialect{SkipFooter: &less}, SkipFooter},
		{"in.jsonl", Dialect{HeaderRow: "1"}, HeaderRow}, {"in.jsonl", Dialect{SkipFooter: &one}, SkipFooter},
		{"in.jsonl", Dialect{Quote: "'"}, Quote}, {"in.jsonl", Dialect{Escape: "double"}, Escape},
		{"in.csv", Dialect{Delimiter: "two"}, Delimiter},
	} {
		content := "a,b\n1,2\n"
		if c.name == "in.jsonl" {
			content = `{"a":1}`
		}
		e := refused(t, Options{Path: file(t, c.name, content), Dialect: c.d})
		require.Equal(t, c.setting, e.Setting, "%+v", c.d)
	}
	for word, name := range map[string]string{"spaces": "blanks", "wide-blanks": "wide-blanks", "space": "space",
		"colon": ":",
		`\t`:    "tab"} {
		form, ok := delimiterOf(word)
		require.True(t, ok)
		require.Equal(t, name, delimiterName(form))
		require.NotEmpty(t, separator(form))
	}
}

// A question is an error, but where the caller asks it.
func TestChoices(t *testing.T) {
	path := file(t, "in.csv", "1,a@x.com\n2,b@x.com\n")
	e := refused(t, Options{Path: path})
	require.Equal(t, "CSV007", e.Code)
	require.Equal(t, []string{"none", "1"}, []string{e.Choices[0].With.HeaderRow, e.Choices[1].With.HeaderRow})
	in, s, rows := readAll(t, Options{Path: path, Undecided: true})
	require.NotEmpty(t, in.Doubt())
	require.Equal(t, e.Choices, in.Choices())
	require.Equal(t, []string{"", ""}, s.Columns)
	require.Len(t, rows, 2)
	for _, c := range e.Choices {
		in, _, rows := readAll(t, Options{Path: path, Dialect: c.With})
		require.Empty(t, in.Doubt())
		require.Len(t, rows, map[string]int{"none": 2, "1": 1}[c.With.HeaderRow])
	}
}

// Behind the head of the file other tables and the quotes of cells are found as well.
func TestWhatComesLate(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,Name,Mail\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "%d,a 5\" nail,n%d@x.com\n", i, i)
	}
	many := b.String()
	_, s, _ := readAll(t, Options{Path: file(t, "in.csv", many)})
	require.Equal(t, "none", s.Pinned.Quote)
	e := refused(t, Options{Path: file(t, "in.csv", many+"7,\"Ada\",a@x.com\n")})
	require.Equal(t, []any{"CSV009", 5002, 3}, []any{e.Code, e.Line, e.Column})

	many = strings.ReplaceAll(many, `"`, "")
	path := file(t, "in.csv", many+"\nProduct,Price\nBox,12.5\nBag,1.5\nTotal,14\n")
	in, s, rows := readAll(t, Options{Path: path})
	require.Equal(t, []int{5000, 5003, 4}, []int{len(rows), s.Next, s.Rest})
	require.ErrorAs(t, in.OneTable(s), &e)
	require.Equal(t, "CSV008", e.Code)
	_, first, _ := readAll(t, Options{Path: path, Dialect: e.Choices[0].With})
	require.Equal(t, s.Columns, first.Columns)
	require.Equal(t, 5000, first.Rows)
	_, second, _ := readAll(t, Options{Path: path, Dialect: e.Choices[1].With})
	require.Equal(t, []string{"Product", "Price"}, second.Columns)
	require.Equal(t, 3, second.Rows)

	begun, err := Open(t.Context(), Options{Path: path})
	require.NoError(t, err)
	_, err = begun.Begin(t.Context())
	require.NoError(t, err)
	for _, err = range begun.Rows(t.Context()) {
		if err != nil {
			break
		}
	}
	require.ErrorIs(t, err, ErrMisjudged)
	whole, err := begun.Begin(t.Context())
	require.NoError(t, err)
	require.Equal(t, 5000, whole.Rows)
}

// Rows that are left out at the end make no column.
func TestFooterMakesNoColumn(t *testing.T) {
	one := 1
	_, s, rows := readAll(t, Options{Path: file(t, "in.csv", "id,b,\n1,2,\n3,4,\nsum,6,x\n"),
		Dialect: Dialect{SkipFooter: &one}})
	require.Equal(t, []string{"id", "b"}, s.Columns)
	require.Len(t, rows, 2)
	require.Contains(t, s.Notes, "1 row at the end left out, from line 4 on")
}

func TestTablesOfSheets(t *testing.T) {
	path := workbookFile(t, func(f *excelize.File) {
		require.NoError(t, f.MergeCell("Sheet1", "A1", "C1"))
		setRow(t, f, "Sheet1", "A1", "Accounts of May")
		setRow(t, f, "Sheet1", "A3", "Contact", nil, "Company")
		setRow(t, f, "Sheet1", "A4", "Name", "E-mail", "Domain")
		setRow(t, f, "Sheet1", "A5", "Ada", "a@x.com", "x.com")
		setRow(t, f, "Sheet1", "A6", "Bob", "b@y.com", "y.com")
		setRow(t, f, "Sheet1", "A8", "Total: 2")
		setRow(t, f, "Sheet1", "A10", "Product", "Price")
		setRow(t, f, "Sheet1", "A11", "Box", 12.5)
	})
	_, s, rows := readAll(t, Options{Path: path})
	require.Equal(t, []string{"Contact Name", "E-mail", "Company Domain"}, s.Columns)
	require.Equal(t, "3-4", s.Pinned.HeaderRow)
	require.Equal(t, "Sheet1", s.Pinned.Sheet)
	require.Equal(t, []int{5, 6, 8}, []int{rows[0].Line, rows[1].Line, rows[2].Line})
	require.Equal(t, []int{10, 2}, []int{s.Next, s.Rest})
	_, s, rows = readAll(t, Options{Path: path, Dialect: Dialect{HeaderRow: "10"}})
	require.Equal(t, []string{"Product", "Price"}, s.Columns)
	require.Len(t, rows, 1)
	e := refused(t, Options{Path: path, Dialect: Dialect{HeaderRow: "2"}})
	require.Equal(t, []any{"CSV001", HeaderRow}, []any{e.Code, e.Setting})
	three := 3
	_, s, rows = readAll(t, Options{Path: path, Dialect: Dialect{HeaderRow: "4", SkipFooter: &three}})
	require.Equal(t, []string{"Name", "E-mail", "Domain"}, s.Columns)
	require.Len(t, rows, 2)
	_, s, rows = readAll(t, Options{Path: path, Dialect: Dialect{HeaderRow: "none", SkipFooter: &three}})
	require.Equal(t, []string{"", "", ""}, s.Columns)
	require.Len(t, rows, 5)
}

// A run of a version that looked for no table is read as that version did.
func TestFirstLineIsTheHeader(t *testing.T) {
	path := file(t, "in.csv", "Customers of May,,\n\nid,mail,city\n1,a@x.com,Rome\n2,b@x.com,Oslo\n\nid,mail,city\n3,c@x.com,Ulm\n")
	in, s, rows := readAll(t, Options{Path: path, FirstLine: true})
	require.Equal(t, "Customers of May", s.Columns[0])
	require.Len(t, rows, 5)
	require.Equal(t, 3, rows[0].Line)
	require.Zero(t, s.Next)
	require.NoError(t, in.OneTable(s))
}

// A row that stands before another table keeps its cells, also those beyond the header.
func TestWideRowBeforeAnotherTable(t *testing.T) {
	_, s, rows := readAll(t, Options{Undecided: true,
		Path: file(t, "in.csv", "name,age,,\nA,1,,\nB,2,,x\nname,age,,\nC,5,,\n")})
	require.Equal(t, 4, s.Next)
	require.Contains(t, texts(rows)[1], "x")
}

// One column has the quotes that were asked for.
func TestQuotesOfOneColumn(t *testing.T) {
	_, s, rows := readAll(t, Options{Path: file(t, "in.csv", "note\n\"a\" b\n\"d\"\nc\n"), Dialect: Dialect{Quote: "none"}})
	require.Equal(t, [][]string{{`"a" b`}, {`"d"`}, {"c"}}, texts(rows))
	require.Equal(t, "none", s.Pinned.Quote)
}

// A CR is told from a CRLF however the text comes, and whatever room there is.
func TestLoneCRs(t *testing.T) {
	text := "a\rb\r\nc\r\rd\r"
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)),
		iotest.DataErrReader(strings.NewReader(text))} {
		got, err := io.ReadAll(iotest.OneByteReader(transform.NewReader(r, loneCRs{})))
		require.NoError(t, err)
		require.Equal(t, "a\nb\r\nc\n\nd\n", string(got))
	}
}

// Rejects of a run of an older version are read as that version read them, too.
func TestFirstLineOfRejects(t *testing.T) {
	header := "id,mail,attio_row,attio_column,attio_code,attio_error\n"
	text := header + "1,a,1,,X,y\n\n" + header + "3,c,3,,X,y\n"
	_, s, rows := readAll(t, Options{Path: file(t, "rejects.csv", text), FirstLine: true})
	require.Zero(t, s.Next)
	require.Len(t, rows, 3)
	_, s, _ = readAll(t, Options{Path: file(t, "in.csv", "key:value:num\na:b:1\nc:d:2\n"), FirstLine: true})
	require.Len(t, s.Columns, 1)
}
