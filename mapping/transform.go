package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
	"github.com/attio-bulk/attio-bulk/mapping/value/phone"
)

// step is a compiled transform.
type step struct {
	mapfile.Transform
	regex   *regexp.Regexp
	columns []int // of join
}

var plainTransforms = map[string]func(string) string{"trim": value.Trim, "lower": strings.ToLower,
	"upper": strings.ToUpper, "title": titleCase, "digits": onlyDigits}

// compile makes a step of a transform, whose settings the mapping file has checked; columns are the places of join's
// columns.
func compile(t mapfile.Transform, columns []int) (s step, err error) {
	s = step{Transform: t, columns: columns}
	if s.regex, err = regexp.Compile(t.Find); err != nil {
		return s, fmt.Errorf("regex %q: %w", t.Find, err)
	}
	other := []string{"e164", "default", "regex", "split", "join", "strip-currency"}
	if plainTransforms[t.Name] == nil && !slices.Contains(other, t.Name) {
		err = fmt.Errorf("there is no transform %q", t.Name)
	}
	return s, err
}

// apply changes the text of a cell, or of an element of a list.
func (t *step) apply(s *column, row *Row, text string) (string, *value.Refusal) {
	switch t.Name {
	case "e164":
		return toE164(text, s.country(row))
	case "default":
		if value.Trim(text) == "" {
			text = t.Text
		}
	case "regex":
		text = t.regex.ReplaceAllString(text, t.Replace)
	case "split":
		text = onePiece(text, t.At, t.Part)
	case "join":
		text = joinCells(s, row, text, t.columns, t.With)
	case "strip-currency":
		if s.Attr != nil {
			if bad := s.CheckCurrency(text); bad != nil {
				return text, bad
			}
		}
		text = value.StripCurrency(text)
	default:
		text = plainTransforms[t.Name](text)
	}
	return text, nil
}

// onePiece is the piece of a text by its number, from 1, or from -1 at the end; "" where there is none.
func onePiece(text, at string, part int) string {
	pieces := strings.Split(text, at)
	if part < 0 {
		part += len(pieces) + 1
	}
	if part < 1 || part > len(pieces) {
		return ""
	}
	return value.Trim(pieces[part-1])
}

func joinCells(s *column, row *Row, text string, columns []int, with string) string {
	var all []string
	if value.Trim(text) != "" {
		all = append(all, text)
	}
	for _, c := range columns {
		if c >= len(row.Cells) {
			continue
		}
		if other := s.plan.cellText(&row.Cells[c]); value.Trim(other) != "" {
			all = append(all, other)
		}
	}
	return strings.Join(all, with)
}

func toE164(text, country string) (string, *value.Refusal) {
	if value.Trim(text) == "" {
		return text, nil
	}
	number, err := phone.Parse(text, country)
	if err != nil {
		return "", &value.Refusal{Code: value.CodeTransform, Accepted: "a number such as +44 20 7946 0958",
			Message: fmt.Sprintf("e164: %q is not a valid phone number", text)}
	}
	return number.E164, nil
}

func titleCase(text string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		letter := unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || (r == '\'' || r == '’') && inside
		was := inside
		if inside = letter; !letter {
			return r
		}
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToTitle(r)
	}, text)
}

func onlyDigits(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }), "")
}
