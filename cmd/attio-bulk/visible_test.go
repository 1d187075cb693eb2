package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// actors are texts that would steer a terminal.
const actors = "a\x1b[31mb\r\x7f\u009b2J\u202ec\u2028\xff"

func TestPrintable(t *testing.T) {
	require.Equal(t, "a␛[31mb␍␡�2J�c��", printable(actors))
	require.Equal(t, "one\n\ttwo 👩\u200d💻 é", printable("one\n\ttwo 👩\u200d💻 é"), "nothing else is touched")
	require.Equal(t, "one␊␉two", oneLine("one\n\ttwo"))
}

func TestEscapedJSONLosesNothing(t *testing.T) {
	var out strings.Builder
	u := ui{out: &out}
	want := map[string]string{"text": strings.TrimSuffix(actors, "\xff") + "\n<b>"}
	require.NoError(t, u.printJSON(want))
	require.Equal(t, out.String(), printable(out.String()))
	var got map[string]string
	require.NoError(t, json.Unmarshal([]byte(out.String()), &got))
	require.Equal(t, want, got)
}

func TestDoorKeepsLettersTogether(t *testing.T) {
	for size := 1; size < 6; size++ {
		var out strings.Builder
		d := newDoor(&out)
		text := []byte("é🎉\x1b東\n")
		for len(text) > 0 {
			n := min(size, len(text))
			got, err := d.Write(text[:n])
			require.NoError(t, err)
			require.Equal(t, n, got)
			text = text[n:]
		}
		require.Equal(t, "é🎉␛東\n", out.String(), size)
	}
}

func TestAligned(t *testing.T) {
	rows := [][]string{{"NAME", "OPTIONS"}, {"東京", "Free; Starter; Professional"}, {"x\ny", ""}}
	require.Equal(t, "NAME  OPTIONS\n東京  Free; Starter; Professional\nx␊y\n", aligned(rows, 0))
	require.Equal(t, "NAME  OPTIONS\n東京  Free; Starter;\n      Professional\nx␊y\n", aligned(rows, 24))
	for line := range strings.Lines(aligned([][]string{{strings.Repeat("long", 20), strings.Repeat("東", 30)}}, 40)) {
		require.LessOrEqual(t, width(strings.TrimSuffix(line, "\n")), 40)
	}
}

func TestWrapped(t *testing.T) {
	require.Equal(t, []string{"one two", "three"}, wrapped("one two three", 8))
	require.Equal(t, []string{"abcd", "ef"}, wrapped("abcdef", 4))
	require.Equal(t, []string{"one", "two"}, wrapped("one two", 3))
	require.Equal(t, []string{"東"}, wrapped("東", 1))
	require.Equal(t, []string{""}, wrapped("", 3))
}
