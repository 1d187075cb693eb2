package source

import (
	"bytes"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

// upTo is a text before a place of it: some lines, and some bytes of the next.
func upTo(text []byte, lines, bytesOf int) []byte {
	at := 0
	for ; lines > 0; lines-- {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return nil
		}
		at += i + 1
	}
	return text[:min(at+bytesOf, len(text))]
}

// openQuote finds the quote that is still open at the end of text: the lines before it, its column from 1.
func openQuote(text []byte, form delimited.Form) (line, column int, ok bool) {
	sep, quote := []byte(string(form.Comma)), byte(form.Quote)
	if form.Blanks > 0 {
		sep = []byte{' '}
	}
	lines, lineStart, cellStart, quoted := 0, 0, true, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\n':
			lines++
			lineStart = i + 1
			cellStart = true
		case quoted && form.Backslash && b == '\\':
			i++
		case quoted && !form.Backslash && b == quote && bytes.HasPrefix(text[i+1:], []byte{quote}):
			i++
		case quoted:
			quoted = b != quote
		case b == quote && quote != 0 && cellStart:
			quoted, cellStart = true, false
			line, column = lines, i-lineStart+1
		case bytes.HasPrefix(text[i:], sep):
			i += len(sep) - 1
			cellStart = true
		default:
			cellStart = false
		}
	}
	return line, column, quoted
}
