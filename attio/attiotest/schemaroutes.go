package attiotest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// holder finds the object whose attributes a route names: segments are target, identifier, …
func (c *call) holder() *object {
	if c.segs[0] == "lists" {
		return c.list(c.segs[1])
	}
	return c.objectCalled(c.segs[1])
}

// attribute finds the attribute that a route names, archived or not.
func (c *call) attribute() *attribute {
	if a := c.holder().attribute(c.segs[2]); a != nil {
		return a
	}
	panic(notFound("Attribute with slug/ID %q not found.", c.segs[2]))
}

// archivedToo reads the query parameter show_archived.
func (c *call) archivedToo() bool {
	v := c.word("show_archived", "", "true", "false")
	reading := c.s.o.Readings.ShowArchived
	if v != "" && reading == ArchivedRefused {
		panic(badQuery("show_archived"))
	}
	return v == "true" && reading == ArchivedShown
}

// listAttributes answers GET …/attributes, in the order of the user interface, archived ones only when asked for.
func (c *call) listAttributes() reply {
	o := c.holder()
	c.onlyQuery("limit", "offset", "show_archived")
	archived := c.archivedToo()
	list := slices.DeleteFunc(slices.Clone(o.attrs), func(a *attribute) bool { return a.archived && !archived })
	return pageOf(c, mapped(list, (*attribute).json), attributePage, attributePage)
}

// attributePage is the page size of attribute lists. Neither default nor maximum is documented; 48 came in one page.
const attributePage = 500

// choiceType is the type of attribute that a route to its options or statuses wants.
func (c *call) choiceType() string {
	if strings.Contains(c.route.pattern, "/statuses") {
		return "status"
	}
	return "select"
}

// listChoices lists options or statuses, all in one page unless a reading has pages. Asked of an attribute of another
// type it answers an empty list.
func (c *call) listChoices() reply {
	a := c.attribute()
	known := []string{"show_archived"}
	page := c.s.o.Readings.OptionsPage
	if page > 0 {
		known = append(known, "limit", "offset")
	}
	c.onlyQuery(known...)
	archived := c.archivedToo()
	list := []fields{}
	if a.typ == c.choiceType() {
		list = mapped(a.listedOptions(archived), (*option).json)
	}
	switch {
	case page > 0 && c.s.o.Readings.OptionsCut:
		list = list[:min(page, len(list))]
	case page > 0:
		return pageOf(c, list, page, page)
	}
	return data(list)
}

// change is the body of a write to an option or a status.
type change struct {
	title string // "" where it says none
	edits []func(*option)
}

// duration is the ISO 8601 form that the OpenAPI document asks of target_time_in_status.
var duration = regexp.MustCompile(`^P(?:(\d+Y)?(\d+M)?(\d+W)?(\d+D)?` +
	`(?:T(\d+(?:[.,]\d+)?H)?(\d+(?:[.,]\d+)?M)?(\d+(?:[.,]\d+)?S)?)?)$`)

// change reads the body. What a route does not know is refused: is_archived in a POST, a celebration of an option.
func (c *call) change() (ch change) {
	status := c.choiceType() == "status"
	for _, f := range c.data() {
		str, isString := f.value.(string)
		yes, isBool := f.value.(bool)
		edit := func(do func(*option)) { ch.edits = append(ch.edits, do) }
		switch {
		case f.name == "title" && !isString:
			panic(badBody(wrongType("string", kindOf(f.value), "data", "title")))
		case f.name == "title" && str == "":
			panic(badBody(invalidItem("String must contain at least 1 character(s)", "data", "title")))
		case f.name == "title":
			ch.title = str
			edit(func(o *option) { o.title = str })
		case f.name == "is_archived" && isBool && c.route.method == http.MethodPatch:
			edit(func(o *option) { o.archived = yes })
		case f.name == "celebration_enabled" && isBool && status:
			edit(func(o *option) { o.party = yes })
		case f.name == "target_time_in_status" && status && f.value == nil:
			edit(func(o *option) { o.target = nil })
		case f.name == "target_time_in_status" && status && duration.MatchString(str):
			edit(func(o *option) { o.target = &str })
		default:
			panic(badBody(invalidItem("Invalid input", "data", f.name)))
		}
	}
	if ch.title == "" && c.route.method == http.MethodPost {
		panic(badBody(wrongType("string", "undefined", "data", "title")))
	}
	return ch
}

// apply makes the change. A title that another option has is refused; archived ones count too.
func (o *option) apply(ch change) {
	what := map[string]string{"select": "select option", "status": "status"}[o.attr.typ]
	if other := o.attr.findOption(ch.title, false, false); ch.title != "" && other != nil && other != o {
		panic(refuse(http.StatusConflict, "slug_conflict", "There is already another %s with the title %q.", what, ch.title))
	}
	for _, edit := range ch.edits {
		edit(o)
	}
}

// choiceTarget finds the attribute that a write to options or statuses is about, and reads the body.
func (c *call) choiceTarget() (*attribute, change) {
	a := c.attribute()
	if a.typ != c.choiceType() {
		panic(invalid("This attribute is not a " + c.choiceType() + " attribute."))
	}
	return a, c.change()
}

// createChoice appends an option or a status.
func (c *call) createChoice() reply {
	a, ch := c.choiceTarget()
	o := &option{attr: a}
	o.apply(ch)
	o.id = c.s.ids.next()
	a.add(o)
	return data(o.json())
}

// patchChoice renames, archives or brings back one that the path names by id or title. There is no way to delete it.
func (c *call) patchChoice() reply {
	a, ch := c.choiceTarget()
	o := a.findOption(c.segs[3], false, true)
	if o == nil {
		words := map[string]string{"select": "select option", "status": "status option"}[a.typ]
		panic(valueNotFound("Cannot find %s attribute with %s title %q.", a.typ, words, c.segs[3]))
	}
	if ch.edits == nil {
		panic(emptyPayload())
	}
	o.apply(ch)
	o.changed()
	return data(o.json())
}

// emptyPayload is the answer to a PATCH that says nothing.
func emptyPayload() *refusal {
	return invalid("You passed an empty payload. Please ensure you are updating at least one property in your request.")
}
