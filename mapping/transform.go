package mapping

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// step is a compiled transform. row is nil for an element of a list.
type step func(s *column, row *Row, text string) (string, *value.Refusal)

var plainTransforms = map[string]func(string) string{
	"trim": value.Trim, "lower": strings.ToLower, "upper": strings.ToUpper, "title": titleCase, "digits": onlyDigits, "strip-currency": value.StripCurrency,
}

// compile makes a step of a transform, whose settings the mapping file has checked; columns finds the places of
// join's columns.
func compile(t mapfile.Transform, columns []int) (step, error) {
	if f := plainTransforms[t.Name]; f != nil {
		return func(_ *column, _ *Row, text string) (string, *value.Refusal) { return f(text), nil }, nil
	}
	switch t.Name {
	case "e164":
		return toE164, nil
	case "default":
		return func(_ *column, _ *Row, text string) (string, *value.Refusal) {
			if value.Trim(text) == "" {
				return t.Text, nil
			}
			return text, nil
		}, nil
	case "regex":
		re, err := regexp.Compile(t.Find)
		if err != nil {
			return nil, fmt.Errorf("regex %q: %w", t.Find, err)
		}
		return func(_ *column, _ *Row, text string) (string, *value.Refusal) {
			return re.ReplaceAllString(text, t.Replace), nil
		}, nil
	case "split":
		return func(_ *column, _ *Row, text string) (string, *value.Refusal) {
			return onePiece(text, t.At, t.Part), nil
		}, nil
	case "join":
		return func(s *column, row *Row, text string) (string, *value.Refusal) {
			return joinCells(s, row, text, columns, t.With), nil
		}, nil
	}
	return nil, fmt.Errorf("there is no transform %q", t.Name)
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
		if row == nil || c >= len(row.Cells) {
			continue
		}
		if other := s.plan.cellText(&row.Cells[c]); value.Trim(other) != "" {
			all = append(all, other)
		}
	}
	return strings.Join(all, with)
}

func toE164(s *column, _ *Row, text string) (string, *value.Refusal) {
	if value.Trim(text) == "" {
		return text, nil
	}
	number, err := phonenumbers.Parse(text, s.Country)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", &value.Refusal{Code: value.CodeTransform, Message: fmt.Sprintf("e164: %q is not a valid phone number", text), Accepted: "a number such as +44 20 7946 0958"}
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
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
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}
