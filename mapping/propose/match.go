package propose

import (
	"sort"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// guess is what a column may fill, and why.
type guess struct {
	mapping.Path
	reference string // for a reference and the parts of its target
	rank      headerRank
	why       string     // for a guess that the header alone does not settle
	join      []string   // further columns whose values belong to the same attribute
	joined    []*Profile // beside join
}

// headerRank is how surely a header names an attribute.
type headerRank int

const (
	exactHeader headerRank = iota
	knownHeader
	likelyHeader
)

// finder finds attributes by what headers mean.
type finder struct {
	schema  *attio.Schema
	object  *attio.Object
	headers *mapping.Headers
}

// titles are what a misspelt header can be meant for.
func (f *finder) titles() []string {
	var all []string
	for i := range f.object.Attributes {
		if a := &f.object.Attributes[i]; a.Writable && !a.Archived {
			all = append(all, a.Slug, a.Title)
		}
	}
	return all
}

// meanings are the headers of Attio's templates, of exports of HubSpot and Salesforce (labels and API names), and
// what people write, by what they stand for. A meaning is the slug of an attribute; or # and a role, which role
// finds; or a slug behind the object that it is of.
var meanings = map[string]string{
	"#email": "Email|E-mail|Mail|Email address|Email addresses|E-Mail-Adresse|Primary email|Work email|Personal email|Private email|Other email|" +
		"Secondary email|Additional email addresses|Email 2|E-mail 2|Email 1|Alternate email|Correo|Courriel",
	"#phone": "Phone|Phone number|Phone numbers|Telephone|Tel|Telefon|Telefonnummer|Mobile|Mobile phone|Mobile phone number|MobilePhone|Mobil|Handy|Cell|" +
		"Other phone|Home phone|Work phone|Business phone|Téléphone|Teléfono",
	"#name":              "Person name|Full name|Contact name|Contact|Name|Kontakt|Ansprechpartner|Nombre completo|Nom complet",
	"#name.first_name":   "First name|Given name|Forename|Vorname|Prénom|Nombre|First",
	"#name.last_name":    "Last name|Surname|Family name|Nachname|Familienname|Nom de famille|Apellido|Apellidos|Last",
	"#location":          "Location|Primary location|Standort|Place",
	"#location.line_1":   "Street address|Street|Address|Mailing street|Billing street|Address line 1|Straße|Strasse|Adresse|Anschrift|Rue",
	"#location.line_2":   "Street address 2|Address line 2|Address 2|Adresszusatz",
	"#location.locality": "City|Town|Mailing city|Billing city|Ort|Stadt|Ville|Ciudad",
	"#location.region": "State/Region|State|Region|State/Province|Province|Mailing state|Mailing State/Province|Billing state|Billing State/Province|County|" +
		"Bundesland",
	"#location.postcode": "Zip|Zip code|Postal code|Postcode|Mailing Zip/Postal Code|Billing Zip/Postal Code|Mailing postal code|Billing postal code|PLZ|" +
		"Postleitzahl|Code postal",
	"#location.country_code": "Country|Country/Region|Mailing country|Billing country|Land|Pays|País|Mailing country code|Billing country code",
	"#domain":                "Company domain name|Domain|Domains|Domain name|Website|Website URL|Web site|Web|Homepage|Webseite|URL|Company domain",
	"#company": "Company domain|Company domains|Associated company domain|Company domain name|Company website|Website|Website URL|Company > Domains|" +
		"Firmendomain|Webseite|Homepage|Company URL",
	"#company.name":           "Company name|Account name|Associated company|Company > Name|Organization|Organisation|Firma|Unternehmen|Employer",
	"#company.linkedin":       "Company LinkedIn|LinkedIn company page",
	"#owner":                  "Deal owner|Contact owner|Company owner|Account owner|Opportunity owner|Owner|HubSpot owner|Verantwortlich|Betreuer",
	"#people":                 "Contact|Contact name|Person|Person email|Associated people email addresses|Associated contact emails|Contact email|Primary contact email",
	"job_title":               "Job title|Title|Role|Position|Funktion|Jobtitel",
	"companies/name":          "Company name|Account name|Company|Account|Organization|Organisation|Firma|Firmenname|Unternehmen|Name",
	"deals/name":              "Deal name|Opportunity name|Deal",
	"deals/stage":             "Deal stage|Stage|Status",
	"deals/value":             "Deal value|Amount|Value|Betrag",
	"users/user_id":           "User ID|UserID|ID|External ID|Benutzer-ID",
	"workspaces/workspace_id": "Workspace ID|ID",
	"description":             "Description|About us|Company description|Account description|About|Beschreibung",
	"linkedin":                "LinkedIn|LinkedIn URL|LinkedIn profile|Person LinkedIn|LinkedIn company page|Company LinkedIn|LinkedIn bio",
	"twitter":                 "Twitter|Twitter handle|Twitter username|X",
	"customer_since":          "Kunde seit|Client since|Client depuis|Cliente desde",
	"customer_number":         "Kundennummer|Kunden-Nr.|Customer no.|Customer ID|Numéro client",
	"yearly_revenue":          "Jahresumsatz|Umsatz|Annual revenue|Revenue",
	"annual_revenue":          "Jahresumsatz|Umsatz|Yearly revenue|Revenue",
	"facebook":                "Facebook|Facebook company page",
}

// bookkeeping are columns in which another CRM numbers and dates its own records.
var bookkeeping = plainSet("Record ID|Record ID - Contact|Record ID - Company|Contact ID|Account ID|Lead ID|Opportunity ID|Create date|Created date|" +
	"Last modified date|Last activity date|Last modified|Associated company IDs|Associated contact IDs|Associated note IDs|Account Owner ID|Owner ID|" +
	"Contact owner ID|Created By ID|Last Modified By ID|System Modstamp|Is Deleted|Master Record ID")

func plainSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Split(words, "|") {
		m[problem.Plain(w)] = true
	}
	return m
}

// aliases are the meanings by header.
var aliases = func() map[string][]string {
	m := map[string][]string{}
	for meaning, headers := range meanings {
		for header := range plainSet(headers) {
			m[header] = append(m[header], meaning)
		}
	}
	for _, all := range m {
		sort.Strings(all)
	}
	return m
}()

// alias answers what a well-known header means for the object: the first of its meanings that the column's cells fit.
func (f *finder) alias(name string, p *Profile) (guess, bool) {
	for _, pass := range []string{"/", "#", ""} { // the object's own, roles, plain slugs
		for _, meaning := range aliases[name] {
			object, slug, own := strings.Cut(meaning, "/")
			var g guess
			ok := false
			switch {
			case pass == "/" && own && object == f.object.Slug:
				g, ok = f.named(slug)
			case pass == "#" && meaning[0] == '#':
				g, ok = f.role(meaning)
			case pass == "" && !own && meaning[0] != '#':
				g, ok = f.named(meaning)
			}
			if ok && (p.Filled == 0 || fits(f.schema, g, p)) {
				return g, true
			}
		}
	}
	return guess{}, false
}

func (f *finder) named(slug string) (guess, bool) {
	a := f.object.Attribute(slug)
	if a == nil || !a.Writable || a.Archived {
		return guess{}, false
	}
	return guess{Path: mapping.Path{Attr: a}, rank: knownHeader}, true
}

// roles are the types of the attributes that a role looks for, and the slugs that are meant where there are several.
var roles = map[string]struct {
	typ   attio.Type
	slugs []string
	to    string // what a reference points to
	key   string
}{
	"email":    {typ: attio.TypeEmailAddress, slugs: []string{"email_addresses", "primary_email_address"}},
	"phone":    {typ: attio.TypePhoneNumber, slugs: []string{"phone_numbers", "phone"}},
	"name":     {typ: attio.TypePersonalName, slugs: []string{"name", "full_name"}},
	"location": {typ: attio.TypeLocation, slugs: []string{"primary_location"}},
	"domain":   {typ: attio.TypeDomain, slugs: []string{"domains"}},
	"owner":    {typ: attio.TypeActorReference, slugs: []string{"owner"}},
	"company":  {typ: attio.TypeRecordReference, slugs: []string{"company", "associated_company"}, to: "companies", key: "domains"},
	"people":   {typ: attio.TypeRecordReference, slugs: []string{"associated_people", "person"}, to: "people", key: "email_addresses"},
}

// role finds the object's attribute for a role such as #email or #name.first_name.
func (f *finder) role(meaning string) (guess, bool) {
	name, part, _ := strings.Cut(meaning[1:], ".")
	r := roles[name]
	var found []*attio.Attribute
	for i := range f.object.Attributes {
		if a := &f.object.Attributes[i]; a.Type == r.typ && a.Writable && !a.Archived && f.pointsTo(a, r.to) {
			found = append(found, a)
		}
	}
	a := preferred(found, r.slugs)
	if a == nil {
		return guess{}, false
	}
	g := guess{Path: mapping.Path{Attr: a, Part: part}, rank: knownHeader}
	if r.to != "" {
		target := f.schema.Object(r.to)
		if g.reference = r.to + "." + r.key; target.Attribute(r.key) == nil || part != "" && target.Attribute(part) == nil {
			return guess{}, false
		}
	}
	return g, true
}

func (f *finder) pointsTo(a *attio.Attribute, object string) bool {
	if object == "" {
		return true
	}
	o := f.schema.Object(object)
	if o == nil || o.Attributes == nil {
		return false
	}
	for _, id := range a.AllowedObjects {
		if f.schema.Object(id) == o {
			return true
		}
	}
	return false
}

// preferred is the attribute with the first of the slugs, else the only one.
func preferred(found []*attio.Attribute, slugs []string) *attio.Attribute {
	for _, slug := range slugs {
		for _, a := range found {
			if a.Slug == slug {
				return a
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}
