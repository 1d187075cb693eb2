package layout

import (
	"bytes"
	"slices"
	"strings"
)

// QuotesAreLetters reports whether nothing but cells without quotes makes sense of a text: divided at each delimiter,
// its lines have the same number of cells, and several hold quotes, but none as a pair around it.
func QuotesAreLetters(text []byte, comma rune) bool {
	if !bytes.Contains(text, []byte(`"`)) || bytes.Contains(text, []byte(`\"`)) {
		return false
	}
	width, holding := 0, 0
	for line := range bytes.Lines(text) {
		cells := strings.Split(string(bytes.TrimRight(line, "\r\n")), string(comma))
		if len(cells) > 1 && width == 0 {
			width = len(cells)
		}
		if width > 0 && len(cells) != width && filled(cells) > 0 {
			return false
		}
		opened := false // a cell before began with a quote
		for _, c := range cells {
			switch c = strings.TrimSpace(c); {
			case opened && strings.HasSuffix(c, `"`), len(c) > 1 && c[0] == '"' && c[len(c)-1] == '"',
				strings.Contains(c, `""`), besideDelimiter(c):
				return false
			case strings.Contains(c, `"`):
				opened = opened || c[0] == '"'
				holding++
			}
		}
	}
	return width > 1 && holding > 1
}

// besideDelimiter reports whether a quote stands beside what could be the delimiter as well.
func besideDelimiter(cell string) bool {
	return slices.ContainsFunc(primary, func(d rune) bool {
		return strings.Contains(cell, `"`+string(d)) || strings.Contains(cell, string(d)+`"`)
	})
}
