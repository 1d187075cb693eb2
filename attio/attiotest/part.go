package attiotest

// The parts of values that filters and sorts may name, and the write forms that dumps use.

func only(name, want string, v any) (any, bool) {
	if name == want {
		return v, true
	}
	return nil, false
}

// part picks a named string; "" as the want of a pair is never asked for.
func part(name string, pairs ...string) (any, bool) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1], true
		}
	}
	return nil, false
}

func (v textBody) field(n string) (any, bool)   { return only(n, "value", string(v)) }
func (v numberBody) field(n string) (any, bool) { return only(n, "value", float64(v)) }
func (v boolBody) field(n string) (any, bool)   { return only(n, "value", bool(v)) }
func (v moneyBody) field(n string) (any, bool)  { return only(n, "currency_value", float64(v)) }
func (v optionBody) field(n string) (any, bool) {
	return part(n, "option", v.id.String(), "status", v.id.String(), "title", v.title)
}
func (v refBody) field(n string) (any, bool) {
	return part(n, "target_object", v.object.slug, "target_record_id", v.id.String())
}
func (v actorBody) field(n string) (any, bool) {
	return part(n, "referenced_actor_type", v.typ, "referenced_actor_id", v.id)
}
func (v domainBody) field(n string) (any, bool) {
	return part(n, "domain", v.domain, "root_domain", v.root)
}
func (v emailBody) field(n string) (any, bool) {
	return part(n, "email_address", v.address, "email_domain", v.domain, "email_root_domain", v.root,
		"email_local_specifier", v.local)
}
func (v phoneBody) field(n string) (any, bool) {
	return part(n, "phone_number", v.e164, "country_code", v.country)
}
func (v nameBody) field(n string) (any, bool) {
	return part(n, "first_name", v.first, "last_name", v.last, "full_name", v.full)
}
func (v *placeBody) field(n string) (any, bool) {
	for i, name := range placeKeys {
		if name == n {
			if v[i] == nil {
				return nil, true
			}
			return *v[i], true
		}
	}
	return nil, false
}
func (v interactionBody) field(n string) (any, bool) {
	return part(n, "interaction_type", v.typ, "interacted_at", v.at, "owner_member_id", v.ownerID)
}

func (v textBody) write() any   { return string(v) }
func (v numberBody) write() any { return float64(v) }
func (v boolBody) write() any   { return bool(v) }
func (v moneyBody) write() any  { return float64(v) }
func (v optionBody) write() any { return v.title }
func (v domainBody) write() any { return v.domain }
func (v emailBody) write() any  { return v.original }
func (v phoneBody) write() any {
	return map[string]any{"original_phone_number": v.original, "country_code": v.country}
}
func (v refBody) write() any {
	return map[string]any{"target_object": v.object.slug, "target_record_id": v.id.String()}
}
func (v actorBody) write() any {
	return map[string]any{"referenced_actor_type": v.typ, "referenced_actor_id": v.id}
}
func (v nameBody) write() any {
	return map[string]any{"first_name": v.first, "last_name": v.last, "full_name": v.full}
}
func (v *placeBody) write() any {
	m := map[string]any{}
	for i, name := range placeKeys {
		m[name] = v[i]
	}
	return m
}
func (v interactionBody) write() any {
	return map[string]any{"interaction_type": v.typ, "interacted_at": v.at,
		"owner_actor": map[string]any{"type": v.ownerType, "id": v.ownerID}}
}
