package propose

import (
	"cmp"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// guessObject is the object that the most columns of a file fit, and whether there is a choice at all.
func guessObject(in mapping.Input, profiles []*Profile, s *attio.Schema, pre *preset) (slug string, guessed bool) {
	best, read := 0, 0
	slug = mapping.DefaultObject
	for _, o := range likelyObjects(s) {
		read++
		n := 0
		f := newFinder(in, profiles, s, o, pre)
		filled := map[string]bool{}
		for i, header := range in.Columns {
			p := profiles[i]
			g, ok := f.named(header, p)
			if !ok || filled[g.String()] {
				continue
			}
			filled[g.String()], filled[g.Attr.Slug] = true, true
			if n += 2; g.Attr.Unique {
				n++
			}
		}
		for i := range o.Attributes { // what every record must have, and no column names
			if a := &o.Attributes[i]; mapping.Needed(a) && !filled[a.Slug] {
				n -= 2
			}
		}
		if n > best {
			best, slug = n, o.Slug
		}
	}
	return slug, read > 1
}

// likelyObjects are the objects whose attributes were read, those first that files are most often of.
func likelyObjects(s *attio.Schema) (all []*attio.Object) {
	order := []string{"people", "companies", "deals", "users", "workspaces"}
	for i := range s.Objects {
		if s.Objects[i].Attributes != nil {
			all = append(all, &s.Objects[i])
		}
	}
	place := func(o *attio.Object) int {
		if i := slices.Index(order, o.Slug); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(all, func(a, b *attio.Object) int { return cmp.Compare(place(a), place(b)) })
	return all
}

// named is what a header names for sure, and its cells fit.
func (f *finder) named(header string, p *Profile) (guess, bool) {
	found := f.headers.Find(header)
	if len(found) == 1 && !named(found[0]) && found[0].Attr.Writable {
		g := guess{Path: found[0]}
		return g, p.Filled == 0 || fits(f.schema, g, p)
	}
	return f.alias(problem.Plain(header), p)
}

// Better is the object that more of a file's headers name than the one at hand, with how many of all headers name each;
// "" where none does. It knows no cells.
func Better(headers []string, s *attio.Schema, object string) (slug string, names, here int) {
	in := mapping.Input{Columns: headers}
	blank := NewProfile("")
	count := func(o *attio.Object) (n int) {
		f := newFinder(in, nil, s, o, nil)
		for _, h := range headers {
			if g, ok := f.named(h, blank); ok && g.Attr != nil {
				n++
			}
		}
		return n
	}
	if o := s.Object(object); o != nil {
		here = count(o)
	}
	names = here
	for _, o := range likelyObjects(s) {
		if n := count(o); n > names {
			slug, names = o.Slug, n
		}
	}
	return slug, names, here
}
