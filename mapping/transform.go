package mapping

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// Transform is one step that changes a cell's text before it is read. The steps are pure: they see the row's cells and nothing else.
//
//	trim            blanks at both ends cut
//	lower, upper    letters in lower or upper case
//	title           The First Letter Of Each Word In Upper Case, The Others In Lower Case
//	digits          everything but the digits 0 to 9 left out
//	e164            a phone number as +442079460958; the column's country is taken where it names none
//	strip-currency  currency symbols and codes, and the blanks beside them, left out: "€ 1.234,50" is "1.234,50"
//	regex           {find: PATTERN, replace: TEXT}: every match replaced; $1 is the first group (Go's RE2 syntax)
//	split           {at: TEXT, part: N}: the Nth piece, from 1, or from the end with -1; blank where there are fewer
//	join            {columns: [HEADER, …], with: TEXT}: the cell and those of other columns in one text, blank ones left out
//	default         a text for a blank cell
type Transform struct {
	Name    string
	Find    string   // of regex
	Replace string   // of regex
	At      string   // of split
	Part    int      // of split
	Columns []string // of join
	With    string   // of join
	Text    string   // of default
}

// step is a compiled transform. row is nil for an element of a list.
type step func(s *source, row *Row, text string) (string, *refusal)

var plainTransforms = map[string]func(string) string{
	"trim": trim, "lower": strings.ToLower, "upper": strings.ToUpper, "title": titleCase, "digits": onlyDigits, "strip-currency": stripCurrency,
}

// transformNames are all transforms, for nearest names.
var transformNames = []string{"trim", "lower", "upper", "title", "digits", "e164", "strip-currency", "regex", "split", "join", "default"}

// compile makes a step; columns finds the places of join's columns.
func (t Transform) compile(columns []int) (step, error) {
	if f := plainTransforms[t.Name]; f != nil {
		return func(_ *source, _ *Row, text string) (string, *refusal) { return f(text), nil }, nil
	}
	switch t.Name {
	case "e164":
		return toE164, nil
	case "default":
		return func(_ *source, _ *Row, text string) (string, *refusal) {
			if trim(text) == "" {
				return t.Text, nil
			}
			return text, nil
		}, nil
	case "regex":
		re, err := regexp.Compile(t.Find)
		if err != nil {
			return nil, fmt.Errorf("regex %q: %w", t.Find, err)
		}
		return func(_ *source, _ *Row, text string) (string, *refusal) {
			return re.ReplaceAllString(text, t.Replace), nil
		}, nil
	case "split":
		if t.At == "" || t.Part == 0 {
			return nil, fmt.Errorf("split needs `at`, a text, and `part`, a number from 1 (or from -1, counted from the end)")
		}
		return t.splitStep, nil
	case "join":
		return func(s *source, row *Row, text string) (string, *refusal) {
			return joinCells(s, row, text, columns, t.With), nil
		}, nil
	}
	return nil, fmt.Errorf("there is no transform %q", t.Name)
}

func (t Transform) splitStep(_ *source, _ *Row, text string) (string, *refusal) {
	pieces := strings.Split(text, t.At)
	n := t.Part - 1
	if t.Part < 0 {
		n = len(pieces) + t.Part
	}
	if n < 0 || n >= len(pieces) {
		return "", nil
	}
	return trim(pieces[n]), nil
}

func joinCells(s *source, row *Row, text string, columns []int, with string) string {
	var all []string
	if trim(text) != "" {
		all = append(all, text)
	}
	for _, c := range columns {
		if row == nil || c >= len(row.Cells) {
			continue
		}
		if other := s.plan.cellText(&row.Cells[c]); trim(other) != "" {
			all = append(all, other)
		}
	}
	return strings.Join(all, with)
}

func toE164(s *source, _ *Row, text string) (string, *refusal) {
	if trim(text) == "" {
		return text, nil
	}
	number, err := phonenumbers.Parse(text, s.country)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", &refusal{code: codeTransform, message: fmt.Sprintf("e164: %q is not a valid phone number", text), accepted: "a number such as +44 20 7946 0958"}
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

var currencyWord = regexp.MustCompile(`\p{Sc}|\p{L}+`)

// stripCurrency leaves symbols of currencies and three-letter codes that are currencies out.
func stripCurrency(text string) string {
	return trim(currencyWord.ReplaceAllStringFunc(text, func(word string) string {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(r) && !isCurrency(word) {
			return word
		}
		return ""
	}))
}
