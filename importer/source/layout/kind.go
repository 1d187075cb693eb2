package layout

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a cell looks like: "" for nothing in it, text for words.
type kind string

const (
	text   kind = "text"
	number kind = "number"
	date   kind = "date"
	email  kind = "e-mail address"
	url    kind = "web address"
	phone  kind = "phone number"
	yesNo  kind = "yes or no"
	long   kind = "long text"
	// codes are of one kind where letters and digits alternate in the same way: code:a-0 for u-17.
	code = "code:"
)

// longest is how many letters a header has at most, mostly: more is a sentence.
const longest = 60

var (
	emailForm  = regexp.MustCompile(`^(?:[^@]*<)?[^@\s,;<]+@[^@\s,;>]+\.[^@\s,;>]+>?`)
	domainForm = regexp.MustCompile(
		`^(?i)([a-z0-9-]+\.)+(com|org|net|edu|gov|info|biz|dev|app|shop|example|test|[a-z]{2})(/\S*)?$`)
	numberForm = regexp.MustCompile(
		`^[-+(]?\s?(?:[€$£¥]|[A-Z]{3}\s)?\s?[-+]?(?:[0-9]+|[0-9]{1,3}(?:[.,'’ \x{a0}\x{202f}][0-9]{3})+)?(?:[.,][0-9]+)?` +
			`(?:[eE][-+]?[0-9]+)?\s?(?:[€$£¥%]|[A-Z]{3}|kr|zł)?\)?$`)
	dayForm = regexp.MustCompile(
		`^(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ,]+[0-9]{1,2}:[0-9]{2}.*)?|(?:19|20)[0-9]{2}[-/][0-9]{2})$`)
	timeForm = regexp.MustCompile(`^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?$`)
	wordForm = regexp.MustCompile(`(?i)^(?:[a-z]{2,9},?\s)?(?:[0-9]{1,2}\.?[ -])?` +
		`(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|avr|févr|juil|août|déc|ene|abr|ago|dic)` +
		`[a-zéû]*\.?,?` +
		`[ -](?:[0-9]{1,2}(?:st|nd|rd|th)?,?[ -])?'?[0-9]{2,4}(?:[ ,T]+[0-9]{1,2}:[0-9]{2}.*)?$`)
	phoneForm = regexp.MustCompile(`^\+?[0-9()][0-9() ./-]{5,}[0-9](?:\s?(?:x|ext\.?)\s?[0-9]+)?$`)
)

var yesNoWords = wordSet("yes no y n true false ja nein oui non si sí x ✓ ✔")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// kindOf tells a cell's kind.
func kindOf(cell string) kind {
	s := strings.TrimFunc(cell, unicode.IsSpace)
	switch {
	case s == "":
		return ""
	case len(s) > 4*longest || strings.ContainsAny(s, "\n\r"):
		return long
	case strings.Contains(s, "@") && emailForm.MatchString(strings.TrimPrefix(s, "mailto:")):
		return email
	}
	low := strings.ToLower(s)
	switch {
	case strings.HasPrefix(low, "http://"), strings.HasPrefix(low, "https://"), strings.HasPrefix(low, "www."):
		return url
	case yesNoWords[low]:
		return yesNo
	}
	if strings.ContainsAny(s, "0123456789") {
		if k := digits(s); k != "" {
			return k
		}
	}
	switch {
	case strings.Contains(s, ".") && domainForm.MatchString(s):
		return url
	case utf8.RuneCountInString(s) > longest:
		return long
	}
	return text
}

// digits tells the kind of a cell that holds digits; "" for words.
func digits(s string) kind {
	switch {
	case len(s) > longest:
		return ""
	case numberForm.MatchString(s):
		return number
	case dayForm.MatchString(s), timeForm.MatchString(s), wordForm.MatchString(s):
		return date
	case phoneForm.MatchString(s):
		return phone
	case strings.ContainsAny(s, " \t") || strings.ContainsAny(s, "@/"):
		return ""
	}
	return shape(s)
}

// shape is the kind of a word of letters and digits. Long mixtures, such as a UUID, are all of one kind.
func shape(s string) kind {
	var b strings.Builder
	last, turns := rune(0), 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			r = 'a'
		case unicode.IsDigit(r):
			r = '0'
		}
		if r != last {
			b.WriteRune(r)
			turns++
		}
		last = r
	}
	if turns > 7 {
		return code + "mixed"
	}
	return kind(code + b.String())
}

// isYear reports whether a cell is a number that mostly stands for a year, as headers of columns do.
func isYear(cell string) bool {
	s := strings.TrimSpace(cell)
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) && kindOf(s) == number
}
