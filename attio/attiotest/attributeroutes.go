package attiotest

import (
	"net/http"
	"slices"
	"strings"
)

// createAttribute answers POST …/attributes. Relationships and defaults are not modelled and are refused.
func (c *call) createAttribute() reply {
	o := c.holder()
	a := c.newAttribute(o, c.data())
	if o.attribute(a.slug) != nil { // archived ones keep their slug
		panic(refuse(http.StatusConflict, "slug_conflict",
			"An attribute with the same API slug already exists on this object. Please choose a different API slug."))
	}
	if a.unique && (o.slug == "people" || o.slug == "companies") {
		panic(invalid("Cannot set attribute as unique."))
	}
	o.attrs = append(o.attrs, a)
	o.prepare()
	c.ws.writes++
	return data(a.json())
}

// newAttribute reads the body: eight keys, all required, missing ones listed one by one.
func (c *call) newAttribute(o *object, obj fields) *attribute {
	var items []item
	read := func(key, expected string) any {
		v, _ := obj.get(key)
		if got := obj.typeAt(key); got != expected {
			items = append(items, wrongType(expected, got, "data", key))
		}
		return v
	}
	text := func(key string) string { s, _ := read(key, "string").(string); return s }
	flag := func(key string) bool { yes, _ := read(key, "boolean").(bool); return yes }
	a := &attribute{object: o, id: c.s.ids.next(), writable: true, created: c.ms(), index: index{}}
	a.title = text("title")
	if obj.typeAt("description") != "null" {
		description := text("description")
		a.description = &description
	}
	a.slug, a.typ = text("api_slug"), text("type")
	a.required, a.unique, a.multi = flag("is_required"), flag("is_unique"), flag("is_multiselect")
	config, _ := read("config", "object").(fields)
	switch {
	case len(items) > 0:
		panic(badBody(items...))
	case !slices.Contains(creatable, a.typ):
		panic(badBody(invalidOption("one of the attribute types", a.typ, creatable, "data", "type")))
	case len(obj) != 8:
		panic(badBody(invalidItem("Unrecognized key(s) in object", "data")))
	}
	a.kind = kinds[a.typ]
	c.configure(a, config)
	return a
}

// configure reads the config of a currency or a record-reference: allowed_objects on write, allowed_object_ids on read.
func (c *call) configure(a *attribute, config fields) {
	for _, f := range config {
		inner, _ := f.value.(fields)
		switch {
		case f.name == "currency" && a.typ == "currency":
			code, _ := inner.get("default_currency_code")
			a.currency, _ = code.(string)
			if !slices.Contains(currencies, a.currency) {
				panic(badBody(invalidItem("Invalid enum value", "data", "config", "currency", "default_currency_code")))
			}
		case f.name == "record_reference" && a.typ == "record-reference":
			v, _ := inner.get("allowed_objects")
			list, _ := v.([]any)
			for _, el := range list {
				slug, _ := el.(string)
				a.allowed = append(a.allowed, c.objectCalled(slug))
			}
		default:
			panic(badBody(invalidItem("Unrecognized key(s) in object", "data", "config", f.name)))
		}
	}
}

// currencies are the codes that an attribute may be set to; NTD is Attio's own spelling.
var currencies = strings.Fields(`ARS AUD BRL BGN CAD CLP COP CNY CZK DKK EUR FJD HKD HUF ISK INR IDR ILS JPY KES KRW KWD
	MYR MXN NTD NZD NGN NOK XPF PEN PHP PLN GBP RWF SAR SGD ZAR SEK CHF THB TRY AED UYU USD`)

// patchAttribute answers PATCH …/attributes/{a}, which is also how one is archived: there is no DELETE.
func (c *call) patchAttribute() reply {
	a := c.attribute()
	if a.system {
		panic(refuse(http.StatusBadRequest, "system_edit_unauthorized", "Cannot update a System attribute."))
	}
	obj := c.data()
	if len(obj) == 0 {
		panic(emptyPayload())
	}
	edited := *a
	for _, f := range obj {
		str, isString := f.value.(string)
		yes, isBool := f.value.(bool)
		switch {
		case f.name == "title" && isString:
			edited.title = str
		case f.name == "description" && isString:
			edited.description = &str
		case f.name == "description" && f.value == nil:
			edited.description = nil
		case f.name == "is_required" && isBool:
			edited.required = yes
		case f.name == "is_archived" && isBool:
			edited.archived = yes
		default: // api_slug, is_unique, default_value and config are not modelled
			panic(badBody(invalidItem("Invalid input", "data", f.name)))
		}
	}
	*a = edited
	a.object.prepare()
	c.ws.writes++
	return data(a.json())
}
