package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// What a file or a server says never steers the terminal. Everything that is printed passes one of these doors:
// printable for messages and tables, door for all of a standard output that is a terminal, escaped for JSON.

// picture is what a terminal shows instead of a letter that it would act on; ok reports whether there is a need for
// one.
func picture(r rune) (_ rune, ok bool) {
	switch {
	case r < ' ':
		return r + 0x2400, true // the pictures of control characters
	case r == 0x7F:
		return 0x2421, true
	case r < 0xA0 && r > 0x7F, r == 0x2028, r == 0x2029, unicode.Is(unicode.Bidi_Control, r):
		return utf8.RuneError, true
	}
	return r, false
}

// shown is picture but for line breaks and tabs, which stay.
func shown(r rune) rune {
	if r != '\n' && r != '\t' {
		r, _ = picture(r)
	}
	return r
}

// printable makes the control characters of a text visible.
func printable(text string) string { return strings.Map(shown, text) } // broken UTF-8 becomes U+FFFD

// oneLine is a printable text without line breaks and tabs, for a table's cell.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		r, _ = picture(r)
		return r
	}, text)
}

// visible are the letters of a text, each in one place of the line: what has no picture of its own stands as U+FFFD.
func visible(s string) []rune {
	out := []rune(oneLine(s))
	for i, r := range out {
		if !unicode.IsGraphic(r) {
			out[i] = utf8.RuneError
		}
	}
	return out
}

// escaped writes the letters of JSON that a terminal would act on as JSON's own escapes, which lose nothing.
func escaped(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if _, ok := picture(r); ok && r != '\n' {
			out = fmt.Appendf(out, "\\u%04x", r)
		} else {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}

// width is how many columns of a terminal a text takes: letters of East Asian scripts and emoji take two, marks on
// letters none.
func width(text string) int { return uniseg.StringWidth(text) }

// newDoor makes control characters visible in all that is written to a terminal. A letter may come in several writes.
func newDoor(w io.Writer) io.Writer { return transform.NewWriter(w, runes.Map(shown)) }
