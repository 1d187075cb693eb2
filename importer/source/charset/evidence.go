package charset

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Evidence counts what the bytes above ASCII look like.
type Evidence struct {
	Runes   int // characters of several bytes that are well-formed UTF-8 and not likely windows-1252
	letters int // bytes that are Western letters or typographic signs in windows-1252
	other   int // bytes that hardly occur there
	inRuns  int // letters that follow two others: Cyrillic or Greek words, not Western ones
	shared  int // letters of Icelandic, which are other letters in Turkish
	nordic  int // letters that Icelandic has beside them, and Turkish has not
	cell    []byte
	samples []string
}

// western1252 are the signs of windows-1252, beside its letters from 0xC0 on, that Western texts are written with.
const western1252 = "\x80\x82\x84\x85\x8a\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x99\x9a\x9c\x9e\x9f" +
	"\xa0\xa1\xa3\xa7\xa9\xaa\xab\xae\xb0\xb2\xb3\xb4\xb5\xb7\xba\xbb\xbc\xbd\xbe\xbf"

// The letters Ð Ý Þ ð ý þ stand where windows-1254 has Ğ İ Ş ğ ı ş. No text in Icelandic does without one of the
// others.
const shared1254, icelandic = "\xd0\xdd\xde\xf0\xfd\xfe", "\xc1\xc6\xcd\xd3\xda\xe1\xe6\xed\xf3\xfa"

// maxCell bounds the text that is looked at together.
const maxCell = 64 << 10

// Write counts the next bytes of the file, in pieces of any size.
func (ev *Evidence) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := bytes.IndexAny(rest, ",;\t|\"\r\n") + 1
		if n == 0 {
			n = len(rest)
		}
		ev.cell = append(ev.cell, rest[:n]...)
		if last := ev.cell[len(ev.cell)-1]; strings.IndexByte(",;\t|\"\r\n", last) >= 0 || len(ev.cell) > maxCell {
			ev.endCell()
		}
		rest = rest[n:]
	}
	return len(p), nil
}

// endCell counts the bytes of a cell, and of what stands behind it.
func (ev *Evidence) endCell() {
	high, run := 0, 0
	for _, b := range ev.cell {
		western := b >= 0xC0 && b != 0xD7 && b != 0xF7
		if run++; !western {
			run = 0
		}
		switch {
		case b < 0x80:
			continue
		case western || strings.IndexByte(western1252, b) >= 0:
			ev.letters++
		default:
			ev.other++
		}
		switch {
		case strings.IndexByte(shared1254, b) >= 0:
			ev.shared++
		case strings.IndexByte(icelandic, b) >= 0:
			ev.nordic++
		}
		if high++; run > 2 {
			ev.inRuns++
		}
	}
	for text := ev.cell; high > 0 && len(text) > 0; {
		_, n := utf8.DecodeRune(text)
		if n > 1 {
			ev.Runes++
		}
		text = text[n:]
	}
	if high > 0 && len(ev.samples) < 3 {
		text := strings.TrimRight(string(ev.cell[:min(len(ev.cell), 40)]), ",;\t|\"\r\n")
		if text, err := charmap.Windows1252.NewDecoder().String(text); err == nil {
			ev.samples = append(ev.samples, strings.TrimSpace(text)) // a comma may be no separator, and have a blank behind it
		}
	}
	ev.cell = ev.cell[:0]
}

// Cells are up to three cells with letters beyond ASCII as windows-1252 reads them, in quotes, to show what was
// decided.
func (ev *Evidence) Cells() []string {
	ev.endCell()
	out := make([]string, len(ev.samples))
	for i, s := range ev.samples {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}

// Western reports whether windows-1252 (of which Latin-1 is a part) explains the file: nearly all high bytes are what
// Western texts have, they do not come in long words of their own, hardly any pair of them is UTF-8 as well, and the
// text is not Turkish.
func (ev *Evidence) Western() bool {
	ev.endCell()
	all := ev.letters + ev.other
	turkish := ev.shared*4 >= all && ev.nordic == 0
	return all > 0 && !turkish && ev.other*20 <= all && ev.inRuns*4 <= all && ev.Runes*10 <= all
}
