package value

import (
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// parseRating reads whole numbers from 0 to 5. A rating of 0 is 0, not "none".
func parseRating(r *Reader, kind Kind, text string, v *Value) *Refusal {
	if bad := parseNumber(r, kind, text, v); bad != nil {
		return bad
	}
	if len(v.Text) != 1 || v.Text[0] > '5' {
		return r.refuse(CodeRating, "%q is not a rating", text)
	}
	return nil
}

// parseCheckbox reads what Attio's own importer reads: 1, true, #t and 0, false, #f in any case.
func parseCheckbox(r *Reader, _ Kind, text string, v *Value) *Refusal {
	switch {
	case text == "1", text == "1.0", strings.EqualFold(text, "true"), strings.EqualFold(text, "#t"):
		v.Text = "true"
	case text == "0", text == "0.0", strings.EqualFold(text, "false"), strings.EqualFold(text, "#f"):
		v.Text = "false"
	default:
		bad := refuse(CodeCheckbox, "true, 1 or #t; false, 0 or #f", "%q is neither checked nor unchecked", text)
		if to, _ := CheckboxWord(text); to != "" {
			bad.Setting = insteadOf(text, to)
		}
		return bad
	}
	return nil
}

// checkboxWords are words for yes and no beside those that a checkbox takes by itself, with what they are taken for.
var checkboxWords = map[string]string{"true": "", "false": "", "1": "", "0": "", "#t": "", "#f": "",
	"yes": "true", "y": "true", "x": "true", "✓": "true", "✔": "true", "on": "true", "ja": "true", "wahr": "true",
	"oui": "true", "vrai": "true", "si": "true", "sí": "true", "no": "false", "n": "false", "off": "false", "-": "false",
	"nein": "false", "falsch": "false", "non": "false", "faux": "false"}

// CheckboxWord says what a word means for a checkbox: "true" or "false", or "" for a word that it takes by itself.
// known is false for any other word.
func CheckboxWord(text string) (to string, known bool) {
	to, known = checkboxWords[strings.ToLower(text)]
	return to, known
}

func decodeCheckbox(_ *attio.Attribute, raw []byte, v *Value) bool {
	value := rawjson.Member(raw, "value")
	v.Text = string(value)
	return v.Text == "true" || v.Text == "false"
}
