package value

import (
	"strings"
	"unicode/utf8"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// longest is the size of text that Attio stores: https://docs.attio.com/docs/attribute-types/attribute-types-text.
const longest = 10_000_000

// parseText takes a text exactly as it is, but for line breaks, which become LF.
func parseText(_ *Reader, _ Kind, text string, v *Value) *Refusal {
	if len(text) > longest {
		return refuse(codeLong, "at most 10 MB of text", "the text is longer than 10 MB")
	}
	if bad := CheckUTF8(text); bad != nil {
		return bad
	}
	v.Text = UnixLines(text)
	return nil
}

// CheckUTF8 refuses text that JSON cannot carry.
func CheckUTF8(text string) *Refusal {
	if utf8.ValidString(text) {
		return nil
	}
	for i, r := range text {
		if _, n := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && n == 1 {
			return refuse(CodeEncoding, "UTF-8, or the encoding of the file named", "the text is not UTF-8 here").at(i, i+1)
		}
	}
	return nil
}

// UnixLines writes every line break as LF.
func UnixLines(text string) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

func encodeText(dst []byte, v *Value) []byte { return Quote(dst, v.Text) }

func decodeText(_ *attio.Attribute, raw []byte, v *Value) (ok bool) {
	v.Text, ok = rawjson.Unquote(rawjson.Member(raw, "value"))
	return ok
}

// sameText compares texts exactly, every line break as LF.
func sameText(x, y *Value) bool { return x.Text == y.Text || UnixLines(x.Text) == UnixLines(y.Text) }

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
