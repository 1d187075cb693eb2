package attiotest

import (
	"encoding/json"
	"sort"
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
	}
}

// attribute finds one by slug or id, archived or not; nil for none.
func (o *object) attribute(slugOrID string) *attribute {
	for _, a := range o.attrs {
		if a.slug == slugOrID || a.id.String() == slugOrID {
			return a
		}
	}
	return nil
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
	for _, o := range list {
		if o.slug == slugOrID || o.id.String() == slugOrID {
			return o
		}
	}
	return nil
}

// findOption finds an option by its title or, where byID is set, by its id.
func (a *attribute) findOption(s string, fold, byID bool) *option {
	for _, o := range a.options {
		if o.title == s || fold && strings.EqualFold(o.title, s) || byID && o.id.String() == s {
			return o
		}
	}
	return nil
}

// listedOptions are the options in the order of the API: preset categories come alphabetically without regard to case,
// the others as they were made.
func (a *attribute) listedOptions(archived bool) []*option {
	list := make([]*option, 0, len(a.options))
	for _, o := range a.options {
		if archived || !o.archived {
			list = append(list, o)
		}
	}
	if a.system && a.slug == "categories" {
		sort.SliceStable(list, func(i, j int) bool {
			return strings.ToLower(list[i].title) < strings.ToLower(list[j].title)
		})
	}
	return list
}

// The shapes of the API, keys in the order of real traffic.
type (
	objectID struct {
		Workspace uuid.UUID `json:"workspace_id"`
		Object    uuid.UUID `json:"object_id"`
	}
	attributeID struct {
		objectID
		Attribute uuid.UUID `json:"attribute_id"`
	}
	objectJSON struct {
		ID       objectID `json:"id"`
		Slug     string   `json:"api_slug"`
		Singular string   `json:"singular_noun"`
		Plural   string   `json:"plural_noun"`
		Created  string   `json:"created_at"`
	}
	attributeJSON struct {
		ID             attributeID   `json:"id"`
		Title          string        `json:"title"`
		Description    *string       `json:"description"`
		Slug           string        `json:"api_slug"`
		Type           string        `json:"type"`
		System         bool          `json:"is_system_attribute"`
		Writable       bool          `json:"is_writable"`
		Required       bool          `json:"is_required"`
		Unique         bool          `json:"is_unique"`
		Multi          bool          `json:"is_multiselect"`
		DefaultEnabled bool          `json:"is_default_value_enabled"`
		Archived       bool          `json:"is_archived"`
		Default        any           `json:"default_value"`
		Relationship   *relationJSON `json:"relationship"`
		Created        string        `json:"created_at"`
		Config         configJSON    `json:"config"`
	}
	relationJSON struct {
		ID         attributeID `json:"id"`
		ObjectSlug string      `json:"object_slug"`
		Slug       string      `json:"api_slug"`
		Multi      bool        `json:"is_multiselect"`
		Title      string      `json:"title"`
	}
	configJSON struct {
		Currency struct {
			Code    *string `json:"default_currency_code"`
			Display *string `json:"display_type"`
		} `json:"currency"`
		Reference struct {
			Allowed []uuid.UUID `json:"allowed_object_ids"`
		} `json:"record_reference"`
	}
	defaultJSON struct {
		Type     string `json:"type"`
		Template any    `json:"template"`
	}
	optionJSON struct {
		ID struct {
			attributeID
			Option uuid.UUID `json:"option_id"`
		} `json:"id"`
		Title    string `json:"title"`
		Archived bool   `json:"is_archived"`
	}
	statusJSON struct {
		ID struct {
			attributeID
			Status uuid.UUID `json:"status_id"`
		} `json:"id"`
		Title    string  `json:"title"`
		Archived bool    `json:"is_archived"`
		Target   *string `json:"target_time_in_status"`
		Party    bool    `json:"celebration_enabled"`
	}
)

func (o *object) key() objectID { return objectID{o.ws.id, o.id} }

func (o *object) json() objectJSON {
	return objectJSON{o.key(), o.slug, o.singular, o.plural, stamp(o.created)}
}

func (a *attribute) key() attributeID { return attributeID{a.object.key(), a.id} }

func (a *attribute) json() attributeJSON {
	j := attributeJSON{
		ID: a.key(), Title: a.title, Description: a.description, Slug: a.slug, Type: a.typ,
		System: a.system, Writable: a.writable, Required: a.required, Unique: a.unique, Multi: a.multi,
		DefaultEnabled: a.fallback != nil || a.dynamic != "", Archived: a.archived, Created: stamp(a.created),
	}
	if a.dynamic != "" {
		j.Default = defaultJSON{"dynamic", a.dynamic}
	} else if a.fallback != nil {
		j.Default = defaultJSON{"static", a.defaultTemplate()}
	}
	if inv := a.inverse; inv != nil {
		j.Relationship = &relationJSON{inv.key(), inv.object.slug, inv.slug, inv.multi, inv.title}
	}
	if a.typ == "currency" && a.currency != "" {
		symbol := "symbol"
		j.Config.Currency.Code, j.Config.Currency.Display = &a.currency, &symbol
	}
	if a.typ == "record-reference" {
		for _, o := range a.allowed {
			j.Config.Reference.Allowed = append(j.Config.Reference.Allowed, o.id)
		}
	}
	return j
}

// defaultTemplate is a static default as the API shows it: output values without the envelope, options by bare id.
func (a *attribute) defaultTemplate() []json.RawMessage {
	p, _ := a.parseAll(&reader{ws: a.object.ws, o: &Options{}, trusted: true}, a.fallback)
	list := make([]json.RawMessage, 0, len(p.bodies))
	for _, b := range p.bodies {
		if o, ok := b.(optionBody); ok {
			key := map[string]string{"select": "option", "status": "status"}[a.typ]
			list = append(list, encode(map[string]any{key: o.id, "attribute_type": a.typ}))
			continue
		}
		list = append(list, append(b.append([]byte("{"), a), a.wrap...))
	}
	return list
}

func (o *option) json() any {
	if o.attr.typ == "status" {
		j := statusJSON{Title: o.title, Archived: o.archived, Target: o.target, Party: o.party}
		j.ID.attributeID, j.ID.Status = o.attr.key(), o.id
		return j
	}
	j := optionJSON{Title: o.title, Archived: o.archived}
	j.ID.attributeID, j.ID.Option = o.attr.key(), o.id
	return j
}

// changed rebuilds the option's JSON, which stands in every record that holds it.
func (o *option) changed() {
	o.encoded = encode(o.json())
}

// newOption appends an option to the attribute.
func (a *attribute) newOption(id uuid.UUID, title string) *option {
	o := &option{attr: a, id: id, title: title}
	a.options = append(a.options, o)
	o.changed()
	return o
}
