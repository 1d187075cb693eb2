package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
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

// printable makes the control characters of a text visible. Line breaks and tabs stay.
func printable(text string) string {
	return strings.Map(func(r rune) rune { // broken UTF-8 becomes U+FFFD
		if r != '\n' && r != '\t' {
			r, _ = picture(r)
		}
		return r
	}, text)
}

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

// door makes control characters visible in all that is written to a terminal.
type door struct {
	w    io.Writer
	held []byte // the beginning of a letter, whose rest comes with the next call
}

func (d *door) Write(p []byte) (int, error) {
	text := append(d.held, p...)
	whole := len(text)
	for i := max(0, whole-utf8.UTFMax); i < whole; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			whole = i
			break
		}
	}
	d.held = append([]byte(nil), text[whole:]...)
	if _, err := io.WriteString(d.w, printable(string(text[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}
