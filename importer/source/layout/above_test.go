package layout

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

func csvRows(text string) []Row {
	rows, _ := Rows([]byte(text), delimited.Plain(','), 0)
	return rows
}

// What stands above a header is a title, a comment, a sentence, a pair; a small table is none of these.
func TestWhatStandsAboveAHeader(t *testing.T) {
	for _, c := range []struct{ name, text, header, doubt string }{
		{"title", "Report\n\nname,mail\nAda,a@example.com\nTom,t@example.com\n", "3", ""},
		{"comments with commas",
			"# by Sam, of all, today\n# in order, name\nname,mail,city\nA,a@example.com,X\nB,b@example.com,Y\n",
			"3", ""},
		{"pairs", "Year,2026\nChannel,all\n\nregion,orders,revenue\nNorth,1,2.5\nSouth,3,4.5\n", "4", ""},
		{"pairs above two columns", "Report,Open\nBy,Tom\n\ncustomer,amount\nLumen,1.5\nKite,2.5\n", "4", ""},
		{"a table above", "orders,revenue\n4,17.5\n\nid,item,price\n1,lamp,2.5\n2,desk,4.5\n", "1", ""},
		{"pairs only", "Name,Ada\nE-mail,a@example.com\nCity,Leeds\n", "none", "line 1 looks like the rows below it"},
		{"a first row that lacks a value", "Ada,n/a\nTom,12\nWei,3\n", "none", "line 1 looks like the rows below it"},
		{"words below a title", "Shifts\n\nday,early,late\nMon,Ada,Tom\nTue,Wei,Zoe\n", "3", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := Find(csvRows(c.text), nil)
			require.Equal(t, c.header, l.Header.String())
			require.True(t, strings.HasPrefix(l.Doubt, c.doubt) && (c.doubt != "" || l.Doubt == ""), l.Doubt)
		})
	}
}

func TestRareDelimiters(t *testing.T) {
	for _, c := range []struct {
		name, text string
		form       delimited.Form // the first guess
		guesses    int
	}{
		{"colons between words", "day:early:late\nMon:Ada:Tom\nTue:Wei:Zoe\n", delimited.Form{Comma: ':'}, 1},
		{"colons below a title", "Shifts\n\nday:early:late\nMon:Ada:Tom\nTue:Wei:Zoe\n", delimited.Form{Comma: ':'}, 1},
		{"links in one column", "link\nhttps://a.example/x\nhttps://b.example/y\n", delimited.Form{}, 0},
		{"addresses of devices", "mac\n00:1b:aa:01\n00:1b:aa:02\n", delimited.Form{}, 0},
		{"blanks between numbers", "id size at\n1 20 2026-01-02\n2 30 2026-01-03\n", delimited.Form{Blanks: 1}, 1},
		{"a name in the header with a blank", "fs size used on it\na1 2 3 /x\nb2 4 5 /y\n", delimited.Form{Blanks: 1}, 1},
		{"names of two words", "Full name\nAda Okafor\nTom Walsh\n", delimited.Form{}, 0},
		{"one number and words", "id name city\n1 Ada Leeds\n2 Tom Graz\n", delimited.Form{Blanks: 1}, 2},
		{"behind comments", "# a b\n1 2026-01-02 x 5\n2 2026-01-03 y 6\n3 2026-01-04 z 7\n", delimited.Form{Blanks: 1}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := Forms([]byte(c.text), Said{})
			require.Len(t, found, c.guesses)
			if c.guesses > 0 {
				found[0].Form.Quote = 0
				require.Equal(t, c.form, found[0].Form)
			}
		})
	}
}

func TestQuotesAreLetters(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"a;b\n\"Big\" Al;1\n12\" x 4\";2\n\"open;3\n", true},
		{"a;b\n\"open;1\nplain;2\n", false},            // one alone is a slip
		{"a;b\n\"whole\";1\n5\" pipe;2\n", false},      // one is around a cell
		{"a;b;c\n\"x;y\";1\n\"z;u\";2\n", false},       // pairs with a delimiter between them
		{"a;b\n\"two\nlines\";1\n\"x\ny\";2\n", false}, // line breaks between them
		{"a;b\n1,\"x\",2;3\n4,\"y\",5;6\n", false},     // another delimiter's
		{"a;b\n1;2\n", false},
	} {
		require.Equal(t, c.want, QuotesAreLetters([]byte(c.text), ';'), c.text)
	}
}

// A watch finds the next table by its header, whether a title stands above it or not, or by its own header once more.
func TestWatchFindsTheNextTable(t *testing.T) {
	for _, c := range []struct {
		name, text string
		next, rest int
	}{
		{"one table", "a,b\n1,2\n\n3,4\n", 0, 0},
		{"a header behind a gap", "name,n\nx,1\ny,2\n\ncity,mail,id\nL,l@example.com,3\n", 5, 2},
		{"a title above it", "name,n\nx,1\ny,2\n\nTable 2\ncity,mail,id\nL,l@example.com,3\n", 6, 3},
		{"the header again", "name,n\nx,1\ny,2\nName,N\nz,3\n", 4, 2},
		{"a note", "name,n\nx,1\ny,2\n\nSource: us\n", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := csvRows(c.text)
			l := Find(rows, nil)
			w := NewWatch(l.Table)
			for _, r := range rows {
				if r.Line > l.Header.Last {
					w.Row(r.Line, r.Cells, r.Gap)
				}
			}
			require.Equal(t, []int{c.next, c.rest}, []int{w.Next, w.Rest})
		})
	}
}

func TestSuspectsBelowATable(t *testing.T) {
	for text, want := range map[string][]int{
		"item,qty,net\na,1,2.5\nb,2,3.5\nGrand total,3,6.0\nPage 1/1,,\n":                  {4, 5},
		"item,qty,net\na,1,2.5\nb,2,3.5\nTotal Wine & More,3,6.0\n":                        nil,
		"item,qty,net\na,1,2.5\nb,2,3.5\nc,4,1.5\n\nnote one\nnote two\nnote: 3\nnote 4\n": {6, 7, 8, 9},
	} {
		rows := csvRows(text)
		var lines []int
		for _, s := range Find(rows, nil).Table.Suspects(rows[1:]) {
			lines = append(lines, s.Line)
		}
		require.Equal(t, want, lines, text)
	}
}
