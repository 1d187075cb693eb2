package layout

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

// rowsOf reads comma separated lines.
func rowsOf(lines string) []Row {
	rows, _ := Rows([]byte(strings.TrimPrefix(lines, "\n")), delimited.Plain(','), 0)
	return rows
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, file, header, doubt string }{
		{"an ordinary file", "id,name\n1,a\n2,b\n", "1", ""},
		{"a header alone", "id,name\n", "1", ""},
		{"a header with gaps", "id,,b,,\n1,x,2,,\n3,,4,y,\n", "1", ""},
		{"short rows", "id,name,mail\n1,a\n2,b\n", "1", ""},
		{"years are names", "Region,2023,2024\nNorth,1200,1300\nSouth,1100,900\n", "1", ""},
		{"a title", "Monthly report\nName,E-mail,Since\nAda,a@x.com,2024-01-02\nBob,b@x.com,2024-02-03\n", "2", ""},
		{"a padded title", "Monthly report,,\n,,\nName,E-mail,Since\nAda,a@x.com,2024-01-02\nBob,b@x.com,2024-02-03\n", "3",
			""},
		{"a sentence", "Made by Ada, on Monday, for " +
			"Bob\nName,E-mail,Since\nAda,a@x.com,2024-01-02\nBob,b@x.com,2024-02-03\n", "2",
			""},
		{"a title in quotes", "The \"Q3\" report\nName,E-mail\nAda,a@x.com\nBob,b@x.com\n", "2", ""},
		{"comments", "# made by crm\nid,mail\n1,a@x.com\n#3,c@x.com\n", "2", ""},
		{"a comment above one column", "# the list\nE-mail\na@x.com\nb@x.com\n", "2", ""},
		{"a title above one column", "Newsletter\n\nE-mail\na@x.com\nb@x.com\n", "3", ""},
		{"two lines above one column", "Newsletter\nE-mail\na@x.com\nb@x.com\n", "2",
			"lines 1 and 2 could both be the header"},
		{"names with values", "Report,Sales\nPeriod,2026-01\n\n" +
			"Name,E-mail,Amount,City\nAda,a@x.com,1,London\nBob,b@x.com,2,Bonn\n",
			"4", ""},
		{"a table above a larger one",
			"Name,Age\nAda,36\nBob,41\n\nid,mail,city,plan\n1,a@x.com,Bonn,Free\n2,b@x.com,Ulm,Pro\n" +
				"3,c@x.com,Ulm,Pro\n", "1", ""},
		{"groups", "Contact,,Company,\nName,E-mail,Name,Domain\nAda,a@x.com,Acme,acme.com\nBob,b@y.com,Yo,yo.com\n", "1-2",
			""},
		{"a name in two lines", "First,Last,E-mail\nname,name,address\nAda,Lovelace,a@x.com\nBob,Smith,b@x.com\n", "1-2", ""},
		{"two languages", "Vorname,Alter,E-Mail\nFirst name,Age,E-mail\nAda,36,a@x.com\nBob,41,b@x.com\n", "1-2", ""},
		{"units", "Name,Weight,Price\n,kg,EUR\nBox,12,3.5\nBag,1,2.5\n", "1-2",
			`line 2 seems to hold units ("kg", "EUR"), not values`},
		{"a first row without values", "Name,Age,Phone\nAda,n/a,unknown\nBob,41,+49 30 901820\nCid,36,+49 30 901821\n", "1",
			""},
		{"no header", "1,a@x.com\n2,b@x.com\n", "none", "line 1 looks like the rows below it, so there may be no header"},
		{"a title and no header", "My list\n1,a@x.com\n2,b@x.com\n", "none",
			"no line looks like the header of the rows below it"},
		{"a first row of words that come again", "Ada,London\nBob,Paris\nCid,London\n", "1",
			"line 1 may be a row: a cell of it stands again below, in the same column"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := Find(rowsOf(c.file), nil)
			require.Equal(t, c.header, l.Header.String())
			require.Equal(t, c.doubt, l.Doubt)
			require.Equal(t, c.doubt != "", len(l.Read) == 2)
			if c.doubt != "" {
				require.Equal(t, l.Header, l.Read[0].Header)
			}
			again := At(rowsOf(c.file), l.Header)
			require.Equal(t, l.Table, again.Table)
		})
	}
	require.Equal(t, "none", Find(nil, nil).Header.String())
}

// The columns that a mapping names decide, whatever else there is.
func TestNamesOfAMapping(t *testing.T) {
	file := "Our,list\nName,City\nAda,Bonn\nBob,Ulm\n"
	require.Equal(t, "2", Find(rowsOf(file), []string{"city", "Name"}).Header.String())
	require.Equal(t, "1", Find(rowsOf(file), []string{"Town"}).Header.String())
	l := Find(rowsOf(file), []string{"Our Name", "list City"})
	require.Equal(t, "1-2", l.Header.String())
	require.Equal(t, []string{"the header has two lines, 1 and 2, joined with a blank"}, l.Notes)
}

func TestJoin(t *testing.T) {
	require.Equal(t, []string{"First name", "Age", "City"}, Join([]string{"First", "", "City"}, []string{"name", " Age "}))
	require.Equal(t, []string{"2025 Q1", "2025 Q2", "2026 Q1", "2026 Q2"},
		Join([]string{"2025", "", "2026", ""}, []string{"Q1", "Q2", "Q1", "Q2"}))
	require.Equal(t, []string{"a", "a"}, Join(nil, []string{"a", "a"}))
	require.Equal(t, []string{"x a", "x a"}, Join([]string{"x", "x"}, []string{"a", "a"}))
}

func TestKinds(t *testing.T) {
	for k, cells := range map[kind][]string{
		"":     {"", "  ", "\u00a0"},
		text:   {"Ada", "12 Main Street", "company.name", "Größe", "a, b"},
		number: {"1", "-1.5", "1,234.56", "1.234,56", "12 345", "€ 12", "12 %", "(3)", "1.2E+11", "CHF 12", "12 EUR"},
		date: {"2024-01-02", "02.01.2024", "1/2/24", "2024-01-02T10:00:00Z", "12:30", "2 Jan 2024", "Jan 2, 2024",
			"2026-01"},
		email:       {"a@x.com", "Ada <a@x.com>", "mailto:a@x.com"},
		url:         {"https://x.com/a", "www.x.com", "acme.com", "sub.acme.de/path"},
		phone:       {"+49 30 901820", "(415) 555-2671", "030/901820-1"},
		yesNo:       {"yes", "FALSE", "ja"},
		long:        {"line\nbreak", strings.Repeat("word ", 20)},
		"code:a-0":  {"u-17", "AB-2024"},
		"code:0a":   {"12b"},
		"code:a0":   {"Q1", "U00010"},
		"code:0-a0": {"1-a2"},
	} {
		for _, c := range cells {
			require.Equal(t, k, kindOf(c), "%q", c)
		}
	}
	require.Equal(t, kind("code:mixed"), kindOf("0f8fad5b-d9cb-469f-a165-70867728950e"))
	require.True(t, isYear("2024"))
	require.False(t, isYear("2024x"))
}

func TestWatch(t *testing.T) {
	for _, c := range []struct {
		name, file string
		next, rest int
	}{
		{"blank lines alone", "Name,E-mail\nAda,a@x.com\n\nBob,b@x.com\n\nCid,c@x.com\n", 0, 0},
		{"another table", "Name,E-mail\nAda,a@x.com\n\nProduct,Price,Stock\nBox,12.5,3\nBag,1.5,4\n", 4, 3},
		{"of as many columns", "Name,E-mail\nAda,a@x.com\n\nProduct,Price\nBox,12.5\nBag,1.5\n", 4, 3},
		{"the same header again", "Name,E-mail\nAda,a@x.com\n\nName,E-mail\nBob,b@x.com\n", 4, 2},
		{"a note", "Name,E-mail,City\nAda,a@x.com,Bonn\n\nPrepared by,Ada\n", 0, 0},
		{"a total", "Name,E-mail,Sum\nAda,a@x.com,1\nBob,b@x.com,2\n\nTotal,,3\n", 0, 0},
		{"a row of words", "Name,Phone\nAda,+49 30 901820\nBob,+49 30 901821\n\nCid,ask office\nDot,+49 30 901822\n", 0, 0},
	} {
		rows := rowsOf(c.file)
		w := NewWatch(Find(rows, nil).Table)
		for _, r := range rows[1:] {
			w.Row(r.Line, r.Cells, r.Gap)
		}
		require.Equal(t, [2]int{c.next, c.rest}, [2]int{w.Next, w.Rest}, c.name)
	}
}

func TestSuspects(t *testing.T) {
	rows := rowsOf("Name,E-mail,City,Sum\nAda,a@x.com,Bonn,1\nBob,b@x.com,Ulm,2\nCid,c@x.com,Ulm,3\nTotal " +
		"SE,t@total.com,Paris,4\n")
	table := At(rows, Header{1, 1}).Table
	require.Empty(t, table.Suspects(rows[1:]), "a company of that name")
	for line, why := range map[string]string{
		"Total: 2,,,": "looks like a total", "Summe,,,10": "looks like a total", ",,,10": "looks like a total",
		"Grand total,4,,10": "looks like a total", "Source: the CRM": "looks like a note",
		"© 2026 Acme,,,":            "looks like a note",
		"Exported on 2026-01-02,,,": "looks like a note", "* not confirmed,,,": "looks like a note",
		"As of today these are all,,,": "looks like a note", "Dot,d@x.com,,": "", "Eve,e@x.com,Bonn,5": "",
	} {
		last := append(rowsOf("Dot,d@x.com,Bonn,4\n"), rowsOf(line+"\n")...)
		last[1].Line = 9
		var want []Suspect
		if why != "" {
			want = []Suspect{{Line: 9, Text: strings.Join(strings.Fields(strings.ReplaceAll(line, ",", " ")), " "), Why: why}}
		}
		require.Equal(t, want, table.Suspects(last), line)
	}
}

func TestFormsOfTexts(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []delimited.Form
	}{
		{"comma", "a,b\n1,2\n", []delimited.Form{delimited.Plain(',')}},
		{"semicolon with decimal commas", "a;b\n1;2,5\n2;3,5\n", []delimited.Form{delimited.Plain(';')}},
		{"below a title", "My list, made today\na;b;c\n1;x;a@x.com\n2;y;b@x.com\n", []delimited.Form{delimited.Plain(';')}},
		{"one column of lists", "tags\na;b\n", nil},
		{"one column of names", "Full name\nAda Lovelace\nBob Smith\n", nil},
		{"one column of addresses", "Street address\n12 Main\n15 High\n", nil},
		{"one column of times", "Since\n12:30\n13:45\n", nil},
		{"tilde", "a~b\n1~2\n", []delimited.Form{delimited.Plain('~')}},
		{"colon", "id:name:mail\n1:a:a@x.com\n2:b:b@x.com\n", []delimited.Form{delimited.Plain(':')}},
		{"wide blanks", "id   full name   mail\n1    Ada L       a@x.com\n2    Bob S       b@x.com\n",
			[]delimited.Form{{Blanks: 2, Quote: '"'}}},
		{"blanks", "id name mail\n1 Ada a@x.com\n2 Bob b@x.com\n", []delimited.Form{{Blanks: 1, Quote: '"'}}},
		{"apostrophes", "id,name\n1,'Doe, Jane'\n2,'Bob'\n", []delimited.Form{{Comma: ',', Quote: '\''}}},
		{"an apostrophe in a name", "id,name\n1,'s-Hertogenbosch\n2,O'Brien\n", []delimited.Form{delimited.Plain(',')}},
		{"backslashes in quotes", "id,name\n1,\"a \\\"b\\\", c\"\n2,d\n",
			[]delimited.Form{{Comma: ',', Quote: '"', Backslash: true}}},
		{"a path in quotes", "id,path\n1,\"C:\\dir\\\"\n2,d\n", []delimited.Form{delimited.Plain(',')}},
		{"backslashes without quotes", "id,name,x\n1,Doe\\, Jane,y\n2,Bob,z\n",
			[]delimited.Form{{Comma: ',', Backslash: true}}},
		{"inches", "id,size\n1,5\" nail\n2,6\" nail\n", []delimited.Form{{Comma: ','}}},
	} {
		var got []delimited.Form
		for _, g := range Forms([]byte(c.text), Said{}) {
			got = append(got, g.Form)
		}
		require.Equal(t, c.want, got, c.name)
	}
	require.Len(t, Forms([]byte("a,b;c\n1,2;3\n"), Said{}), 2)
	none, backslash := rune(0), true
	g := Forms([]byte("a,b\n"), Said{Delimiter: &delimited.Form{Comma: ';'}, Quote: &none, Backslash: &backslash})
	require.Equal(t, delimited.Form{Comma: ';', Backslash: true}, g[0].Form)
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "title\n\na,b\n1,2\n", "1,2\n3,4\n", "a,,b\nc,d,e\n1,2,3\n", "x\n\"\n",
		"#a\nb\n1\n", ",,\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, g := range append(Forms(content, Said{}), Guess{Form: delimited.Plain(',')}) {
			rows, _ := Rows(content, g.Form, 0)
			l := Find(rows, nil)
			require.Equal(t, l.Doubt != "", len(l.Read) > 1)
			w := NewWatch(l.Table)
			for _, r := range rows {
				w.Row(r.Line, r.Cells, r.Gap)
			}
			require.LessOrEqual(t, len(l.Table.Suspects(rows)), len(rows))
		}
	})
}
