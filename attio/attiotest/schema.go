package attiotest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// object is one kind of record with its attributes and records, or a list with its entries.
type object struct {
	ws               *state
	id               uuid.UUID
	slug             string
	singular, plural string
	created          int64 // milliseconds since 1970, as all times here
	attrs            []*attribute
	records          map[uuid.UUID]*record
	order            roll
	parent           *object    // of a list: what its entries are places of
	link             *attribute // of a list: parent_record
	by               *actor     // of a list: who made it
	head, web        string     // the fixed beginnings of a record's JSON and of its web_url
}

// attribute is one property of an object.
type attribute struct {
	object      *object
	id          uuid.UUID
	pos         int // place among object.attrs
	slug, title string
	description *string
	typ         string
	kind        *kind // what is known of typ
	system      bool
	common      bool // one of the three that every object has
	writable    bool
	required    bool
	unique      bool
	multi       bool
	archived    bool
	created     int64
	currency    string
	allowed     []*object  // of a record-reference; nil for any object
	inverse     *attribute // the other side of a two-way relationship
	options     []*option  // of a select or status
	fallback    any        // default value in write form; nil for none
	dynamic     string     // template of a dynamic default
	index       index      // of a unique attribute
	label       string     // what stands before the values in a record's JSON: "slug":[
	lead        string     // what stands before a body that has no parts: "value":
	wrap        string     // what ends each value there: ,"attribute_type":"…"}
}

// option is a choice of a select or a stage of a status.
type option struct {
	attr     *attribute
	id       uuid.UUID
	title    string
	archived bool
	target   *string // target_time_in_status, of a stage
	party    bool    // celebration_enabled, of a stage
	encoded  []byte  // its JSON, rebuilt when it changes
}

// newObject makes an object without attributes.
func newObject(ws *state, id uuid.UUID, slug string, created int64) *object {
	return &object{ws: ws, id: id, slug: slug, created: created, records: map[uuid.UUID]*record{}}
}

// prepare rebuilds what is fixed in the object's JSON, after a change of the schema.
func (o *object) prepare() {
	names := [2]string{"object_id", "record_id"}
	if o.parent != nil {
		names = [2]string{"list_id", "entry_id"}
	}
	o.head = `{"id":{"workspace_id":"` + o.ws.id.String() + `","` + names[0] + `":"` + o.id.String() + `","` + names[1] +
		`":"`
	path := map[string]string{"people": "/person/", "companies": "/company/"}[o.slug]
	if path == "" {
		path = "/" + o.slug + "/record/"
	}
	o.web = "https://app.attio.com/" + o.ws.slug + path
	for i, a := range o.attrs {
		a.pos = i
		a.label = `"` + a.slug + `":[`
		a.wrap = `,"attribute_type":"` + a.typ + `"}`
		a.lead = `"` + a.kind.key + `":`
		switch a.typ {
		case "currency":
			a.lead = `"currency_code":` + string(encode(orNull(a.currency))) + `,` + a.lead
		case "record-reference":
			a.lead = `"target_object":"`
		}
	}
}

// orNull is nil for an empty text.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// attribute finds one by slug or id, archived or not; nil for none.
func (o *object) attribute(slugOrID string) *attribute {
	return firstOf(o.attrs, func(a *attribute) bool { return a.slug == slugOrID || a.id.String() == slugOrID })
}

// firstOf finds the first that fits; nil for none.
func firstOf[T any](list []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i]
	}
	return nil
}

// mapped makes a list of what of makes of each element; it is never nil, so that JSON has [].
func mapped[T, U any](list []T, of func(T) U) []U {
	made := make([]U, len(list))
	for i, x := range list {
		made[i] = of(x)
	}
	return made
}

// live is attribute, without the archived ones, and with the parent of a list's entries.
func (o *object) live(slugOrID string) *attribute {
	if o.link != nil && slugOrID == o.link.slug {
		return o.link
	}
	if a := o.attribute(slugOrID); a != nil && !a.archived {
		return a
	}
	return nil
}

// object finds one by slug or id; nil for none.
func (ws *state) object(slugOrID string) *object { return lookUp(ws.objects, slugOrID) }

// lookUp finds an object or a list by slug or id; nil for none.
func lookUp(list []*object, slugOrID string) *object {
	return firstOf(list, func(o *object) bool { return o.slug == slugOrID || o.id.String() == slugOrID })
}

// findOption finds an option by its title or, where byID is set, by its id.
func (a *attribute) findOption(s string, fold, byID bool) *option {
	return firstOf(a.options, func(o *option) bool {
		return o.title == s || fold && strings.EqualFold(o.title, s) || byID && o.id.String() == s
	})
}

// listedOptions are the options in the order of the API: preset categories come alphabetically without regard to case,
// the others as they were made.
func (a *attribute) listedOptions(archived bool) []*option {
	list := slices.Clone(a.options)
	if !archived {
		list = slices.DeleteFunc(list, func(o *option) bool { return o.archived })
	}
	if a.system && a.slug == "categories" {
		slices.SortStableFunc(list, func(x, y *option) int {
			return cmp.Compare(strings.ToLower(x.title), strings.ToLower(y.title))
		})
	}
	return list
}

// The shapes of the API have their keys in the order of real traffic.

func (o *object) key() fields { return fields{{"workspace_id", o.ws.id}, {"object_id", o.id}} }

func (o *object) json() fields {
	return fields{{"id", o.key()}, {"api_slug", o.slug}, {"singular_noun", o.singular}, {"plural_noun", o.plural},
		{"created_at", stamp(o.created)}}
}

func (a *attribute) key() fields { return append(a.object.key(), field{"attribute_id", a.id}) }

func (a *attribute) json() fields {
	var standard, relationship, code, display, allowed any
	if a.dynamic != "" {
		standard = fields{{"type", "dynamic"}, {"template", a.dynamic}}
	} else if a.fallback != nil {
		standard = fields{{"type", "static"}, {"template", a.defaultTemplate()}}
	}
	if inv := a.inverse; inv != nil {
		relationship = fields{{"id", inv.key()}, {"object_slug", inv.object.slug}, {"api_slug", inv.slug},
			{"is_multiselect", inv.multi}, {"title", inv.title}}
	}
	if a.typ == "currency" && a.currency != "" {
		code, display = a.currency, "symbol"
	}
	if a.allowed != nil {
		allowed = mapped(a.allowed, func(o *object) uuid.UUID { return o.id })
	}
	return fields{{"id", a.key()}, {"title", a.title}, {"description", a.description}, {"api_slug", a.slug},
		{"type", a.typ}, {"is_system_attribute", a.system}, {"is_writable", a.writable}, {"is_required", a.required},
		{"is_unique", a.unique}, {"is_multiselect", a.multi}, {"is_default_value_enabled", standard != nil},
		{"is_archived", a.archived}, {"default_value", standard}, {"relationship", relationship},
		{"created_at", stamp(a.created)}, {"config", fields{
			{"currency", fields{{"default_currency_code", code}, {"display_type", display}}},
			{"record_reference", fields{{"allowed_object_ids", allowed}}}}}}
}

// defaultTemplate is a static default as the API shows it: output values without the envelope, options by bare id.
func (a *attribute) defaultTemplate() []json.RawMessage {
	return mapped(a.parseAll(a.fallback, true).bodies, func(b body) json.RawMessage {
		if o, ok := b.(*option); ok {
			return encode(fields{{"attribute_type", a.typ}, {a.kind.key, o.id}})
		}
		return append(a.appendBody([]byte("{"), b), a.wrap...)
	})
}

func (o *option) json() fields {
	if o.attr.typ == "status" {
		return fields{{"id", append(o.attr.key(), field{"status_id", o.id})}, {"title", o.title},
			{"is_archived", o.archived}, {"target_time_in_status", o.target}, {"celebration_enabled", o.party}}
	}
	return fields{{"id", append(o.attr.key(), field{"option_id", o.id})}, {"title", o.title},
		{"is_archived", o.archived}}
}

// changed rebuilds the option's JSON, which stands in every record that holds it.
func (o *option) changed() { o.encoded = encode(o.json()) }

// add appends an option to the attribute.
func (a *attribute) add(o *option) {
	o.attr = a
	a.options = append(a.options, o)
	o.changed()
}
