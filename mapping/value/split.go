package value

import "strings"

// Piece is one of several values in a cell, and where it stands there; from and to are 0 where an escape was undone.
type Piece struct {
	Text     string
	From, To int
}

// Split divides a cell at a separator. A backslash before the separator, or before a backslash, takes its meaning
// away; any other backslash is itself. Pieces are trimmed; empty ones are left out.
func Split(dst []Piece, text, sep string) []Piece {
	start := 0
	for start <= len(text) {
		end, escaped := start, false
		for end < len(text) && !strings.HasPrefix(text[end:], sep) {
			step := 1
			if rest := text[end+1:]; text[end] == '\\' && strings.HasPrefix(rest, `\`) {
				step = 2
			} else if text[end] == '\\' && strings.HasPrefix(rest, sep) {
				step = 1 + len(sep)
			}
			escaped, end = escaped || step > 1, end+step
		}
		p := Piece{Text: Trim(text[start:end]), From: start, To: end}
		if p.Text != "" {
			p.From += strings.Index(text[start:end], p.Text)
			p.To = p.From + len(p.Text)
			if escaped {
				p = Piece{Text: strings.NewReplacer(`\\`, `\`, `\`+sep, sep).Replace(p.Text)}
			}
			dst = append(dst, p)
		}
		start = end + len(sep)
	}
	return dst
}

// Join writes several values into a cell so that split by ";" finds them again.
func Join(dst []byte, text string) []byte { return append(dst, joined.Replace(text)...) }

var joined = strings.NewReplacer(`;`, `\;`, `\`, `\\`)
