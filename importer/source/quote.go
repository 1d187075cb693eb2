package source

import "bytes"

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
func openQuote(text []byte, comma rune) (line, column int, ok bool) {
	sep := []byte(string(comma))
	lines, lineStart, cellStart, quoted := 0, 0, true, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\n':
			lines++
			lineStart = i + 1
			cellStart = true
		case quoted && b == '"' && bytes.HasPrefix(text[i+1:], []byte{'"'}):
			i++
		case quoted:
			quoted = b != '"'
		case b == '"' && cellStart:
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
