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
		return refuse(CodeCheckbox, "true, 1 or #t; false, 0 or #f", "%q is neither checked nor unchecked", text).
			set(insteadOf(text, "true"))
	}
	return nil
}

func decodeCheckbox(_ *attio.Attribute, raw []byte, v *Value) bool {
	value := rawjson.Member(raw, "value")
	v.Text = string(value)
	return v.Text == "true" || v.Text == "false"
}
