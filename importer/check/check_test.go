package check

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// users is a schema of users, as far as the files here need it.
func users() *attio.Schema {
	attribute := func(slug, title string, t attio.Type) attio.Attribute {
		return attio.Attribute{Slug: slug, Title: title, Type: t, Writable: true}
	}
	id, mail := attribute("user_id", "ID", attio.TypeText),
		attribute("primary_email_address", "Primary email address", attio.TypeEmailAddress)
	id.Unique, id.Required = true, true
	mail.Unique, mail.Required = true, true
	plan := attribute("plan", "Plan", attio.TypeSelect)
	plan.Options = []attio.Option{{ID: "1", Title: "Free"}, {ID: "2", Title: "Professional"}}
	return &attio.Schema{Objects: []attio.Object{{Slug: "users", Attributes: []attio.Attribute{
		mail, id, plan, attribute("mrr", "MRR", attio.TypeCurrency),
		attribute("full_name", "Full name", attio.TypePersonalName),
		attribute("last_seen_at", "Last seen", attio.TypeTimestamp), attribute("source", "Source", attio.TypeText),
	}}}}
}

// check checks a file of users.
func check(t testing.TB, in *source.File, yaml string) (*Report, error) {
	t.Helper()
	var f *mapfile.File
	var err error
	if yaml != "" {
		f, err = mapfile.Parse("users.yaml", []byte(yaml))
		require.NoError(t, err)
	}
	return File(t.Context(), in, func(s source.Survey) (*mapping.Plan, error) {
		return mapping.Bind(f, mapping.Input{Name: in.Path(), Columns: s.Columns}, users(),
			mapping.BindOptions{Object: "users"})
	})
}

// file writes content under name in a folder of the test's own.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func open(t testing.TB, name, content string) *source.File {
	t.Helper()
	in, err := source.Open(t.Context(), source.Options{Path: file(t, name, content)})
	require.NoError(t, err)
	return in
}

func TestCheckCountsAndGroups(t *testing.T) {
	in := open(t, "users.csv", "ID,Primary email address,Plan,MRR\n"+
		"u1,ada@example.com,Free,12\n"+
		"u2,ada@,Free,12\n"+
		"u3,bob@,Gold,1.23E+11\n"+
		"u4,cyd@example.com,Free\n"+
		"u5,ADA@example.com,Free,12\n"+
		"u6,dan@example.com,Gold,12\n"+
		"u7,eve@,Free,12\n"+
		"u8,fay@,Free,12\n")
	r, err := check(t, in, "")
	require.NoError(t, err)
	require.Equal(t, []int{8, 1, 6, 1}, []int{r.Rows, r.Importable, r.Rejected, r.Conflicts})
	require.True(t, r.Bad())
	var got []string
	for _, f := range r.Errors {
		got = append(got, fmt.Sprint(f.Code, " ", f.Column, " ", f.Rows, " ", len(f.Examples)))
	}
	require.Equal(t, []string{"VAL040 Primary email address 4 3", "VAL050 Plan 2 2", "CSV011  1 1", "VAL030 MRR 1 1"}, got)
	first := r.Errors[0].Examples[0]
	require.Equal(t, []any{2, 3, 4, "ada@", `"ada@" is not an e-mail address`},
		[]any{first.Row, first.Line, first.Column, first.Value, first.Text})
	require.Equal(t, "missing: create", r.Errors[1].Fix)
	require.Equal(t, []Example{{Row: 5, Line: 6, Column: 4, Value: "ADA@example.com",
		Text: `"ADA@example.com" is in row 1 (line 2) already`}}, r.InFile[0].Examples)
	require.Equal(t, []string{"whether a record in Attio has one of these already: primary_email_address, user_id"},
		r.Unproven)
	for _, f := range append(r.Errors, r.InFile...) {
		require.NotEmpty(t, f.Text, f.Code)
	}
}

func TestCheckCountsBlankRowsAsASurveyDoes(t *testing.T) {
	text := "\n\nID,Primary email address\n\n,\nu1,ada@example.com\n , \n\n\nu2,bob@example.com\n\n"
	s, err := open(t, "users.csv", text).Survey(t.Context())
	require.NoError(t, err)
	r, err := check(t, open(t, "users.csv", text), "")
	require.NoError(t, err)
	require.Equal(t, 6, s.BlankRows)
	require.Equal(t, s.BlankRows, r.BlankRows)
	require.ElementsMatch(t, s.Notes, r.Survey.Notes)
}

func TestCheckFreesTheClaimsOfRejectedRows(t *testing.T) {
	r, err := check(t, open(t, "users.csv", "ID,Primary email address\nu1,\nu1,ada@example.com\nu1,bob@example.com\n"), "")
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{r.Importable, r.Rejected, r.Conflicts})
	require.Equal(t, `"u1" is in row 2 (line 3) already`, r.InFile[0].Examples[0].Text)
}

func TestCheckOfAFileWhoseHeaderMisleads(t *testing.T) {
	t.Run("a column without a header is filled", func(t *testing.T) {
		_, err := check(t, open(t, "users.csv", "ID,Primary email address,\nu1,ada@example.com,\nu2,bob@example.com,more\n"),
			"")
		require.ErrorContains(t, err, "the column has no header")
	})
	t.Run("an empty one is left out", func(t *testing.T) {
		r, err := check(t, open(t, "users.csv", "ID,Primary email address,,\nu1,ada@example.com,,\n"), "")
		require.NoError(t, err)
		require.Equal(t, 1, r.Importable)
	})
	t.Run("the encoding changes behind the head", func(t *testing.T) {
		text := "ID,Primary email address,Source\n" + strings.Repeat("\n", 200_000)
		for i := range 40 {
			text += fmt.Sprintf("u%d,u%d@example.com,M\xfcller f\xfcr B\xe4r\n", i, i)
		}
		r, err := check(t, open(t, "users.csv", text), "")
		require.NoError(t, err)
		require.Equal(t, 40, r.Importable)
		require.Contains(t, strings.Join(r.Survey.Notes, "\n"), "windows-1252")
	})
	t.Run("a quote that is not closed", func(t *testing.T) {
		_, err := check(t, open(t, "users.csv", "ID,Primary email address\nu1,\"ada@example.com\n"), "")
		var e *source.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, []any{"CSV004", 2, 4}, []any{e.Code, e.Line, e.Column})
	})
}

func TestCheckOfOtherFormats(t *testing.T) {
	r, err := check(t, open(
		t, "users.jsonl", `{"user_id":"u1","primary_email_address":"ada@example.com"}`+"\n"+`{"user_id":"u2"`+"\n"), "")
	require.NoError(t, err)
	require.Equal(t, []int{2, 1, 1}, []int{r.Rows, r.Importable, r.Rejected})
	require.Equal(t, "JSN011", r.Errors[0].Code)
}

func TestCheckNamesWhatWouldBeMadeAndDropped(t *testing.T) {
	r, err := check(t, open(t, "users.csv", "id,mail,plan,mrr\nu1,ada@example.com,Gold,x\nu2,bob@example.com,gold,\nu3,cyd@example.com,Gold,1\nu4,dan@example.com,Silver,1\n"), `
version: 1
columns:
  - {column: id, attribute: user_id}
  - {column: mail, attribute: primary_email_address}
  - {column: plan, attribute: plan, missing: create}
  - {column: mrr, attribute: mrr, on_error: drop}
`)
	require.NoError(t, err)
	require.False(t, r.Bad())
	require.Equal(t, []Create{{"plan", "Gold", 3}, {"plan", "Silver", 1}}, r.Creates)
	require.Equal(t, []any{"VAL010", "mrr", 1}, []any{r.Dropped[0].Code, r.Dropped[0].Column, r.Dropped[0].Rows})
}

// Options that missing: blank leaves out are listed, with the nearest there are.
func TestCheckNamesOptionsThatAreLeftOut(t *testing.T) {
	r, err := check(t, open(t, "users.csv", "id,mail,plan\nu1,ada@example.com,Profesional\nu2,bob@example.com,Free\nu3,cyd@example.com,Profesional\n"), `
version: 1
columns:
  - {column: id, attribute: user_id}
  - {column: mail, attribute: primary_email_address}
  - {column: plan, attribute: plan, missing: blank}
`)
	require.NoError(t, err)
	require.False(t, r.Bad())
	require.Equal(t, 3, r.Importable)
	require.Len(t, r.Dropped, 1)
	require.Equal(t, []any{"VAL050", "plan", 2, `one of the titles, such as "Professional"`,
		"values: {Profesional: Professional}"},
		[]any{r.Dropped[0].Code, r.Dropped[0].Column, r.Dropped[0].Rows, r.Dropped[0].Examples[0].Cell.Accepted,
			r.Dropped[0].Fix})
}

func TestCheckWarnsOfWhatSpreadsheetsDestroy(t *testing.T) {
	long255, long32767 := strings.Repeat("x", 254)+"ü", strings.Repeat("y", 32767)
	for _, c := range []struct {
		name, header string
		cells        []string
		want         string // code and rows, or "" for nothing
	}{
		{"rounded", "Source", []string{"1.23E+11", "4,915E+10", "-1.2e+05", "E+11", "1E+", "A1E+3"}, "SHT001 3"},
		{"serials among dates", "Source", []string{"14/07/2024", "45487", "2024-07-14", "45488"}, "SHT002 2"},
		{"numbers without dates", "Source", []string{"45487", "14.5", "1/2"}, ""},
		{"lost zeros", "Source ZIP", []string{"60601", "02139", "2139", "60602", "60603"}, ""},
		{"cut zeros", "Source ZIP", []string{"60601", "2139", "60602", "60603", "60604-1234"}, "SHT003 1"},
		{"codes of all lengths", "Source ZIP", []string{"6060", "213", "60602", "1"}, ""},
		{"error values", "Source", []string{"#REF!", "#n/a", "#WERT!", "#hashtag"}, "SHT004 3"},
		{"mojibake", "Source", []string{"MÃ¼ller", "Itâ€™s", "Â£5", "lost \uFFFD", "Ãsa", "Müller", "São", "SÃO"},
			"SHT005 4"},
		{"cut at 255", "Source", []string{long255, long255 + "z", "short"}, "SHT006 1"},
		{"cut at 32,767", "Source", []string{long32767, long32767 + "z"}, "SHT007 1"},
		{"too narrow", "Source", []string{"####", "##"}, "SHT008 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "user_id,primary_email_address,\"" + c.header + "\"\n"
			for i, cell := range c.cells {
				text += fmt.Sprintf("u%d,u%d@example.com,\"%s\"\n", i, i, cell)
			}
			yaml := "version: 1\ncolumns:\n  - {column: user_id, attribute: user_id}\n  - {column: primary_email_address, " +
				"attribute: primary_email_address}\n"
			r, err := check(t, open(t, "users.csv", text), yaml+"  - {column: "+c.header+", attribute: source}\n")
			require.NoError(t, err)
			require.Equal(t, len(c.cells), r.Importable)
			got := ""
			for _, f := range r.Warnings {
				got += fmt.Sprint(f.Code, " ", f.Rows)
				require.Equal(t, c.header, f.Column)
				require.NotEmpty(t, f.Text)
			}
			require.Equal(t, c.want, got)
			r, err = check(t, open(t, "users.csv", text), yaml+"ignore: ["+c.header+"]\n")
			require.NoError(t, err)
			require.Empty(t, r.Warnings, "an ignored column")
		})
	}
}

// A workbook's numbers are typed, so that an id of twenty digits has lost the last ones without a sign of it; a JSON
// number has them all.
func TestCheckWarnsOfNumbersThatASpreadsheetCut(t *testing.T) {
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"ID", "Primary email address", "Source"}))
	require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"u1", "ada@example.com", 1.2345678901234567e19}))
	require.NoError(t, f.SetSheetRow("Sheet1", "A3", &[]any{"u2", "bob@example.com", 123456789012345}))
	path := filepath.Join(t.TempDir(), "users.xlsx")
	require.NoError(t, f.SaveAs(path))
	in, err := source.Open(t.Context(), source.Options{Path: path})
	require.NoError(t, err)
	r, err := check(t, in, "")
	require.NoError(t, err)
	require.Equal(t, 2, r.Importable)
	require.Len(t, r.Warnings, 1)
	require.Equal(t, []any{"SHT001", "Source", 1,
		`"12345678901234567000" has 20 digits, and a spreadsheet keeps 15: the last ones may be lost`},
		[]any{r.Warnings[0].Code, r.Warnings[0].Column, r.Warnings[0].Rows, r.Warnings[0].Examples[0].Text})
	r, err = check(t, open(t, "users.jsonl",
		`{"user_id":"u1","primary_email_address":"ada@example.com","source":12345678901234567890}`), "")
	require.NoError(t, err)
	require.Empty(t, r.Warnings)
}

// checkMapping maps the columns of benchFile.
const checkMapping = `version: 1
columns:
  - {column: id, attribute: user_id}
  - {column: First name, attribute: full_name.first_name}
  - {column: Last name, attribute: full_name.last_name}
  - {column: E-mail, attribute: primary_email_address}
  - {column: Signed up, attribute: last_seen_at}
  - {column: MRR, attribute: mrr}
  - {column: Plan, attribute: plan, values: {Professional plan: Professional}}
  - {column: Note, attribute: source}
`

func TestCheckKeepsNothingOfTheRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.csv")
	f, err := os.Create(path)
	require.NoError(t, err)
	_, err = f.WriteString("id,Primary email address,Source\n")
	require.NoError(t, err)
	note := strings.Repeat("words ", 200)
	for i := range 20_000 {
		_, err = fmt.Fprintf(f, "same,x%d@,%s\n", i%5, note)
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
	in, err := source.Open(t.Context(), source.Options{Path: path})
	require.NoError(t, err)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := check(t, in, "")
	require.NoError(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Equal(t, 20_000, r.Rejected)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(4<<20), "of a file of 24 MB")
	runtime.KeepAlive(r)
}

// benchFile has rows of eight cells: half with a quoted cell, some with a line break in it, some letters beyond ASCII.
func benchFile(b *testing.B, rows int) string {
	var s strings.Builder
	s.WriteString("id,First name,Last name,E-mail,Signed up,MRR,Plan,Note\n")
	for i := range rows {
		note := "some words that nobody reads"
		switch i % 6 {
		case 0, 2:
			note = `"quoted, since it has a comma, and ""quotes"" too"`
		case 4:
			note = "\"two lines\nof text\""
		}
		fmt.Fprintf(&s, "usr_%08d,Zoë %d,Müller-Lüdenscheidt,user.number.%d@example.com,2024-07-14T10:00:00Z,%d.50,Professional plan,%s\n", i, i, i, i%900, note)
	}
	path := filepath.Join(b.TempDir(), "bench.csv")
	require.NoError(b, os.WriteFile(path, []byte(s.String()), 0o600))
	return path
}

func BenchmarkCheck(b *testing.B) {
	path := benchFile(b, 200_000)
	st, err := os.Stat(path)
	require.NoError(b, err)
	b.SetBytes(st.Size())
	b.ReportAllocs()
	for b.Loop() {
		in, err := source.Open(b.Context(), source.Options{Path: path})
		require.NoError(b, err)
		r, err := check(b, in, checkMapping)
		require.NoError(b, err)
		require.Equal(b, 200_000, r.Importable)
	}
}
