package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// match finds the unique attributes that the plan fills, and the one that identifies records.
func (b *binder) match() {
	p := b.plan
	for i := range p.Object.Attributes {
		a := &p.Object.Attributes[i]
		if e := b.byAttr[a]; e != nil && a.Unique && e.whole != nil {
			p.Unique = append(p.Unique, a)
		}
	}
	if slices.ContainsFunc(p.Object.Attributes, func(a attio.Attribute) bool { return a.Unique && b.mayFill(&a) }) {
		return // what identifies records is not decided yet
	}
	name, where := b.opts.Match, "--match"
	if name == "" && b.file.Match != "" {
		name, where = b.file.Match, b.place(b.file.Place("match"), "match")
	}
	if name != "" {
		if a := b.matchNamed(where, name); a != nil && p.Mode != Create {
			p.Match = a
		}
		return
	}
	if p.Mode == Create || p.id != nil && len(p.Unique) != 1 {
		return
	}
	switch len(p.Unique) {
	case 1:
		p.Match = p.Unique[0]
	case 0:
		b.problem(b.in.Name, fmt.Sprintf("mode %s needs a column for a unique attribute of %s, or a record_id column%s", p.Mode, p.Object.Slug, b.theUnique()))
	default:
		var hint []string
		var names []string
		for _, a := range p.Unique {
			hint, names = append(hint, "match: "+a.Slug), append(names, a.Slug)
		}
		b.problem(b.in.Name, fmt.Sprintf("%s could each identify a record; name one with --match or in the mapping file", strings.Join(names, " and ")), hint...)
	}
}

// matchNamed checks the attribute that --match or the mapping file names.
func (b *binder) matchNamed(where, name string) *attio.Attribute {
	a := b.plan.Object.Attribute(name)
	switch {
	case name == "record_id":
		b.problem(where, "Attio cannot match by record_id; a record_id column is used without being named here")
	case a == nil:
		b.unknown(where, "match: ", name, b.plan.Object)
	case !a.Unique:
		b.problem(where, fmt.Sprintf("%s is not unique, so it cannot identify a record%s", name, b.theUnique()))
	case !slices.Contains(b.plan.Unique, a):
		b.problem(where, fmt.Sprintf("no column fills %s", name), mapLines("HEADER", a.Slug)...)
	default:
		return a
	}
	return nil
}

// theUnique is the end of a message that names the unique attributes; "" where there are none.
func (b *binder) theUnique() string {
	var names []string
	for i := range b.plan.Object.Attributes {
		if a := &b.plan.Object.Attributes[i]; a.Unique && a.Writable && !a.Archived {
			names = append(names, a.Slug)
		}
	}
	return problem.Listing("; the unique attribute is ", "; the unique attributes are ", names)
}

// required reports what new records must have and no column fills, so that every row would be refused.
func (b *binder) required() {
	for i := range b.plan.Object.Attributes {
		a := &b.plan.Object.Attributes[i]
		if !Needed(a) {
			continue
		}
		b.plan.required = append(b.plan.required, a)
		if b.byAttr[a] != nil || b.failed(a) || b.mayFill(a) {
			continue
		}
		if b.plan.Mode == Create && b.unfilled(a.Slug) {
			continue
		}
		text := fmt.Sprintf("a new record of %s needs %s, and nothing fills it", b.plan.Object.Slug, a.Slug)
		switch b.plan.Mode {
		case Create:
			b.problem(b.in.Name, text, append(mapLines("HEADER", a.Slug), "or: constants: {"+a.Slug+": VALUE}")...)
		case Upsert:
			b.plan.Notes = append(b.plan.Notes, text+": rows that are not there yet will be rejected")
		}
	}
}

// Needed says whether a create without the attribute is refused.
func Needed(a *attio.Attribute) bool {
	return a.Required && a.Writable && !a.Archived && !a.DefaultEnabled
}

// failed says whether a column was meant for the attribute but has a problem of its own.
func (b *binder) failed(a *attio.Attribute) bool {
	for to := range b.filled {
		if slug, _, _ := strings.Cut(to, "."); slug == a.Slug {
			return true
		}
	}
	return false
}

// unknown reports an attribute that the object does not have. key is what the mapping file's line begins with.
func (b *binder) unknown(where, key, name string, o *attio.Object) {
	var names []string
	for i := range o.Attributes {
		if a := &o.Attributes[i]; !a.Archived {
			names = append(names, a.Slug)
		}
	}
	text := fmt.Sprintf("no attribute of %s is called %q", o.Slug, name)
	var hint []string
	for i := range o.Attributes {
		if a := &o.Attributes[i]; problem.Plain(a.Title) == problem.Plain(name) {
			names = []string{a.Slug}
		}
	}
	if near := problem.Nearest(name, names); len(near) > 0 {
		text += problem.TheNearest(near)
		hint = []string{key + near[0]}
	} else if len(names) == 1 {
		text += fmt.Sprintf("; the one with this title is %q", names[0])
		hint = []string{key + names[0]}
	}
	if where == "--match" { // the text says what to type
		hint = nil
	}
	b.problem(where, text, hint...)
}
