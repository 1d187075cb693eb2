package value

import (
	"cmp"
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// KeysOf appends the values of a unique attribute that an existing record has, in the form of Key.Norm.
func KeysOf(dst []string, a *attio.Attribute, r *attio.Record) []string {
	if a.Slug == "record_id" {
		return append(dst, r.ID)
	}
	for raw := range rawjson.Elements(r.Values[a.Slug]) {
		var v Value
		if DecodeOne(a, raw, &v); v.Raw == "" {
			dst = append(dst, UnixLines(v.Text))
		}
	}
	return dst
}

// filterFields are the fields by which values of a type are found, where that is not "value":
// https://docs.attio.com/rest-api/guides/filtering-and-sorting.
var filterFields = map[attio.Type]string{
	attio.TypeCurrency: "currency_value", attio.TypeDomain: "domain", attio.TypeEmailAddress: "email_address",
	attio.TypePhoneNumber: "phone_number"}

// KeyFilter is the query filter that finds the records holding any of these keys of one attribute ($in where Attio
// knows it for the type, else $or). It may find more: texts are compared by Attio without regard to case, so compare
// again with KeysOf. Without keys it is nil, which as a filter would find everything: ask nothing then.
func KeyFilter(a *attio.Attribute, norms []string) json.RawMessage {
	if len(norms) == 0 {
		return nil
	}
	if a.Type == attio.TypeText {
		return marshal(map[string]any{a.Slug: map[string]any{"$in": norms}})
	}
	conditions := make([]any, len(norms))
	for i, norm := range norms {
		var is any = norm
		if Bare(a.Type) {
			is = json.RawMessage(norm)
		}
		field := cmp.Or(filterFields[a.Type], "value")
		conditions[i] = map[string]any{a.Slug: map[string]any{field: map[string]any{"$eq": is}}}
	}
	if len(norms) == 1 {
		return marshal(conditions[0])
	}
	return marshal(map[string]any{"$or": conditions})
}

func marshal(filter any) json.RawMessage {
	text, _ := json.Marshal(filter) // texts and decimals always marshal
	return text
}

// KeyAttribute is the attribute by which records of an object are referred to across workspaces: e-mail addresses of
// people, domains of companies, user_id of users, workspace_id of workspaces, else the only writable unique
// attribute. nil where there is none.
func KeyAttribute(o *attio.Object) *attio.Attribute {
	standard := map[string]string{"people": "email_addresses", "companies": "domains", "users": "user_id",
		"workspaces": "workspace_id"}
	if a := o.Attribute(standard[o.Slug]); a != nil && a.Unique && !a.Archived {
		return a
	}
	var only *attio.Attribute
	for i := range o.Attributes {
		if a := &o.Attributes[i]; a.Unique && a.Writable && !a.Archived {
			if only != nil {
				return nil
			}
			only = a
		}
	}
	return only
}
