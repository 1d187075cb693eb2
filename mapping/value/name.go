package value

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// The parts of a personal name, by their place in Value.Parts.
const (
	FirstName = iota
	LastName
	FullName
)

// parseName divides a full name. "Last, First" is divided at its first comma, as Attio does, unless a title such as
// Jr follows it; else the last word is the last name, with the particles before it (van, de la, …), and a single word
// is the first name. Text is the full name. https://docs.attio.com/docs/attribute-types/attribute-types-name
func parseName(_ *Reader, _ Kind, text string, v *Value) *Refusal {
	if bad := CheckUTF8(text); bad != nil {
		return bad
	}
	before, after, comma := strings.Cut(text, ",")
	before, after = Trim(before), Trim(after)
	switch suffix := nameSuffixes[strings.ToLower(strings.Trim(after, "."))]; {
	case !comma || before == "" && after == "":
		v.Parts = divideName(text)
	case before == "" || after == "":
		v.Parts = divideName(before + after)
	case suffix:
		v.Parts = divideName(before)
		v.Parts[LastName], v.Parts[FullName] = Trim(v.Parts[LastName]+" "+after), text
	default:
		v.Parts = []string{after, before, after + " " + before}
	}
	v.Text = v.Parts[FullName]
	return nil
}

var (
	nameSuffixes  = set("jr sr ii iii iv md phd esq mba")
	nameParticles = set("van von der den de la le du da das dos del della di el al bin ibn ter ten zu zur zum af av")
)

// divideName answers the three parts of a name without a comma.
func divideName(text string) []string {
	words := strings.Fields(text)
	if len(words) < 2 {
		return []string{text, "", text}
	}
	cut := len(words) - 1
	if nameSuffixes[strings.ToLower(strings.Trim(words[cut], "."))] && cut > 1 {
		cut--
	}
	for cut > 1 && nameParticles[strings.ToLower(words[cut-1])] {
		cut--
	}
	return []string{strings.Join(words[:cut], " "), strings.Join(words[cut:], " "), text}
}

// JoinName is the full name that first and last name make.
func JoinName(first, last string) string {
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}

// encodeName sends all three keys, without which Attio refuses the value. A full name that is not known is made of
// the other two.
func encodeName(dst []byte, v *Value) []byte {
	full := cmp.Or(v.Parts[FullName], JoinName(v.Parts[FirstName], v.Parts[LastName]))
	dst = Quote(append(dst, `{"first_name":`...), v.Parts[FirstName])
	dst = Quote(append(dst, `,"last_name":`...), v.Parts[LastName])
	return append(Quote(append(dst, `,"full_name":`...), full), '}')
}

func decodeName(_ *attio.Attribute, raw []byte, v *Value) bool { return decodeParts(nameParts, raw, v) }

// decodeParts reads the members of a value that are its parts. Not one of them: a shape that is not known.
func decodeParts(names []string, raw []byte, v *Value) bool {
	v.Parts = make([]string, len(names))
	found := false
	for key, value := range rawjson.Members(raw) {
		if i := slices.Index(names, key); i >= 0 {
			v.Parts[i], _ = rawjson.Unquote(value)
			found = true
		}
	}
	return found
}

// decodeInteraction reads an interaction, which is only ever read: kind, time, and the owner as type:id.
func decodeInteraction(_ *attio.Attribute, raw []byte, v *Value) bool {
	owner := rawjson.Member(raw, "owner_actor")
	v.Parts = []string{
		memberText(raw, "interaction_type"), memberText(raw, "interacted_at"),
		actorText(memberText(owner, "type"), memberText(owner, "id")),
	}
	v.Text = v.Parts[0]
	return v.Parts[0] != ""
}
