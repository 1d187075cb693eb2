package value

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// Target is what the cells of a reference column may point to.
//
//	reference: people.email_addresses   the cell holds this unique attribute of the target
//	reference: people                   a record id of this object
//	(none)                              a record id, or object:id. Where the attribute allows one object that has a key
//	                                    attribute (KeyAttribute), a cell that is not a record id is that attribute's
//	                                    value; as object:value where it allows several
type Target struct {
	Object  *attio.Object      // the only one allowed or named; nil where several are
	Allowed []*attio.Object    // those of the schema that the attribute allows, at least one
	Key     *Reader            // reads the key; nil where only ids are taken
	IDs     bool               // record ids are taken
	Keys    map[string]*Reader // by object slug, where several are allowed
}

// parseReference reads an id or a key. A key stays a key until somebody has looked it up.
// https://docs.attio.com/docs/attribute-types/attribute-types-record-reference
func parseReference(r *Reader, kind Kind, text string, v *Value) *Refusal {
	t, missing := r.Target, cmp.Or(r.Missing, MissingReject)
	object, key, rest := t.Object, t.Key, text
	if object == nil {
		slug, after, ok := strings.Cut(text, ":")
		if !ok {
			return refuse(CodeReference, "object:id, such as "+t.Allowed[0].Slug+":…",
				"%q does not say which object it is a record of", text)
		}
		if object = t.Find(slug); object == nil {
			return refuse(CodeTargetObject, "one of "+t.Slugs(), "%s cannot refer to %q", r.Attr.Slug, slug).at(0, len(slug))
		}
		rest, key = Trim(after), t.Keys[object.Slug]
	} else if after, ok := strings.CutPrefix(text, object.Slug+":"); ok && t.IDs && IsUUID(after) {
		rest = after
	}
	if t.IDs && IsUUID(rest) {
		id := strings.ToLower(rest)
		v.Text, v.Ref = id, &Ref{Object: object.Slug, ID: id, Column: -1, Missing: missing}
		if key != nil && key.Attr.Type == attio.TypeText && (t.Object == nil || rest == text) {
			v.Ref.OrAttr, v.Ref.OrKey = key.Attr.Slug, rest
		}
		return nil
	}
	if key == nil {
		bad := refuse(CodeReference, "a record id: 36 characters, as in an export", "%q is not a record id", text)
		if a := KeyAttribute(object); a != nil {
			bad.Setting = setKey("reference", object.Slug+"."+a.Slug)
		}
		return bad
	}
	var k Value
	if bad := key.Read(kind, rest, &k); bad != nil {
		if set := bad.Setting; set != nil && set.Key == "split" && !r.Attr.Multi { // the key may have several values
			bad.Setting = transformBy("split", "at", set.Value, "part", "1")
		}
		return bad
	}
	v.Text, v.Ref = k.Text, &Ref{Object: object.Slug, Attr: key.Attr.Slug, Key: k.Text, Column: -1, Missing: missing}
	return nil
}

// Find returns the object of a slug or id, if the reference may point to it; else nil.
func (t *Target) Find(slug string) *attio.Object {
	if i := slices.IndexFunc(t.Allowed, func(o *attio.Object) bool { return o.Slug == slug || o.ID == slug }); i >= 0 {
		return t.Allowed[i]
	}
	return nil
}

// Slugs lists the objects that the reference may point to, for a message.
func (t *Target) Slugs() string {
	var all []string
	for _, o := range t.Allowed {
		all = append(all, o.Slug)
	}
	return strings.Join(all, ", ")
}

// encodeReference sends the target's id. A reference whose key nobody has looked up would be sent as an empty id,
// which Attio refuses.
func encodeReference(dst []byte, v *Value) []byte {
	dst = Quote(append(dst, `{"target_object":`...), v.Ref.Object)
	return append(Quote(append(dst, `,"target_record_id":`...), v.Ref.ID), '}')
}

func decodeReference(_ *attio.Attribute, raw []byte, v *Value) bool {
	r := &Ref{Object: memberText(raw, "target_object"), ID: memberText(raw, "target_record_id"), Column: -1}
	v.Ref, v.Text = r, r.ID
	return r.ID != ""
}

// formatReference writes the id alone where the attribute allows one object, else object:id.
func formatReference(a *attio.Attribute, v *Value) string {
	id := cmp.Or(v.Ref.ID, v.Ref.Key)
	if len(a.AllowedObjects) == 1 {
		return id
	}
	return v.Ref.Object + ":" + id
}

// sameReference compares targets by id, and by key where neither id is known.
func sameReference(x, y *Value) bool {
	if x.Ref.ID != "" || y.Ref.ID != "" {
		return strings.EqualFold(x.Ref.ID, y.Ref.ID)
	}
	return x.Ref.Object == y.Ref.Object && x.Ref.Attr == y.Ref.Attr && x.Ref.Key == y.Ref.Key
}

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
