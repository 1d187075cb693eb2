package workbook

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// bookOf is a new workbook, whose first sheet is Sheet1, with what make does to it.
func bookOf(t testing.TB, make func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	make(f)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return b.Bytes()
}

// readSheet reads the first sheet of a book.
func readSheet(t testing.TB, book []byte) [][]mapping.Cell {
	t.Helper()
	b, err := Open(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	rows, err := b.Rows(b.Sheets[0])
	require.NoError(t, err)
	var out [][]mapping.Cell
	for {
		cells, err := rows.Next()
		if err == io.EOF {
			require.NoError(t, rows.Close())
			return out
		}
		require.NoError(t, err)
		out = append(out, slices.Clone(cells))
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		name   string
		value  any
		format string
		date04 bool
		text   string
		kind   value.Kind
	}{
		{"text", "Zoë <&>\n2", "", false, "Zoë <&>\n2", value.TextCell},
		{"leading zeros of text", "00123", "", false, "00123", value.TextCell},
		{"leading zeros by format", 123, "00000", false, "00123", value.TextCell},
		{"more digits than the format", 1234567, "00000", false, "1234567", value.TextCell},
		{"number", 42, "", false, "42", value.NumberCell},
		{"fraction", 1.1, "", false, "1.1", value.NumberCell},
		{"a sum as a spreadsheet shows it", 0.30000000000000004, "", false, "0.3", value.NumberCell},
		{"fifteen digits", 1234567.8901234567, "", false, "1234567.89012346", value.NumberCell},
		{"negative", -2.0000000000000004, "", false, "-2", value.NumberCell},
		{"very small", 1.5e-9, "", false, "0.0000000015", value.NumberCell},
		{"beyond fifteen digits", 1.2345678901234567e19, "", false, "12345678901234567000", value.NumberCell},
		{"large", 1.23e11, "", false, "123000000000", value.NumberCell},
		{"money", 1234.5, `"year" #,##0.00 "€";[Red]-#,##0.00`, false, "1234.5", value.NumberCell},
		{"percent", 0.25, "0%", false, "0.25", value.NumberCell},
		{"true", true, "", false, "true", value.BoolCell},
		{"false", false, "", false, "false", value.BoolCell},
		{"date", 45487, "dd/mm/yyyy", false, "2024-07-14", value.DateCell},
		{"date in words", 45487, `[$-409]mmmm\ d\,\ yyyy;@`, false, "2024-07-14", value.DateCell},
		{"month", 45487, "mmm", false, "2024-07-14", value.DateCell},
		{"date with its time hidden", 45487.5, "yyyy-mm-dd", false, "2024-07-14T12:00:00", value.DateCell},
		{"date and time", 45487.416666666664, "yyyy-mm-dd hh:mm", false, "2024-07-14T10:00:00", value.DateCell},
		{"midnight", 45487, "dd.mm.yyyy hh:mm", false, "2024-07-14T00:00:00", value.DateCell},
		{"milliseconds", 45487.00000144676, "yyyy-mm-dd hh:mm:ss.000", false, "2024-07-14T00:00:00.125", value.DateCell},
		{"time of day", 0.4375, "hh:mm AM/PM", false, "10:30:00", value.TextCell},
		{"duration", 1.5, "[h]:mm", false, "1.5", value.NumberCell},
		{"before the day that never was", 59, "yyyy-mm-dd", false, "1900-02-28", value.DateCell},
		{"the day that never was", 60, "yyyy-mm-dd", false, "1900-02-29", value.DateCell},
		{"behind it", 61, "yyyy-mm-dd", false, "1900-03-01", value.DateCell},
		{"1904", 44025, "yyyy-mm-dd", true, "2024-07-14", value.DateCell},
		{"no calendar has it", -5, "yyyy-mm-dd", false, "-5", value.NumberCell},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := readSheet(t, bookOf(t, func(f *excelize.File) {
				require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &c.date04}))
				require.NoError(t, f.SetCellValue("Sheet1", "B2", c.value))
				if c.format != "" {
					style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
					require.NoError(t, err)
					require.NoError(t, f.SetCellStyle("Sheet1", "B2", "B2", style))
				}
			}))
			require.Equal(t, [][]mapping.Cell{{{Line: 2, Column: 1}, {Text: c.text, Kind: c.kind, Line: 2, Column: 2}}}, rows)
		})
	}
}

func TestBuiltinDateFormats(t *testing.T) {
	for id, want := range map[int]string{0: "45487.5", 1: "45487.5", 4: "45487.5", 14: "2024-07-14T12:00:00",
		15: "2024-07-14T12:00:00", 17: "2024-07-14T12:00:00",
		22: "2024-07-14T12:00:00", 49: "45487.5", 9: "45487.5", 57: "2024-07-14T12:00:00"} {
		got, _ := builtinFormat(id).text("45487.5", false)
		require.Equal(t, want, got, "format %d", id)
	}
}

func TestEscapesOfWorkbookTexts(t *testing.T) {
	for in, want := range map[string]string{"a_x000D_b": "a\rb", "_x005F_x000D_": "_x000D_", "_x00e9_": "é",
		"_xyz_ _x12_ _x": "_xyz_ _x12_ _x", "plain": "plain"} {
		require.Equal(t, want, unescapeX(in), in)
	}
}

func TestSheetThatEndsTooEarly(t *testing.T) {
	for _, text := range []string{"<sheetData>", "<sheetData><row>", "<row><c t=\"inlineStr\"><is>", "<row><c><v>1"} {
		rows := &Rows{w: &Book{}, x: newXMLReader(strings.NewReader(text))}
		_, err := rows.Next()
		require.Error(t, err, text)
		require.NotEqual(t, io.EOF, err, text)
	}
}

func TestLongNumbersAreCounted(t *testing.T) {
	book := bookOf(t, func(f *excelize.File) {
		for i, v := range []any{123456789012345, 1234567890123456, 1.2345678901234567e19, "1234567890123456", -12.5} {
			cell, err := excelize.CoordinatesToCellName(i+1, 1)
			require.NoError(t, err)
			require.NoError(t, f.SetCellValue("Sheet1", cell, v))
		}
	})
	b, err := Open(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	rows, err := b.Rows(b.Sheets[0])
	require.NoError(t, err)
	defer rows.Close()
	_, err = rows.Next()
	require.NoError(t, err)
	require.Equal(t, 2, rows.Long)
}
