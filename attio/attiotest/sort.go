package attiotest

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
)

// sorting is one of a query's sorts.
type sorting struct {
	attrs []*attribute // the path to what is sorted by; mostly one
	field string
	desc  bool
}

// sorts compiles a query's array of sorts.
func (f *compiler) sorts(v any) (sorts []sorting) {
	list, ok := v.([]any)
	if !ok {
		panic(badBody(wrongType("array", kindOf(v), "sorts")))
	}
	for i, el := range list {
		sorts = append(sorts, f.sorting(asObject(el, "sorts", i), i))
	}
	return sorts
}

// sorting compiles one: an attribute or a path, a direction, and a field where the type has several.
func (f *compiler) sorting(obj fields, i int) (s sorting) {
	at := []string{"sorts", strconv.Itoa(i)}
	direction := ""
	for _, m := range obj {
		str, isString := m.value.(string)
		switch {
		case m.name == "direction" && isString:
			direction = str
		case m.name == "field" && isString:
			s.field = str
		case m.name == "attribute" && isString:
			a := f.object.live(str)
			if a == nil {
				panic(unknownSlug(at, str))
			}
			s.attrs = append(s.attrs, a)
		case m.name == "path":
			s.attrs = append(s.attrs, f.steps(m.value, under(at, "path"))...)
		default:
			panic(badBody(invalidItem("Invalid input", "sorts", i, m.name)))
		}
	}
	_, both := obj.get("attribute")
	if _, path := obj.get("path"); len(s.attrs) == 0 || both && path {
		panic(badBody(invalidItem("Expected one of attribute and path", "sorts", i)))
	}
	if direction != "asc" && direction != "desc" {
		panic(badBody(invalidOption("'asc' | 'desc'", direction, []string{"asc", "desc"}, "sorts", i, "direction")))
	}
	s.desc = direction == "desc"
	a := s.attrs[len(s.attrs)-1]
	readings := a.readings()
	if readings.NoCreatedSorts && a.common && a.slug == "created_at" {
		panic(fail(at))
	}
	if s.field == "" {
		s.field = a.kind.sort
		if s.field == "" && readings.DefaultSortFields && a.typ != "personal-name" {
			s.field = a.kind.main
		}
		if s.field == "" {
			panic(badFilter(at, "missing_sort_field", "A field is required to sort by an attribute of type '"+a.typ+"'"))
		}
	} else if _, ok := a.kind.fields[s.field]; !ok && s.field != a.kind.sort {
		panic(badFilter(at, "invalid_filter_field", "Invalid field '"+s.field+"' for attribute of type '"+a.typ+"'"))
	}
	return s
}

// key is what a record is sorted by: its first value, nil for none.
func (s *sorting) key(rec *record, slots []slot, now int64) (key any) {
	last := s.attrs[len(s.attrs)-1]
	follow(rec, slots, s.attrs, now, func(r *record, slots []slot) {
		if values := r.view(slots, last); key == nil && len(values) > 0 {
			key = last.part(values[0].body, s.field)
		}
	})
	return lowered(key)
}

// arrange puts found records, which come in ascending record_id, into the order of a query.
func (s *Server) arrange(found []*record, sorts []sorting, now int64) {
	if len(sorts) == 0 {
		s.arrangeUnsorted(found)
		return
	}
	salt := uint64(0)
	if s.o.Readings.Ties == TiesUnstable {
		salt = s.ids.number()
	}
	type keyed struct {
		rec  *record
		keys []any
		tie  uint64
	}
	list := make([]keyed, len(found))
	for i, rec := range found {
		slots, _ := rec.seen(now)
		k := keyed{rec: rec, keys: make([]any, len(sorts)), tie: scatter(rec, salt)}
		for j := range sorts {
			k.keys[j] = sorts[j].key(rec, slots, now)
		}
		list[i] = k
	}
	slices.SortFunc(list, func(a, b keyed) int {
		for j := range sorts {
			if c := compareKeys(a.keys[j], b.keys[j]); c != 0 && sorts[j].desc {
				return -c
			} else if c != 0 {
				return c
			}
		}
		if s.o.Readings.Ties == TiesByID {
			return bytes.Compare(a.rec.id[:], b.rec.id[:])
		}
		return cmp.Compare(a.tie, b.tie)
	})
	for i := range list {
		found[i] = list[i].rec
	}
}

// arrangeUnsorted puts records into the order of a query without sorts.
func (s *Server) arrangeUnsorted(found []*record) {
	switch s.o.Readings.Order {
	case ByCreation:
		slices.SortStableFunc(found, func(a, b *record) int { return int(a.created - b.created) })
	case Shuffled, Unordered:
		salt := uint64(1)
		if s.o.Readings.Order == Unordered {
			salt = s.ids.number()
		}
		slices.SortFunc(found, func(a, b *record) int { return cmp.Compare(scatter(a, salt), scatter(b, salt)) })
	}
}

// compareKeys puts what has no value last (first when descending), as PostgreSQL does.
func compareKeys(a, b any) int {
	if a == nil || b == nil {
		return compareAny(a == nil, b == nil)
	}
	return compareAny(a, b)
}

// scatter gives a record a place that follows from its id and yet resembles no order.
func scatter(rec *record, salt uint64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(rec.id[:])
	_, _ = h.Write(strconv.AppendUint(nil, salt, 16))
	return h.Sum64()
}
