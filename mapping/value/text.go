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
