package attiotest

import (
	"net/http"
	"regexp"
)

// listObjects answers GET /v2/objects, in one page, ascending object_id as was seen.
func (s *Server) listObjects(*call) (reply, *refusal) {
	list := []objectJSON{}
	for _, o := range s.ws.objects {
		list = append(list, o.json())
	}
	return data(list), nil
}

// getObject answers GET /v2/objects/{slug or id}.
func (s *Server) getObject(c *call) (reply, *refusal) {
	o, r := c.object(s.ws)
	if r != nil {
		return reply{}, r
	}
	return data(o.json()), nil
}

// holder finds the object whose attributes a route names: segments are target, identifier, …
func (s *Server) holder(c *call) (*object, *refusal) {
	if c.segs[0] == "lists" {
		return s.list(c.segs[1])
	}
	if o := s.ws.object(c.segs[1]); o != nil {
		return o, nil
	}
	return nil, notFound("Object with slug/ID %q not found.", c.segs[1])
}

// attribute finds the attribute that a route names, archived or not.
func (s *Server) attribute(c *call) (*attribute, *refusal) {
	o, r := s.holder(c)
	if r != nil {
		return nil, r
	}
	if a := o.attribute(c.segs[2]); a != nil {
		return a, nil
	}
	return nil, notFound("Attribute with slug/ID %q not found.", c.segs[2])
}

// archivedToo reads the query parameter show_archived.
func (s *Server) archivedToo(c *call) (bool, *refusal) {
	v := c.query.Get("show_archived")
	reading := s.o.Readings.ShowArchived
	if v != "" && v != "true" && v != "false" || v != "" && reading == ArchivedRefused {
		return false, badQuery("show_archived")
	}
	return v == "true" && reading == ArchivedShown, nil
}

// listAttributes answers GET …/attributes, in the order of the user interface, archived ones only when asked for.
func (s *Server) listAttributes(c *call) (reply, *refusal) {
	o, r := s.holder(c)
	if r != nil {
		return reply{}, r
	}
	if r := c.onlyQuery("limit", "offset", "show_archived"); r != nil {
		return reply{}, r
	}
	archived, r := s.archivedToo(c)
	if r != nil {
		return reply{}, r
	}
	list := []attributeJSON{}
	for _, a := range o.attrs {
		if archived || !a.archived {
			list = append(list, a.json())
		}
	}
	return pageOf(c.query, list, attributePage, attributePage)
}

// attributePage is the page size of attribute lists. Neither default nor maximum is documented; 48 came in one page.
const attributePage = 500

// getAttribute answers archived ones too.
func (s *Server) getAttribute(c *call) (reply, *refusal) {
	a, r := s.attribute(c)
	if r != nil {
		return reply{}, r
	}
	return data(a.json()), nil
}

func (s *Server) listOptions(c *call) (reply, *refusal)  { return s.choices(c, "select") }
func (s *Server) listStatuses(c *call) (reply, *refusal) { return s.choices(c, "status") }

// choices lists options or statuses, all in one page unless a reading has pages. Asked of an attribute of another type
// it answers an empty list.
func (s *Server) choices(c *call, typ string) (reply, *refusal) {
	a, r := s.attribute(c)
	if r != nil {
		return reply{}, r
	}
	known := []string{"show_archived"}
	page := s.o.Readings.OptionsPage
	if page > 0 {
		known = append(known, "limit", "offset")
	}
	if r := c.onlyQuery(known...); r != nil {
		return reply{}, r
	}
	archived, r := s.archivedToo(c)
	if r != nil {
		return reply{}, r
	}
	list := []any{}
	if a.typ == typ {
		for _, o := range a.listedOptions(archived) {
			list = append(list, o.json())
		}
	}
	switch {
	case page > 0 && s.o.Readings.OptionsCut:
		list = list[:min(page, len(list))]
	case page > 0:
		return pageOf(c.query, list, page, page)
	}
	return data(list), nil
}

func (s *Server) createOption(c *call) (reply, *refusal) { return s.newChoice(c, "select") }
func (s *Server) createStatus(c *call) (reply, *refusal) { return s.newChoice(c, "status") }
func (s *Server) patchOption(c *call) (reply, *refusal)  { return s.editChoice(c, "select") }
func (s *Server) patchStatus(c *call) (reply, *refusal)  { return s.editChoice(c, "status") }

// change is the body of a write to an option or a status.
type change struct {
	title    *string
	archived *bool
	party    *bool
	target   *string
	untarget bool // target_time_in_status: null
}

// duration is the ISO 8601 form that the OpenAPI document asks of target_time_in_status.
var duration = regexp.MustCompile(`^P(?:(\d+Y)?(\d+M)?(\d+W)?(\d+D)?` +
	`(?:T(\d+(?:[.,]\d+)?H)?(\d+(?:[.,]\d+)?M)?(\d+(?:[.,]\d+)?S)?)?)$`)

// change reads the body. What a route does not know is refused: is_archived in a POST, a celebration of an option.
func (c *call) change(typ string) (ch change, r *refusal) {
	obj, r := c.data()
	if r != nil {
		return ch, r
	}
	for _, f := range obj {
		bad := func(expected string) *refusal {
			return badBody(wrongType([]any{"data", f.name}, expected, kindOf(f.value)))
		}
		str, isString := f.value.(string)
		yes, isBool := f.value.(bool)
		switch {
		case f.name == "title" && isString && str != "":
			ch.title = &str
		case f.name == "title" && isString:
			return ch, badBody(invalidItem("String must contain at least 1 character(s)", "data", "title"))
		case f.name == "title":
			return ch, bad("string")
		case f.name == "is_archived" && isBool && c.method == "PATCH":
			ch.archived = &yes
		case f.name == "celebration_enabled" && isBool && typ == "status":
			ch.party = &yes
		case f.name == "target_time_in_status" && typ == "status" && f.value == nil:
			ch.untarget = true
		case f.name == "target_time_in_status" && typ == "status" && isString && duration.MatchString(str):
			ch.target = &str
		default:
			return ch, badBody(invalidItem("Invalid input", "data", f.name))
		}
	}
	if ch.title == nil && c.method == "POST" {
		return ch, badBody(wrongType([]any{"data", "title"}, "string", "undefined"))
	}
	return ch, nil
}

// data unwraps {"data":{…}}.
func (c *call) data() (fields, *refusal) {
	body, ok := c.body.(fields)
	if !ok {
		return nil, badBody(wrongType(nil, "object", kindOf(c.body)))
	}
	v, there := body.get("data")
	obj, ok := v.(fields)
	switch {
	case !there:
		return nil, badBody(wrongType([]any{"data"}, "object", "undefined"))
	case !ok:
		return nil, badBody(wrongType([]any{"data"}, "object", kindOf(v)))
	case len(body) > 1:
		return nil, badBody(invalidItem("Unrecognized key(s) in object"))
	}
	return obj, nil
}

// choiceWords are the two names in "There is already another …".
var choiceWords = map[string]string{"select": "select option", "status": "status"}

// taken refuses a title that another option has; archived ones count too.
func (a *attribute) taken(title string, but *option) *refusal {
	if o := a.findOption(title, false, false); o != nil && o != but {
		return refuse(http.StatusConflict, "slug_conflict", "There is already another %s with the title %q.",
			choiceWords[a.typ], title)
	}
	return nil
}

// apply makes the change; records show it at once.
func (o *option) apply(ch change) {
	if ch.title != nil {
		o.title = *ch.title
	}
	if ch.archived != nil {
		o.archived = *ch.archived
	}
	if ch.party != nil {
		o.party = *ch.party
	}
	if ch.target != nil || ch.untarget {
		o.target = ch.target
	}
	o.changed()
}

// choiceTarget finds the attribute that a write to options or statuses is about, and reads the body.
func (s *Server) choiceTarget(c *call, typ string) (*attribute, change, *refusal) {
	a, r := s.attribute(c)
	if r != nil {
		return nil, change{}, r
	}
	if a.typ != typ {
		return nil, change{}, invalid("This attribute is not a " + typ + " attribute.")
	}
	ch, r := c.change(typ)
	return a, ch, r
}

// newChoice appends an option or a status.
func (s *Server) newChoice(c *call, typ string) (reply, *refusal) {
	a, ch, r := s.choiceTarget(c, typ)
	if r != nil {
		return reply{}, r
	}
	if r := a.taken(*ch.title, nil); r != nil {
		return reply{}, r
	}
	o := a.newOption(s.ids.next(), *ch.title)
	o.apply(ch)
	return data(o.json()), nil
}

// editChoice renames, archives or brings back one that the path names by id or title. There is no way to delete it.
func (s *Server) editChoice(c *call, typ string) (reply, *refusal) {
	a, ch, r := s.choiceTarget(c, typ)
	if r != nil {
		return reply{}, r
	}
	o := a.findOption(c.segs[3], false, true)
	if o == nil {
		words := map[string]string{"select": "select option", "status": "status option"}[typ]
		return reply{}, valueNotFound("Cannot find %s attribute with %s title %q.", typ, words, c.segs[3])
	}
	if ch == (change{}) {
		return reply{}, emptyPayload()
	}
	if ch.title != nil {
		if r := a.taken(*ch.title, o); r != nil {
			return reply{}, r
		}
	}
	o.apply(ch)
	return data(o.json()), nil
}

// emptyPayload is the answer to a PATCH that says nothing.
func emptyPayload() *refusal {
	return invalid("You passed an empty payload. Please ensure you are updating at least one property in your request.")
}
