package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

func gz(t testing.TB, s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(s))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func zst(t testing.TB, s string) string {
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return string(w.EncodeAll([]byte(s), nil))
}

func TestCompressed(t *testing.T) {
	a, b := "id,name\n1,a\n", "2,b\n3,c\n"
	for _, c := range []struct {
		name, content, note string
	}{
		{"in.csv.gz", gz(t, a+b), "compressed with gzip"},
		{"in.csv", gz(t, a+b), "compressed with gzip"},
		{"members.csv.gz", gz(t, a) + gz(t, b), "compressed with gzip"},
		{"padded.csv.gz", gz(t, a+b) + "\x00\x00\x00", "compressed with gzip"},
		{"padded far.csv.gz", gz(t, a) + gz(t, b) + strings.Repeat("\x00", 10_000), "compressed with gzip"},
		{"in.csv.zst", zst(t, a+b), "compressed with zstd"},
		{"frames.csv.zst", zst(t, a) + zst(t, b), "compressed with zstd"},
		{"padded.csv.zst", zst(t, a+b) + strings.Repeat("\x00", 10_000), "compressed with zstd"},
		{"unpacked.csv.gz", a + b, "format csv"},
		{"twice.csv.gz.zst", zst(t, gz(t, a+b)), "compressed with gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, s, rows := readAll(t, Options{Path: file(t, c.name, c.content)})
			require.Equal(t, [][]string{{"1", "a"}, {"2", "b"}, {"3", "c"}}, texts(rows))
			require.Equal(t, 4, rows[2].Line)
			require.Contains(t, told(s), c.note)
			require.Equal(t, int64(len(c.content)), s.Bytes)
		})
	}
}

func TestDamagedCompression(t *testing.T) {
	var body strings.Builder
	body.WriteString("id,name\n")
	for i := range 20_000 {
		fmt.Fprintf(&body, "%d,name %d\n", i+1, i*i%9973)
	}
	whole, packed := gz(t, body.String()), zst(t, body.String())
	for _, c := range []struct {
		name, content, code string
		rows                bool
	}{
		{"half.gz", whole[:len(whole)/2], "FIL005", true},
		{"without its sum.gz", whole[:len(whole)-6], "FIL005", true},
		{"member cut.gz", gz(t, "id,name\n1,a\n") + whole[:30], "FIL005", true},
		{"text behind.gz", gz(t, "id,name\n1,a\n") + "2,b\n3,c, and more\n", "FIL006", true},
		{"something in the padding.gz", gz(t, "id,name\n1,a\n") + "\x00\x00x", "FIL006", true},
		{"wrong sum.gz", whole[:len(whole)-6] + "zz" + whole[len(whole)-4:], "FIL006", true},
		{"half.zst", packed[:len(packed)-20], "FIL005", true},
		{"text behind.zst", zst(t, "id,name\n1,a\n") + "2,b\n3,c\n", "FIL006", true},
		{"wrong sum.zst", packed[:len(packed)-2] + "zz", "FIL006", true},
		// Fewer zeros than a frame's magic number has bytes cannot be told from a frame cut off.
		{"padded little.zst", zst(t, "id,name\n1,a\n") + "\x00\x00\x00", "FIL005", true},
		{"head only.gz", whole[:6], "FIL005", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := refused(t, Options{Path: file(t, c.name, c.content), Dialect: Dialect{Format: "csv"}})
			require.Equal(t, c.code, e.Code, e.Text)
			require.Equal(t, c.rows, strings.Contains(e.Text, "the last whole row is row "), e.Text)
		})
	}
	e := refused(t, Options{Path: file(t, "x.csv.gz", whole[:len(whole)-6])})
	require.Equal(t, "the gzip data ends too early; the last whole row is row 20000, on line 20001", e.Text)
}

// A frame that asks for more memory than is given is whole: what to do is another thing than to copy it again.
func TestZstdWindowOverTheLimit(t *testing.T) {
	text := "id,name\n1,a\n"
	// raw, the last one
	block := uint32(len(text))<<3 | 1
	// a window of 256 MiB
	frame := "\x28\xb5\x2f\xfd\x00\x90" + string([]byte{byte(block), byte(block >> 8), byte(block >> 16)}) + text
	e := refused(t, Options{Path: file(t, "in.csv.zst", frame)})
	require.Equal(t, []any{"FIL010", "the zstd data needs a window of more than 128 MiB, the most that is read"},
		[]any{e.Code, e.Text})
	frame = strings.Replace(frame, "\x00\x90", "\x00\x88", 1) // of 128 MiB
	_, _, rows := readAll(t, Options{Path: file(t, "in.csv.zst", frame)})
	require.Equal(t, [][]string{{"1", "a"}}, texts(rows))
}

func TestStandardInput(t *testing.T) {
	content := "id,name\n1,a\n2,b\n"
	for _, c := range []struct{ name, content string }{{"text", content}, {"gzip", gz(t, content)}} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{Path: "-", Spool: filepath.Join(t.TempDir(), "stdin.zst"),
				Stdin: iotest.OneByteReader(strings.NewReader(c.content))}
			_, s, rows := readAll(t, o)
			require.Equal(t, [][]string{{"1", "a"}, {"2", "b"}}, texts(rows))
			require.Equal(t, int64(len(c.content)), s.Bytes)
			st, err := os.Stat(o.Spool)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), st.Mode().Perm())
			// What is there already is read again, and nothing of standard input: this is how a run is resumed.
			o.Stdin = iotest.ErrReader(errors.New("not to be read"))
			_, again, rows := readAll(t, o)
			require.Equal(t, s, again)
			require.Len(t, rows, 2)
		})
	}
}

func TestStandardInputFails(t *testing.T) {
	o := Options{Path: "-", Spool: filepath.Join(t.TempDir(), "stdin.zst"),
		Stdin: io.MultiReader(strings.NewReader("a,b\n"), iotest.ErrReader(errors.New("pipe broke")))}
	e := refused(t, o)
	require.Equal(t, "FIL001", e.Code)
	require.Contains(t, e.Error(), "standard input: ")
	left, err := os.ReadDir(filepath.Dir(o.Spool))
	require.NoError(t, err)
	require.Empty(t, left)
	o = Options{Path: "-", Spool: filepath.Join(t.TempDir(), "no folder", "stdin.zst"), Stdin: strings.NewReader("a,b\n")}
	require.Equal(t, "FIL001", refused(t, o).Code)
}

// What went wrong in a stream says which stream, to whoever prints it.
func TestFaultsOfAStreamNameIt(t *testing.T) {
	fault := &packError{kind: "gzip", err: io.ErrUnexpectedEOF}
	require.EqualError(t, fault, "gzip: unexpected EOF")
	require.ErrorIs(t, fault, io.ErrUnexpectedEOF)
	require.EqualError(t, errRowTooLong{limit: 5}, "row too long")
}
