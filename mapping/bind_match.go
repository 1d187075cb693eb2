package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// match finds the unique attributes that the plan fills, and the one that identifies records.
func (b *binder) match() {
	p := b.plan
	waiting := false // what identifies records may be decided by an answer
	for i := range p.Object.Attributes {
		a := &p.Object.Attributes[i]
		if !a.Unique {
			continue
		}
		if e := entryOf(p.entries, a); e != nil && e.whole != nil {
			p.Unique = append(p.Unique, a)
		}
		waiting = waiting || b.mayFill(a)
	}
	name, where := b.opts.Match, "--match"
	if name == "" && b.file.Match != "" {
		name, where = b.file.Match, b.place(b.file.Place("match"), "match")
	}
	switch {
	case waiting:
	case name != "":
		if a := b.matchNamed(where, name); a != nil && p.Mode != Create {
			p.Match = a
		}
	case p.Mode == Create:
	case len(p.Unique) == 1:
		p.Match = p.Unique[0]
	case p.id != nil:
	case len(p.Unique) == 0:
		b.problem(b.in.Name, fmt.Sprintf("mode %s needs a column for a unique attribute of %s, or a record_id column%s",
			p.Mode, p.Object.Slug, b.theUnique()))
	default:
		var hint, names []string
		for _, a := range p.Unique {
			hint, names = append(hint, "match: "+a.Slug), append(names, a.Slug)
		}
		b.problem(b.in.Name, strings.Join(names, " and ")+
			" could each identify a record; name one with --match or in the mapping file", hint...)
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
		if entryOf(b.plan.entries, a) != nil || b.failed(a) || b.mayFill(a) {
			continue
		}
		text := fmt.Sprintf("a new record of %s needs %s, and nothing fills it", b.plan.Object.Slug, a.Slug)
		q := b.file.Lacking(b.plan.Object.Slug, a.Slug)
		switch {
		case b.plan.Mode == Create && q != nil:
			b.problems = append(b.problems, q.Problem("not decided: "+q.Text))
		case b.plan.Mode == Create:
			b.problem(b.in.Name, text, b.requiredLines(a)...)
		case b.plan.Mode == Upsert:
			b.plan.Notes = append(b.plan.Notes, text+": rows that are not there yet will be rejected")
		}
	}
}

// requiredLines are the lines that would fill what new records must have: a column, or one value for every row where
// not each record needs its own.
func (b *binder) requiredLines(a *attio.Attribute) []string {
	lines := mapLines("HEADER", a.Slug)
	if len(a.Options) > 0 {
		lines = append(lines, "or: constants: {"+a.Slug+": TITLE}")
	}
	return lines
}

// Needed reports whether a create without the attribute is refused.
func Needed(a *attio.Attribute) bool {
	return a.Required && a.Writable && !a.Archived && !a.DefaultEnabled
}

// failed reports whether a column was meant for the attribute but has a problem of its own.
func (b *binder) failed(a *attio.Attribute) bool {
	return slices.ContainsFunc(b.filled, func(f filling) bool {
		slug, _, _ := strings.Cut(f.attribute, ".")
		return slug == a.Slug
	})
}

// mayFill reports whether an answer that is waited for may fill an attribute, so that its being missing is no problem
// of its own yet.
func (b *binder) mayFill(a *attio.Attribute) bool {
	return slices.ContainsFunc(b.waiting, func(q *mapfile.Question) bool { return q.Fills(a.Slug) })
}

// unknown reports an attribute that the object does not have. key is what the mapping file's line begins with, entry
// the lines before it.
func (b *binder) unknown(where, key, name string, o *attio.Object, entry ...string) {
	var names []string
	titled := ""
	for i := range o.Attributes {
		a := &o.Attributes[i]
		if !a.Archived {
			names = append(names, a.Slug)
		}
		if problem.Plain(a.Title) == problem.Plain(name) {
			titled = a.Slug
		}
	}
	if titled != "" {
		names = []string{titled}
	}
	end, near := problem.Meant(name, names)
	if near == "" && titled != "" {
		end, near = fmt.Sprintf("; the one with this title is %q", titled), titled
	}
	hint := lineFor(key, near)
	if hint != nil {
		hint = append(entry, hint...)
	}
	if where == "--match" { // the text says what to type
		hint = nil
	}
	b.problem(where, fmt.Sprintf("no attribute of %s is called %q%s", o.Slug, name, end), hint...)
}
