package attiotest

import (
	"net/http"
	"slices"
)

// creatable are the 15 types that an attribute can be made of.
var creatable = []string{"text", "number", "checkbox", "currency", "date", "timestamp", "rating", "status", "select",
	"record-reference", "actor-reference", "location", "domain", "email-address", "phone-number"}

// createAttribute answers POST …/attributes. Relationships and defaults are not modelled and are refused.
func (s *Server) createAttribute(c *call) (reply, *refusal) {
	o, r := s.holder(c)
	if r != nil {
		return reply{}, r
	}
	obj, r := c.data()
	if r != nil {
		return reply{}, r
	}
	a, r := s.newAttribute(c, o, obj)
	if r != nil {
		return reply{}, r
	}
	if o.attribute(a.slug) != nil { // archived ones keep their slug
		return reply{}, refuse(http.StatusConflict, "slug_conflict",
			"An attribute with the same API slug already exists on this object. Please choose a different API slug.")
	}
	if a.unique && (o.slug == "people" || o.slug == "companies") {
		return reply{}, invalid("Cannot set attribute as unique.")
	}
	o.attrs = append(o.attrs, a)
	o.prepare()
	s.ws.writes++
	return data(a.json()), nil
}

// newAttribute reads the body: eight keys, all required, missing ones listed one by one.
func (s *Server) newAttribute(c *call, o *object, obj fields) (*attribute, *refusal) {
	a := &attribute{object: o, id: s.ids.next(), writable: true, created: c.ms()}
	var items []item
	text := func(key string, into *string) {
		v, there := obj.get(key)
		var ok bool
		if *into, ok = v.(string); !ok {
			items = append(items, wrongType([]any{"data", key}, "string", undefined(v, there)))
		}
	}
	flag := func(key string, into *bool) {
		v, there := obj.get(key)
		var ok bool
		if *into, ok = v.(bool); !ok {
			items = append(items, wrongType([]any{"data", key}, "boolean", undefined(v, there)))
		}
	}
	text("title", &a.title)
	if v, there := obj.get("description"); !there || v != nil {
		a.description = new(string)
		text("description", a.description)
	}
	text("api_slug", &a.slug)
	text("type", &a.typ)
	flag("is_required", &a.required)
	flag("is_unique", &a.unique)
	flag("is_multiselect", &a.multi)
	v, there := obj.get("config")
	config, ok := v.(fields)
	if !ok {
		items = append(items, wrongType([]any{"data", "config"}, "object", undefined(v, there)))
	}
	if len(items) > 0 {
		return nil, badBody(items...)
	}
	if !slices.Contains(creatable, a.typ) {
		return nil, badBody(item{Code: "invalid_option", Path: []any{"data", "type"}, Options: creatable,
			Message: "Invalid enum value. Expected one of the attribute types, received '" + a.typ + "'"})
	}
	if len(obj) != 8 {
		return nil, badBody(invalidItem("Unrecognized key(s) in object", "data"))
	}
	return a, s.configure(a, config)
}

// undefined is the JSON type in Attio's words, where a key may not be there at all.
func undefined(v any, there bool) string {
	if !there {
		return "undefined"
	}
	return kindOf(v)
}

// configure reads the config of a currency or a record-reference: allowed_objects on write, allowed_object_ids on read.
func (s *Server) configure(a *attribute, config fields) *refusal {
	for _, f := range config {
		inner, _ := f.value.(fields)
		switch {
		case f.name == "currency" && a.typ == "currency":
			code, _ := inner.get("default_currency_code")
			a.currency, _ = code.(string)
			if !slices.Contains(currencies, a.currency) {
				return badBody(invalidItem("Invalid enum value", "data", "config", "currency", "default_currency_code"))
			}
		case f.name == "record_reference" && a.typ == "record-reference":
			v, _ := inner.get("allowed_objects")
			list, _ := v.([]any)
			for _, el := range list {
				slug, _ := el.(string)
				o := s.ws.object(slug)
				if o == nil {
					return notFound("Object with slug/ID %q not found.", slug)
				}
				a.allowed = append(a.allowed, o)
			}
		default:
			return badBody(invalidItem("Unrecognized key(s) in object", "data", "config", f.name))
		}
	}
	return nil
}

// currencies are the codes that an attribute may be set to; NTD is Attio's own spelling.
var currencies = []string{"ARS", "AUD", "BRL", "BGN", "CAD", "CLP", "COP", "CNY", "CZK", "DKK", "EUR", "FJD", "HKD",
	"HUF", "ISK",
	"INR", "IDR", "ILS", "JPY", "KES", "KRW", "KWD", "MYR", "MXN", "NTD", "NZD", "NGN",
	"NOK", "XPF", "PEN", "PHP", "PLN", "GBP",
	"RWF", "SAR", "SGD", "ZAR", "SEK", "CHF", "THB", "TRY", "AED", "UYU", "USD"}

// patchAttribute answers PATCH …/attributes/{a}, which is also how one is archived: there is no DELETE.
func (s *Server) patchAttribute(c *call) (reply, *refusal) {
	a, r := s.attribute(c)
	if r != nil {
		return reply{}, r
	}
	if a.system {
		return reply{}, refuse(http.StatusBadRequest, "system_edit_unauthorized", "Cannot update a System attribute.")
	}
	obj, r := c.data()
	if r != nil {
		return reply{}, r
	}
	if len(obj) == 0 {
		return reply{}, emptyPayload()
	}
	edited := *a
	for _, f := range obj {
		str, isString := f.value.(string)
		yes, isBool := f.value.(bool)
		switch {
		case f.name == "title" && isString:
			edited.title = str
		case f.name == "description" && (isString || f.value == nil):
			edited.description = nil
			if isString {
				edited.description = &str
			}
		case f.name == "is_required" && isBool:
			edited.required = yes
		case f.name == "is_archived" && isBool:
			edited.archived = yes
		default: // api_slug, is_unique, default_value and config are not modelled
			return reply{}, badBody(invalidItem("Invalid input", "data", f.name))
		}
	}
	*a = edited
	a.object.prepare()
	s.ws.writes++
	return data(a.json()), nil
}
