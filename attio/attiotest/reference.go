package attiotest

import (
	"net/http"
	"strings"
)

// shorthands are the attributes by which a bare string names a record of a standard object.
var shorthands = map[string]string{"companies": "domains", "people": "email_addresses", "users": "user_id",
	"workspaces": "workspace_id"}

// parseReference reads a reference: by id, by a unique attribute of the target with exactly one value, or as a bare
// string where the attribute allows exactly one standard object. The target must be there: none is made.
func parseReference(a *attribute, rd *reader, v any) (body, *refusal) {
	if s, ok := v.(string); ok {
		if len(a.allowed) != 1 || shorthands[a.allowed[0].slug] == "" {
			return nil, invalid("Missing target_object on record reference value")
		}
		target := a.allowed[0]
		return findTarget(a, rd, target, target.attribute(shorthands[target.slug]), s)
	}
	obj, ok := v.(fields)
	if !ok {
		return nil, badValue(a.slug, wrongType(nil, "object", kindOf(v)))
	}
	name, ok := obj.get("target_object")
	if !ok {
		return nil, invalid("Missing target_object on record reference value")
	}
	slug, r := text(a, name, "target_object")
	if r != nil {
		return nil, r
	}
	target := rd.ws.object(slug)
	if target == nil {
		return nil, valueNotFound("Object with slug/ID %q not found.", slug)
	}
	if !a.allows(target) {
		return nil, badValue(a.slug, invalidItem("Target object is not allowed for this attribute", "target_object"))
	}
	if len(obj) != 2 {
		return nil, badValue(a.slug, invalidItem("Expected target_object and exactly one other key"))
	}
	key := obj[0]
	if key.name == "target_object" {
		key = obj[1]
	}
	if key.name == "target_record_id" {
		return targetByID(a, target, key.value)
	}
	attr := target.live(key.name)
	if attr == nil {
		return nil, valueNotFound("Cannot find attribute with slug/ID %q.", key.name)
	}
	list, ok := key.value.([]any)
	if !ok {
		return nil, badValue(a.slug, wrongType([]any{key.name}, "array", kindOf(key.value)))
	}
	if len(list) != 1 {
		return nil, badValue(a.slug, invalidItem("Matching on anything but one value is not supported", key.name))
	}
	if _, ok := list[0].(fields); !ok {
		return nil, badValue(a.slug, wrongType([]any{key.name, 0}, "object", kindOf(list[0])))
	}
	return findTarget(a, rd, target, attr, list[0])
}

// allows tells whether an attribute may refer to an object; one that names none may refer to all.
func (a *attribute) allows(target *object) bool {
	for _, o := range a.allowed {
		if o == target {
			return true
		}
	}
	return a.allowed == nil
}

// targetByID finds a target by its record id.
func targetByID(a *attribute, target *object, v any) (body, *refusal) {
	s, r := text(a, v, "target_record_id")
	if r != nil {
		return nil, r
	}
	id, ok := uuidOf(s)
	if !ok {
		return nil, badValue(a.slug, invalidItem("Invalid uuid", "target_record_id"))
	}
	rec := target.records[id]
	if rec == nil {
		return nil, valueNotFound("Record with ID %q not found.", s)
	}
	return refBody{rec}, nil
}

// findTarget finds a target by one of its unique attributes, with the value checked as a write of it would be.
func findTarget(a *attribute, rd *reader, target *object, attr *attribute, v any) (body, *refusal) {
	if attr == nil || !attr.unique || attr.builtin() {
		return nil, refuse(http.StatusBadRequest, "matching_attribute_definition_not_unique",
			"The matching attribute specified is not a unique attribute.")
	}
	key, r := attr.parse(rd, v)
	if r != nil {
		return nil, r
	}
	switch found := attr.holders(key); len(found) {
	case 0:
		return nil, valueNotFound("Could not find a record of object %q by attribute with slug %q.", target.slug, attr.slug)
	case 1:
		return refBody{found[0]}, nil
	default:
		return nil, refuse(http.StatusBadRequest, "multiple_match_results",
			"Multiple records of object %q were found by attribute with slug %q.", target.slug, attr.slug)
	}
}

// holders finds the records that hold a value of a unique attribute.
func (a *attribute) holders(b body) []*record {
	var found []*record
	for _, rec := range a.index.find(keyOf(b)) {
		for _, v := range rec.values(a) {
			if same(v.body, b) {
				found = append(found, rec)
				break
			}
		}
	}
	return found
}

// parseActor reads a workspace member, the only actor that can be written: by e-mail address or id.
func parseActor(a *attribute, rd *reader, v any) (body, *refusal) {
	if obj, ok := v.(fields); ok {
		if mail, ok := obj.get("workspace_member_email_address"); ok && len(obj) == 1 {
			return memberByMail(a, rd, mail)
		}
		return memberByID(a, rd, obj)
	}
	return memberByMail(a, rd, v)
}

// memberByMail finds a member by e-mail address, exactly as it is stored.
func memberByMail(a *attribute, rd *reader, v any) (body, *refusal) {
	s, r := text(a, v, "workspace_member_email_address")
	if r != nil {
		return nil, r
	}
	for _, m := range rd.ws.members {
		if m.Email == s || rd.o.Readings.FoldMembers && strings.EqualFold(m.Email, s) {
			return actorBody{"workspace-member", m.ID}, nil
		}
	}
	return nil, valueNotFound("Workspace member with email address %q not found.", s)
}

// memberByID reads the form of an actor. Only a seed may name another actor than a member.
func memberByID(a *attribute, rd *reader, obj fields) (body, *refusal) {
	parts, items := stringParts(obj, []string{"referenced_actor_type", "referenced_actor_id"}, false)
	if len(items) > 0 {
		return nil, badValue(a.slug, items...)
	}
	if r := onlyKeys(a, rd, obj, "referenced_actor_type", "referenced_actor_id"); r != nil {
		return nil, r
	}
	typ, id := *parts[0], *parts[1]
	if rd.trusted && typ != "workspace-member" {
		return actorBody{typ, id}, nil
	}
	if typ != "workspace-member" {
		return nil, badValue(a.slug, item{Code: "invalid_option", Path: []any{"referenced_actor_type"},
			Message: "Invalid enum value. Expected 'workspace-member', received '" + typ +
				"'", Options: []string{"workspace-member"}})
	}
	if _, ok := uuidOf(id); !ok {
		return nil, badValue(a.slug, invalidItem("Invalid uuid", "referenced_actor_id"))
	}
	for _, m := range rd.ws.members {
		if m.ID == id {
			return actorBody{typ, id}, nil
		}
	}
	return nil, valueNotFound("Workspace member with ID %q not found.", id)
}
