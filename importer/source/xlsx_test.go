package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// workbookFile saves what make does to a new workbook, whose first sheet is Sheet1.
func workbookFile(t testing.TB, make func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	make(f)
	path := filepath.Join(t.TempDir(), "in.xlsx")
	require.NoError(t, f.SaveAs(path))
	require.NoError(t, f.Close())
	return path
}

func setRow(t testing.TB, f *excelize.File, sheet, at string, cells ...any) {
	t.Helper()
	require.NoError(t, f.SetSheetRow(sheet, at, &cells))
}

// Parts that excelize does not write are written by hand: cached results, errors, rich and inline text, cells without
// names.
func TestXLSXOfOtherPrograms(t *testing.T) {
	path := workbookFile(t, func(f *excelize.File) {})
	sheet := `<?xml version="1.0" encoding="UTF-8"?><x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>
<x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:r><x:t xml:space="preserve">E-</x:t></x:r><x:r><x:t>mail</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c><x:c r="D1" t="str"><x:v>Sum</x:v></x:c></x:row>
<x:row r="5" hidden="1"><x:c r="A5"><x:v>12345678901234567</x:v></x:c><x:c r="D5"><x:f>A5*2</x:f><x:v>1.1000000000000001</x:v></x:c><x:c r="E5" s="1"/></x:row>
<x:row><x:c t="e"><x:v>#REF!</x:v></x:c><x:c t="str"><x:f>A1</x:f><x:v>a_x000D_b</x:v></x:c><x:c r="D6"><x:f>A6</x:f></x:c></x:row>
<x:row/><x:row r="9"><x:c t="d"><x:v>2024-07-14T10:00:00</x:v></x:c></x:row>
</x:sheetData></x:worksheet>`
	path = replacePart(t, path, "xl/worksheets/sheet1.xml", sheet)
	_, s, rows := readAll(t, Options{Path: path})
	require.Equal(t, []string{"id", "E-mail", "", "Sum"}, s.Columns)
	require.Equal(t, [][]string{{"12345678901234567", "", "", "1.1"}, {"#REF!", "a\rb", "", ""},
		{"2024-07-14T10:00:00", "", "", ""}}, texts(rows))
	require.Equal(t, []int{5, 6, 9}, []int{rows[0].Line, rows[1].Line, rows[2].Line})
	require.Equal(t, mapping.Cell{Line: 5, Column: 2}, rows[0].Cells[1])
	require.Equal(t, value.DateCell, rows[2].Cells[0].Kind)
	require.Equal(t, 5, s.BlankRows)
	for _, note := range []string{"hidden rows are read as well: 1", "5 blank rows left out, lines 2, 3, 4, 7, 8",
		`column 3 has no header: it is called "#3" in a mapping`,
		"formulas without a stored result are blank: 1 (open the file in a spreadsheet program and save it)",
		"1 number has more than 15 digits, of which a spreadsheet keeps 15: import ids from a file that has them as text"} {
		require.Contains(t, s.Notes, note)
	}
}

// What programs write that compute nothing: a formula without a result, typed as text.
func TestFormulasThatNobodyComputed(t *testing.T) {
	path := workbookFile(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", "A1", "id", "sum")
		setRow(t, f, "Sheet1", "A2", "1")
		require.NoError(t, f.SetCellFormula("Sheet1", "B2", "1+2"))
	})
	_, s, rows := readAll(t, Options{Path: path})
	require.Equal(t, [][]string{{"1", ""}}, texts(rows))
	require.Contains(t, s.Notes,
		"formulas without a stored result are blank: 1 (open the file in a spreadsheet program and save it)")
}

// replacePart copies an archive with another content of one part.
func replacePart(t testing.TB, path, part, content string) string {
	t.Helper()
	r, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer func() { _ = r.Close() }()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		out, err := w.Create(f.Name)
		require.NoError(t, err)
		if f.Name == part {
			_, err = io.WriteString(out, content)
		} else {
			var in io.ReadCloser
			in, err = f.Open()
			require.NoError(t, err)
			_, err = io.Copy(out, in)
		}
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return file(t, "replaced.xlsx", b.String())
}

func TestSheets(t *testing.T) {
	path := workbookFile(t, func(f *excelize.File) {
		for _, name := range []string{"Users", "2"} {
			_, err := f.NewSheet(name)
			require.NoError(t, err)
		}
		setRow(t, f, "Sheet1", "A1", "first")
		setRow(t, f, "Users", "B3", "second") // rows and columns before the table
		setRow(t, f, "2", "A1", "third")
		f.SetActiveSheet(1)
		require.NoError(t, f.SetSheetVisible("Sheet1", false))
	})
	for _, c := range []struct{ sheet, want string }{{"", "second"}, {"Users", "second"}, {"users", "second"},
		{"1", "first"}, {"Sheet1", "first"}, {"2", "third"}, {"3", "third"}} {
		_, s, _ := readAll(t, Options{Path: path, Dialect: Dialect{Sheet: c.sheet}})
		require.Equal(t, c.want, s.Columns[len(s.Columns)-1], "sheet %q", c.sheet)
	}
	_, s, _ := readAll(t, Options{Path: path})
	require.Contains(t, s.Notes, `sheet "Users" (others: "2"; hidden: "Sheet1")`)
	for _, sheet := range []string{"0", "4", "Nobody"} {
		e := refused(t, Options{Path: path, Dialect: Dialect{Sheet: sheet}})
		require.Equal(t, []any{"XLS003", Sheet, []string{"Sheet1", "Users", "2"}}, []any{e.Code, e.Setting, e.Values})
	}
}

func TestXLSXRefused(t *testing.T) {
	good := workbookFile(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", "A1", "id", "b")
		setRow(t, f, "Sheet1", "A2", "1", "x")
	})
	for _, c := range []struct {
		name, path, code string
	}{
		{"not an archive", file(t, "in.xlsx", "PK\x03\x04xl/ and so on"), "XLS001"},
		{"no workbook in it", replacePart(t, good, "xl/workbook.xml", "<workbook/>"), "XLS001"},
		{"sheet cut off", replacePart(
			t, good, "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c t=\"str\"><v>id</v></c></row>"), "XLS001"},
		{"no such shared string",
			replacePart(t, good, "xl/worksheets/sheet1.xml",
				`<worksheet><sheetData><row><c t="s"><v>99</v></c></row></sheetData></worksheet>`), "XLS001"},
		{"empty sheet", workbookFile(t, func(f *excelize.File) {}), "CSV001"},
		{"same header twice", workbookFile(t, func(f *excelize.File) { setRow(t, f, "Sheet1", "A2", "id", "id") }), "CSV002"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.code, refused(t, Options{Path: c.path}).Code)
		})
	}
	hidden := workbookFile(t, func(f *excelize.File) {})
	hidden = replacePart(t, hidden, "xl/workbook.xml",
		`<workbook xmlns:r="r"><sheets><sheet name="A" state="veryHidden" r:id="rId1"/></sheets></workbook>`)
	require.Equal(t, "XLS004", refused(t, Options{Path: hidden}).Code)
}

func TestXLSXPackedAndPiped(t *testing.T) {
	path := workbookFile(t,
		func(f *excelize.File) { setRow(t, f, "Sheet1", "A1", "id", "n"); setRow(t, f, "Sheet1", "A2", "x", 5) })
	content := readFile(t, path)
	for _, o := range []Options{
		{Path: file(t, "in.xlsx.gz", gz(t, content))},
		{Path: file(t, "download", content)},
		{Path: "-", Spool: filepath.Join(t.TempDir(), "s"), Stdin: strings.NewReader(content)},
	} {
		_, _, rows := readAll(t, o)
		require.Equal(t, [][]string{{"x", "5"}}, texts(rows))
	}
}

func largeWorkbook(t testing.TB, rows int) string {
	return workbookFile(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		require.NoError(t, err)
		require.NoError(t, w.SetRow("A1", []any{"id", "First", "Last", "E-mail", "Signed up", "MRR", "Plan", "Note"}))
		for i := range rows {
			require.NoError(t, w.SetRow(
				fmt.Sprintf("A%d", i+2),
				[]any{i, fmt.Sprintf("First %d", i), fmt.Sprintf("Last %d", i), fmt.Sprintf("user%d@example.com", i), 45000.5,
					12.5, "Pro", "some words about it"}))
		}
		require.NoError(t, w.Flush())
	})
}
