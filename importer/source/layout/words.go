package layout

import (
	"slices"
	"strings"
	"unicode"
)

// headerWords stand in the headers of most tables of people, companies and sales, in some languages. They decide only
// where the cells leave two rows to choose from.
var headerWords = wordSet(`id name names first last full middle surname firstname lastname vorname nachname nom
prénom nombre apellido cognome email mail courriel correo phone mobile tel telephone
telefon handy téléphone teléfono fax company organization organisation firma unternehmen
société empresa account city town ort stadt ville ciudad country land pays país state
region zip plz postcode postal street address adresse straße strasse rue dirección title
role position job type status stage owner date created updated signed since birthday
amount value price umsatz betrag preis revenue mrr arr plan seats notes note notiz
comment comments description website web url domain industry branche source tags
category kunde customer kundennummer number nummer no nr key code user username contact
person department team quantity menge betreff subject language`)

// knows counts the cells that hold a word of headers.
func knows(cells []string) (n int) {
	for _, c := range cells {
		for _, w := range strings.FieldsFunc(strings.ToLower(c), apart) {
			if headerWords[w] {
				n++
				break
			}
		}
	}
	return n
}

// apart reports whether a letter stands between words.
func apart(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// unitWords are what a line of units below a header holds.
var unitWords = wordSet(`kg g mg µg μg t lb lbs oz km m cm mm mi ft in l ml ha m² m2 km² qm sqm s sec min h hr hrs d
day days week weeks month months year years yr % percent pct ‰ € $ £ ¥ eur usd gbp chf
jpy sek nok dkk pln cad aud inr cny k€ k$ teur tsd mio meur musd pcs pc stk stück units
unit text string varchar char integer int number numeric decimal float double bool
boolean date datetime timestamp time yyyy-mm-dd dd.mm.yyyy dd/mm/yyyy mm/dd/yyyy iso
iso8601 e.164 utc °c °f w kw kwh v a mb gb tb kb hz ghz y/n yes/no`)

// isUnit reports whether a cell is a unit of measure, or names the type of what stands below it: EUR, (kg), [text].
func isUnit(cell string) bool {
	s := strings.ToLower(strings.TrimSpace(cell))
	inner := strings.Trim(s, "()[]{}<>")
	inner = strings.TrimSpace(strings.TrimPrefix(inner, "in "))
	if unitWords[inner] {
		return true
	}
	per := strings.Split(inner, "/")
	return len(per) == 2 && unitWords[per[0]] && unitWords[per[1]] || inner != s && len(inner) > 0 && len(inner) <= 12
}

// totalWords begin a row of sums, in some languages; noteWords a line below a table that is no row of it.
var (
	totalWords = wordSet(`total totals subtotal sum sums summe gesamt gesamtsumme insgesamt zwischensumme totaal
totale totaux somme suma totalt summa average avg mean durchschnitt mittelwert saldo balance median
count anzahl moyenne promedio grand ø ∅ σ`)
	noteWords = wordSet(`source sources quelle quellen note notes hinweis anmerkung exported export generated
created printed erstellt stand exportiert confidential vertraulich copyright © page
seite end ende records rows report legend disclaimer fuente datenquelle as * ** †
prepared data`)
)

// allTotal reports whether a cell holds nothing but such words: Grand total:
func allTotal(cell string) bool {
	words := strings.Fields(strings.ToLower(strings.Trim(cell, " :*")))
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !totalWords[w] })
}

// firstWord is the word that a cell begins with.
func firstWord(cell string) string {
	s := strings.ToLower(strings.TrimSpace(cell))
	if strings.HasPrefix(s, "©") || strings.HasPrefix(s, "*") {
		return s[:strings.IndexFunc(s+" ", func(r rune) bool { return r != '*' && r != '©' })]
	}
	words := strings.FieldsFunc(s, apart)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// nothing are words that stand where a value is missing.
var nothing = wordSet(`n/a na - -- — none null nil unknown tbd tba ? unbekannt keine k.a. leer pending missing
#n/a nan`)
