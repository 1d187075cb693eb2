package attiotest

import (
	"net/http"
	"slices"
	"strings"
)

// shorthands are the attributes by which a bare string names a record of a standard object.
var shorthands = map[string]string{"companies": "domains", "people": "email_addresses", "users": "user_id",
	"workspaces": "workspace_id"}

// readReference reads a reference: by id, by a unique attribute of the target with exactly one value, or as a bare
// string where the attribute allows exactly one standard object. The target must be there: none is made.
func readReference(a *attribute, v any, trusted bool) body {
	if s, ok := v.(string); ok && len(a.allowed) == 1 && shorthands[a.allowed[0].slug] != "" {
		target := a.allowed[0]
		return findTarget(target, target.attribute(shorthands[target.slug]), s, trusted)
	}
	obj, isObject := v.(fields)
	name, there := obj.get("target_object")
	if _, isString := v.(string); isString || isObject && !there {
		panic(invalid("Missing target_object on record reference value"))
	}
	if !isObject {
		panic(a.bad(wrongType("object", kindOf(v))))
	}
	slug := a.text(name, "target_object")
	target := a.object.ws.object(slug)
	switch {
	case target == nil:
		panic(valueNotFound("Object with slug/ID %q not found.", slug))
	case !a.allows(target):
		panic(a.bad(invalidItem("Target object is not allowed for this attribute", "target_object")))
	case len(obj) != 2:
		panic(a.bad(invalidItem("Expected target_object and exactly one other key")))
	}
	key := obj[0]
	if key.name == "target_object" {
		key = obj[1]
	}
	if key.name == "target_record_id" {
		return a.targetByID(target, key.value)
	}
	attr := target.live(key.name)
	if attr == nil {
		panic(valueNotFound("Cannot find attribute with slug/ID %q.", key.name))
	}
	list, ok := key.value.([]any)
	if !ok {
		panic(a.bad(wrongType("array", kindOf(key.value), key.name)))
	}
	if len(list) != 1 {
		panic(a.bad(invalidItem("Matching on anything but one value is not supported", key.name)))
	}
	if _, ok := list[0].(fields); !ok {
		panic(a.bad(wrongType("object", kindOf(list[0]), key.name, 0)))
	}
	return findTarget(target, attr, list[0], trusted)
}

// allows reports whether an attribute may refer to an object; one that names none may refer to all.
func (a *attribute) allows(target *object) bool {
	return a.allowed == nil || slices.Contains(a.allowed, target)
}

// targetByID finds a target by its record id.
func (a *attribute) targetByID(target *object, v any) *record {
	s := a.text(v, "target_record_id")
	id, ok := uuidOf(s)
	if !ok {
		panic(a.bad(invalidItem("Invalid uuid", "target_record_id")))
	}
	rec := target.records[id]
	if rec == nil {
		panic(valueNotFound("Record with ID %q not found.", s))
	}
	return rec
}

// notUnique refuses an attribute that cannot tell one record from the others.
func notUnique() *refusal {
	return refuse(http.StatusBadRequest, "matching_attribute_definition_not_unique",
		"The matching attribute specified is not a unique attribute.")
}

// findTarget finds a target by one of its unique attributes, with the value checked as a write of it would be.
func findTarget(target *object, attr *attribute, v any, trusted bool) *record {
	if attr == nil || !attr.unique || attr.common {
		panic(notUnique())
	}
	found := attr.holders(attr.parse(v, trusted))
	switch len(found) {
	case 0:
		panic(valueNotFound("Could not find a record of object %q by attribute with slug %q.", target.slug, attr.slug))
	case 1:
		return found[0]
	}
	panic(refuse(http.StatusBadRequest, "multiple_match_results",
		"Multiple records of object %q were found by attribute with slug %q.", target.slug, attr.slug))
}

// holders finds the records that hold a value of a unique attribute.
func (a *attribute) holders(b body) []*record {
	found := slices.Clone(a.index.find(a.keyOf(b)))
	return slices.DeleteFunc(found, func(rec *record) bool { return !a.holds(rec.values(a), b) })
}

// readActor reads a workspace member, the only actor that can be written: by e-mail address, exactly as it is stored,
// or by id. Only a seed may name another actor.
func readActor(a *attribute, v any, trusted bool) body {
	const key = "workspace_member_email_address"
	members := a.object.ws.members
	obj, isObject := v.(fields)
	mail, byMail := obj.get(key)
	if !isObject || byMail && len(obj) == 1 {
		if !isObject {
			mail = v
		}
		s := a.text(mail, key)
		i := slices.IndexFunc(members, func(m Member) bool {
			return m.Email == s || a.readings().FoldMembers && strings.EqualFold(m.Email, s)
		})
		if i < 0 {
			panic(valueNotFound("Workspace member with email address %q not found.", s))
		}
		return parts{"workspace-member", members[i].ID}
	}
	p := a.texts(obj, actorKeys, false)
	if p[0] != "workspace-member" {
		if trusted {
			return p
		}
		panic(a.bad(invalidOption("'workspace-member'", p[0], []string{"workspace-member"}, "referenced_actor_type")))
	}
	if _, ok := uuidOf(p[1]); !ok {
		panic(a.bad(invalidItem("Invalid uuid", "referenced_actor_id")))
	}
	if !slices.ContainsFunc(members, func(m Member) bool { return m.ID == p[1] }) {
		panic(valueNotFound("Workspace member with ID %q not found.", p[1]))
	}
	return p
}
