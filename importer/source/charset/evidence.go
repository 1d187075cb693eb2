package charset

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Evidence counts what the bytes above ASCII look like.
type Evidence struct {
	letters int // bytes that are Western letters or typographic signs in windows-1252
	other   int // bytes that hardly occur there
	inRuns  int // letters that follow two others: Cyrillic or Greek words, not Western ones
	Runes   int // characters of several bytes that are well-formed UTF-8 and not likely windows-1252
	run     int
	prev    []byte
	cell    []byte
	special bool
	samples []string
}

// western1252 are the signs of windows-1252, beside its letters from 0xC0 on, that Western texts are written with.
const western1252 = "\x80\x82\x84\x85\x8a\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x99\x9a\x9c\x9e\x9f" +
	"\xa0\xa1\xa3\xa7\xa9\xaa\xab\xae\xb0\xb2\xb3\xb4\xb5\xb7\xba\xbb\xbc\xbd\xbe\xbf"

// Write counts the next bytes of the file, in pieces of any size.
func (ev *Evidence) Write(p []byte) (int, error) {
	for _, b := range p {
		switch {
		case b < 0x80:
			ev.run, ev.prev = 0, ev.prev[:0]
			if strings.IndexByte(",;\t|\"\r\n", b) >= 0 {
				ev.endCell()
				continue
			}
		default:
			ev.special = true
			ev.high(b)
		}
		if len(ev.samples) < 3 && len(ev.cell) < 40 {
			ev.cell = append(ev.cell, b)
		}
	}
	return len(p), nil
}

func (ev *Evidence) high(b byte) {
	if ev.prev = append(ev.prev, b); len(ev.prev) > utf8.UTFMax {
		ev.prev = append(ev.prev[:0], b)
	}
	if utf8.Valid(ev.prev) {
		ev.Runes, ev.prev = ev.Runes+1, ev.prev[:0]
	}
	switch {
	case b >= 0xC0 && b != 0xD7 && b != 0xF7:
		ev.letters++
		if ev.run++; ev.run > 2 {
			ev.inRuns++
		}
	case strings.IndexByte(western1252, b) >= 0:
		ev.letters++
		ev.run = 0
	default:
		ev.other++
		ev.run = 0
	}
}

func (ev *Evidence) endCell() {
	if ev.special && len(ev.samples) < 3 {
		if text, err := charmap.Windows1252.NewDecoder().String(string(ev.cell)); err == nil {
			ev.samples = append(ev.samples, strings.TrimSpace(text)) // a comma may be no separator, and have a blank behind it
		}
	}
	ev.cell, ev.special = ev.cell[:0], false
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
// Western texts have, they do not come in long words of their own, and hardly any pair of them is UTF-8 as well.
func (ev *Evidence) Western() bool {
	all := ev.letters + ev.other
	return all > 0 && ev.other*20 <= all && ev.inRuns*4 <= all && ev.Runes*10 <= all
}
