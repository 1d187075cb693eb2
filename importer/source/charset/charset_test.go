package charset_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

// Readers may be asked for a byte at a time, as bufio does when a long line leaves it little room.
func TestDecodingInSmallSteps(t *testing.T) {
	text := "é😀x\n" + strings.Repeat("ü", 100)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	require.NoError(t, err)
	for _, c := range []struct{ encoding, content string }{{"utf-8", text}, {"utf-16le", utf16}} {
		e, err := charset.Named(c.encoding)
		require.NoError(t, err)
		for _, wrap := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
			got, err := io.ReadAll(iotest.OneByteReader(e.Reader(wrap(strings.NewReader(c.content)))))
			require.NoError(t, err)
			require.Equal(t, text, string(got))
		}
		require.NoError(t, iotest.TestReader(e.Reader(strings.NewReader(c.content)), []byte(text)))
	}
}

// Each byte that is not in the encoding ends the reading, after all the text before it, and the error says where it
// stands.
func TestFirstBadByte(t *testing.T) {
	for _, c := range []struct {
		name, label, content, text, err string
		line, column                    int
	}{
		{"UTF-8", "utf-8", "a\nbé\xe9c", "a\nbé", "not UTF-8: byte 0xe9 at offset 5", 2, 4},
		{"UTF-8 far behind", "utf-8", strings.Repeat("é", 1000) + "\xff", strings.Repeat("é", 1000),
			"not UTF-8: byte 0xff at offset 2000", 1, 0},
		{"cut off", "utf-8", "a\xc3", "a", "not UTF-8: byte 0xc3 at offset 1", 1, 0},
		{"half a pair", "utf-16be", "\x00a\xd8\x3d\x00b", "a", "not UTF-16BE: byte 0xd83d at offset 2", 1, 0},
		{"no such letter", "shift_jis", "a\r\x81\x20", "a\r", "not shift_jis", 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := charset.Named(c.label)
			require.NoError(t, err)
			got, err := io.ReadAll(e.Reader(strings.NewReader(c.content)))
			require.Equal(t, c.text, string(got))
			var bad *charset.Error
			require.ErrorAs(t, err, &bad)
			require.Equal(t, []any{c.err, c.line, c.column}, []any{bad.Error(), bad.Line, bad.Column})
		})
	}
}

func TestUncheckedPassesOnWhatIsNotUTF8(t *testing.T) {
	got, err := io.ReadAll(charset.UTF8Marked.Unchecked(strings.NewReader("\xef\xbb\xbfa\xff")))
	require.NoError(t, err)
	require.Equal(t, "a\xff", string(got))
	boom := errors.New("boom")
	_, err = io.ReadAll(charset.UTF8Marked.Unchecked(iotest.ErrReader(boom)))
	require.Equal(t, boom, err)
}

func TestMarked(t *testing.T) {
	for head, want := range map[string]charset.Encoding{
		"\xef\xbb\xbfa": charset.UTF8Marked,
		"\xff\xfea\x00": {Name: "UTF-16LE", BOM: "\xff\xfe"},
		"\xfe\xff\x00a": {Name: "UTF-16BE", BOM: "\xfe\xff"},
		"a\x00b\x00":    {Name: "UTF-16LE"},
		"\x00a\x00b":    {Name: "UTF-16BE"},
		"ab":            {},
	} {
		got, ok := charset.Marked([]byte(head))
		require.Equal(t, want.Name != "", ok, "%q", head)
		require.Equal(t, []string{want.Name, want.BOM}, []string{got.Name, got.BOM}, "%q", head)
	}
}

func TestUnknownNames(t *testing.T) {
	for _, label := range []string{"klingon", "replacement", "x-user-defined"} {
		_, err := charset.Named(label)
		require.Error(t, err, label)
	}
}

// What is written is read again as it was, but for letters that the encoding does not have.
func TestWriter(t *testing.T) {
	for label, want := range map[string]string{"utf-8": "Zoë → 😀", "utf-16le": "Zoë → 😀", "utf-16be": "Zoë → 😀",
		"latin1": "Zoë ? ?", "shift_jis": "Zo? → ?"} {
		e, err := charset.Named(label)
		require.NoError(t, err)
		var b bytes.Buffer
		n, err := e.Writer(&b).Write([]byte("Zoë → 😀"))
		require.NoError(t, err)
		require.Equal(t, len("Zoë → 😀"), n)
		got, err := io.ReadAll(e.Reader(&b))
		require.NoError(t, err)
		require.Equal(t, want, string(got), label)
	}
}

func TestEvidence(t *testing.T) {
	for _, c := range []struct {
		name, text string
		western    bool
		cells      []string
	}{
		{"German", "id;Gr\xf6\xdfe\n1;\"K\xf6ln\"", true, []string{`"Größe"`, `"Köln"`}},
		{"typographic", "\x84fein\x93 \x96 gut", true, []string{`"„fein“ – gut"`}},
		{"Cyrillic", "\xcc\xee\xf1\xea\xe2\xe0", false, []string{`"Ìîñêâà"`}},
		{"UTF-8 with one bad byte", "\xc3\xbc \xc3\xb6 \xe9", false, []string{`"Ã¼ Ã¶ é"`}},
		{"ASCII", "id,name", false, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ev charset.Evidence
			for _, b := range []byte(c.text) { // in pieces, as it is read
				_, _ = ev.Write([]byte{b})
			}
			require.Equal(t, c.western, ev.Western())
			require.Equal(t, c.cells, ev.Cells())
		})
	}
}
