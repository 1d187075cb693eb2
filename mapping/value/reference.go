package value

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
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
