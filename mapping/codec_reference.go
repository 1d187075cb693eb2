package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// refTarget is what the cells of a reference column may point to.
//
//	reference: people.email_addresses   the cell holds this unique attribute of the target
//	reference: people                   a record id of this object
//	(none)                              a record id, or object:id. Where the attribute allows one object that has a key attribute
//	                                    (KeyAttribute), a cell that is not a record id is that attribute's value; as object:value
//	                                    where it allows several
type refTarget struct {
	object  *attio.Object      // the only one allowed or named; nil where several are
	allowed []*attio.Object    // those of the schema that the attribute allows, at least one
	key     *source            // reads the key; nil where only ids are taken
	ids     bool               // record ids are taken
	keys    map[string]*source // by object slug, where several are allowed
}

// KeyAttribute is the attribute by which records of an object are referred to across workspaces: e-mail addresses of people, domains of
// companies, user_id of users, workspace_id of workspaces, else the only writable unique attribute. nil where there is none.
func KeyAttribute(o *attio.Object) *attio.Attribute {
	standard := map[string]string{"people": "email_addresses", "companies": "domains", "users": "user_id", "workspaces": "workspace_id"}
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

// parseReference reads an id or a key. A key stays a key until somebody has looked it up.
// https://docs.attio.com/docs/attribute-types/attribute-types-record-reference
func parseReference(s *source, kind Kind, text string, v *Value) *refusal {
	t := s.target
	object, key, rest := t.object, t.key, text
	if object == nil {
		slug, after, ok := strings.Cut(text, ":")
		if !ok {
			return &refusal{code: codeReference, message: fmt.Sprintf("%q does not say which object it is a record of", text), accepted: "object:id, such as " + t.allowed[0].Slug + ":…"}
		}
		if object = t.find(slug); object == nil {
			return &refusal{code: codeTargetObject, message: fmt.Sprintf("%s cannot refer to %q", s.attr.Slug, slug), accepted: "one of " + t.slugs(), to: len(slug)}
		}
		rest, key = trim(after), t.keys[object.Slug]
	} else if after, ok := strings.CutPrefix(text, object.Slug+":"); ok && t.ids && isUUID(after) {
		rest = after
	}
	if t.ids && isUUID(rest) {
		id := strings.ToLower(rest)
		v.Text, v.Ref = id, &Ref{Object: object.Slug, ID: id, Column: s.column, Missing: s.missing}
		if key != nil && key.attr.Type == attio.TypeText && (t.object == nil || rest == text) {
			v.Ref.OrAttr, v.Ref.OrKey = key.attr.Slug, rest
		}
		return nil
	}
	if key == nil {
		bad := &refusal{code: codeReference, message: fmt.Sprintf("%q is not a record id", text), accepted: "a record id: 36 characters, as in an export"}
		if a := KeyAttribute(object); a != nil {
			bad.fix = "reference: " + object.Slug + "." + a.Slug
		}
		return bad
	}
	var k Value
	if bad := key.codec.parse(key, kind, rest, &k); bad != nil {
		if sep, ok := strings.CutPrefix(bad.fix, "split: "); ok && !s.attr.Multi { // the key may have several values, the reference has one
			bad.fix = fmt.Sprintf("transform: [split: {at: %s, part: 1}]", sep)
		}
		return bad
	}
	v.Text, v.Ref = k.Text, &Ref{Object: object.Slug, Attr: key.attr.Slug, Key: k.Text, Column: s.column, Missing: s.missing}
	return nil
}

func (t *refTarget) find(slug string) *attio.Object {
	if i := slices.IndexFunc(t.allowed, func(o *attio.Object) bool { return o.Slug == slug || o.ID == slug }); i >= 0 {
		return t.allowed[i]
	}
	return nil
}

func (t *refTarget) slugs() string {
	var all []string
	for _, o := range t.allowed {
		all = append(all, o.Slug)
	}
	return strings.Join(all, ", ")
}

// encodeReference sends the target's id. A reference whose key nobody has looked up would be sent as an empty id, which Attio refuses.
func encodeReference(dst []byte, v *Value) []byte {
	dst = quote(append(dst, `{"target_object":`...), v.Ref.Object)
	return append(quote(append(dst, `,"target_record_id":`...), v.Ref.ID), '}')
}

func decodeReference(_ *attio.Attribute, raw []byte, v *Value) bool {
	r := &Ref{Object: memberText(raw, "target_object"), ID: memberText(raw, "target_record_id"), Column: -1}
	v.Ref, v.Text = r, r.ID
	return r.ID != ""
}

// formatReference writes the id alone where the attribute allows one object, else object:id.
func formatReference(a *attio.Attribute, v *Value) string {
	id := v.Ref.ID
	if id == "" {
		id = v.Ref.Key
	}
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
