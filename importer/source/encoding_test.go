package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

func TestEncodings(t *testing.T) {
	text := "id;Größe;Stadt\n1;groß;Köln\n2;klein – „fein“;Besançon 😀\n"
	western := strings.ReplaceAll(text, " 😀", "")
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) string {
		s, err := unicode.UTF16(e, bom).NewEncoder().String(text)
		require.NoError(t, err)
		return s
	}
	cp1252, err := charmap.Windows1252.NewEncoder().String(western)
	require.NoError(t, err)
	for _, c := range []struct {
		name, content string
		o             Options
		note          string
		text          string
	}{
		{"UTF-8", text, Options{}, "encoding UTF-8", text},
		{"UTF-8 with BOM", charset.UTF8Marked.BOM + text, Options{}, "encoding UTF-8 with byte order mark", text},
		{"UTF-8 with BOM, named", charset.UTF8Marked.BOM + text, Options{Dialect: Dialect{Encoding: "utf-8"}},
			"encoding UTF-8", text},
		{"UTF-16LE with BOM", "\xff\xfe" + utf16(unicode.LittleEndian, unicode.IgnoreBOM), Options{},
			"encoding UTF-16LE with byte order mark", text},
		{"UTF-16BE with BOM", "\xfe\xff" + utf16(unicode.BigEndian, unicode.IgnoreBOM), Options{},
			"encoding UTF-16BE with byte order mark", text},
		{"UTF-16LE", utf16(unicode.LittleEndian, unicode.IgnoreBOM), Options{}, "encoding UTF-16LE without byte order mark",
			text},
		{"UTF-16BE", utf16(unicode.BigEndian, unicode.IgnoreBOM), Options{}, "encoding UTF-16BE without byte order mark",
			text},
		{"windows-1252 by evidence", cp1252, Options{},
			`encoding windows-1252 (not UTF-8 at line 1; cells such as "Größe", "groß", "Köln")`, western},
		{"latin1 named", cp1252, Options{Dialect: Dialect{Encoding: "latin1"}}, "encoding windows-1252", western},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Path = file(t, "in.csv", c.content)
			_, s, rows := readAll(t, c.o)
			require.Contains(t, told(s), c.note)
			lines := strings.Split(strings.TrimSpace(c.text), "\n")
			require.Equal(t, strings.Split(lines[0], ";"), s.Columns)
			require.Equal(t, [][]string{strings.Split(lines[1], ";"), strings.Split(lines[2], ";")}, texts(rows))
			require.Equal(t, 3, rows[1].Line)
		})
	}
}

func TestNamedEncodingOfSeveralBytes(t *testing.T) {
	content, err := japanese.ShiftJIS.NewEncoder().String("名前,都市\n山田,東京\n")
	require.NoError(t, err)
	_, s, rows := readAll(t, Options{Path: file(t, "in.csv", content), Dialect: Dialect{Encoding: "shift_jis"}})
	require.Equal(t, []string{"名前", "都市"}, s.Columns)
	require.Equal(t, [][]string{{"山田", "東京"}}, texts(rows))
}

// Nothing in the head of a long file need show its encoding.
func TestEncodingShownLateInTheFile(t *testing.T) {
	filler := strings.Repeat("1,plain\n", 3*headSize/8)
	_, s, rows := readAll(t, Options{Path: file(t, "in.csv", "id,name\n"+filler+"2,Ren\xe9\n3,Zo\xeb\n")})
	require.Equal(t, "Zoë", rows[len(rows)-1].Cells[1].Text)
	require.Equal(t, 3*headSize/8+2, s.Rows)
	require.Contains(t, strings.Join(s.Notes, "\n"),
		`encoding windows-1252 (not UTF-8 at line 24578; cells such as "René", "Zoë")`)
}

func TestCharacterCutByTheHead(t *testing.T) {
	for shift := range 4 {
		content := "id,name\n" + strings.Repeat("x", shift) + strings.Repeat("é,ü😀\n", headSize/8)
		in, err := Open(t.Context(), Options{Path: file(t, "in.csv", content)})
		require.NoError(t, err)
		require.Equal(t, "UTF-8", in.enc.Name)
		_, err = in.Survey(t.Context())
		require.NoError(t, err)
	}
}

func TestBytesNotInTheEncoding(t *testing.T) {
	cyrillic, err := charmap.Windows1251.NewEncoder().String("имя,город\nИван,Москва\n")
	require.NoError(t, err)
	for _, c := range []struct {
		name, content string
		o             Options
		line          int
		column        int
		text          string
	}{
		{"a stray byte in UTF-8", "id,name\n1,Zoë\n2,Ren\xe9e é ü\n", Options{}, 3, 6,
			"the text is not UTF-8: byte 0xe9 at offset 20"},
		{"marked UTF-8", charset.UTF8Marked.BOM + "id,name\n1,Ren\xe9\n", Options{}, 2, 6,
			"the text is not UTF-8: byte 0xe9 at offset 16"},
		{"named UTF-8", "id,name\n1,Ren\xe9\n", Options{Dialect: Dialect{Encoding: "utf-8"}}, 2, 6,
			"the text is not UTF-8: byte 0xe9 at offset 13"},
		{"cut off at the end", "id,name\n1,é\n2,\xc3", Options{Dialect: Dialect{Encoding: "utf-8"}}, 3, 3,
			"the text is not UTF-8: byte 0xc3 at offset 15"},
		{"CR line ends", "id,name\r1,a\r2,\xff\xff,é\r", Options{}, 3, 0, "the text is not UTF-8: byte 0xff at offset 14"},
		{"Cyrillic", cyrillic, Options{}, 1, 0, "the text is not UTF-8: byte 0xe8 at offset 0"},
		{"Mac Roman", "name,city\nRen\x8e,Gen\x8fve\nJos\x8e,Z\x9frich\nBj\x9arn,\x81\x8d\n", Options{}, 2, 4,
			"the text is not UTF-8: byte 0x8e at offset 13"},
		{"half a pair in UTF-16", "\xff\xfea\x00,\x00b\x00\n\x00\x3d\xd8,\x00", Options{}, 2, 0,
			"the text is not UTF-16LE: byte 0x3dd8 at offset 10"},
		{"half a unit in UTF-16", "\xfe\xff\x00a\x00,\x00b\x00\n\x001\x00", Options{}, 2, 0,
			"the text is not UTF-16BE: byte 0x00 at offset 12"},
		{"bytes of no letter", "a,b\n1,\x81\x20\n", Options{Dialect: Dialect{Encoding: "shift_jis"}}, 2, 0,
			"the text is not shift_jis"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Path = file(t, "in.csv", c.content)
			e := refused(t, c.o)
			require.Equal(t, []any{"FIL007", c.line, c.text}, []any{e.Code, e.Line, e.Text})
			require.Equal(t, []any{Encoding, []string{"windows-1252"}}, []any{e.Setting, e.Values})
			require.Equal(t, c.column, e.Column)
		})
	}
}

// What to do follows from what the file is otherwise.
func TestWhatToDoAboutBytesNotInTheEncoding(t *testing.T) {
	for content, want := range map[string]string{
		"id,name\n1,Zoë\n2,Ren\xe9e é ü\n": "3 other letters are good UTF-8: text of two encodings was joined; " +
			"repair this place, or save the file again as CSV UTF-8",
		"\xfe\xff\x00a\x00,\x00b\x00\n\x001\x00": "the file is damaged or was cut off: save it again, best as CSV UTF-8",
	} {
		require.Equal(t, want, refused(t, Options{Path: file(t, "in.csv", content)}).Remedy[0])
	}
}

func TestLongLineReadInSmallSteps(t *testing.T) {
	path := file(t, "in.csv.gz", gz(t, "id,name\n1,"+strings.Repeat("é", 200_001)+"\n2,b\n"))
	_, _, rows := readAll(t, Options{Path: path})
	require.Len(t, rows[0].Cells[1].Text, 400_002)
	require.Equal(t, "b", rows[1].Cells[1].Text)
}
