package importer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Where a mapping says missing: create, the whole file is read once before the first row is sent: what it needs and
// Attio does not have is listed with its counts, and made once, however many rows want it: options first, then
// targets, companies before people before the rest. Each is announced in the journal before it is made, so that undo
// knows it even after a crash.

// wants is what the rows of a file need and may have to be made.
type wants struct {
	options []*wantedOption
	targets []*wantedTarget
}

type wantedOption struct {
	object string
	attr   *attio.Attribute
	title  string
	rows   int
}

type wantedTarget struct {
	ref  value.Ref // of the first row that wants it
	rows int
}

// prepare makes what is missing. In a dry run it only says and counts what would be made.
func (r *run) prepare() error {
	if !r.Plan.Creates() {
		return nil
	}
	if err := r.adoptOptions(); err != nil {
		return err
	}
	w, err := r.scan()
	if err != nil {
		return err
	}
	if err := r.keepMissing(w); err != nil {
		return err
	}
	r.announceWants(w)
	if r.DryRun {
		if n := len(w.options); n > 0 {
			r.also["options"] = n
		}
		for _, t := range w.targets {
			r.also[t.ref.Object]++
		}
		return nil
	}
	if err := r.makeOptions(w.options); err != nil {
		return err
	}
	return r.makeTargets(w.targets)
}

// scan reads the file for what may have to be made.
func (r *run) scan() (*wants, error) {
	options := make(map[[3]string]*wantedOption)
	seen := make(map[targetKey]*wantedTarget)
	w := &wants{}
	it := &item{}
	for row, err := range r.Input.Rows(r.stop) {
		if err != nil {
			return nil, err
		}
		if r.Limit > 0 && row.Number > r.Limit {
			break
		}
		if row.Bad != nil || r.past.Action(row.Number) != "" || len(r.Plan.Values(row, &it.rec)) > 0 {
			continue
		}
		w.option(options, r.Plan.Object.Slug, it.rec.Fields)
		it.each(func(_ *value.Field, ref *value.Ref) {
			w.target(seen, ref)
			w.option(options, ref.Object, ref.Fill)
		})
	}
	return w, context.Cause(r.stop)
}

// option notes the options that these fields of an object lack.
func (w *wants) option(seen map[[3]string]*wantedOption, object string, fields []value.Field) {
	for _, f := range fields {
		for _, v := range f.Values {
			if !v.Missing {
				continue
			}
			k := [3]string{object, f.Attr.Slug, strings.ToLower(v.Text)} // titles that differ in case are one option
			o := seen[k]
			if o == nil {
				o = &wantedOption{object: object, attr: f.Attr, title: v.Text}
				seen[k] = o
				w.options = append(w.options, o)
			}
			o.rows++
		}
	}
}

func (w *wants) target(seen map[targetKey]*wantedTarget, ref *value.Ref) {
	if ref.Missing != value.MissingCreate || ref.Attr == "" {
		return
	}
	t := seen[keyOf(ref)]
	if t == nil {
		t = &wantedTarget{ref: *ref}
		t.ref.Fill = cloneFields(ref.Fill) // the record's storage is used again for the next row
		seen[keyOf(ref)] = t
		w.targets = append(w.targets, t)
	}
	t.rows++
}

func cloneFields(fields []value.Field) []value.Field {
	out := slices.Clone(fields)
	for i := range out {
		out[i].Values = slices.Clone(out[i].Values)
	}
	return out
}

// keepMissing looks the targets up, and leaves those that are not there, in the order in which they have to be made.
func (r *run) keepMissing(w *wants) error {
	missing := w.targets[:0]
	for batch := range slices.Chunk(w.targets, lookupBatch) {
		ids, err := r.learnTargets(batch)
		if err != nil {
			return err
		}
		for i, t := range batch {
			if ids[i] == "" {
				missing = append(missing, t)
			} else if err := r.adopt(t, ids[i]); err != nil {
				return err
			}
		}
	}
	w.targets = missing
	slices.SortStableFunc(w.targets, func(a, b *wantedTarget) int {
		return cmp.Compare(madeOrder(a.ref.Object), madeOrder(b.ref.Object))
	})
	return nil
}

// learnTargets asks for some targets. It returns their ids, "" for those that are not there.
func (r *run) learnTargets(batch []*wantedTarget) ([]string, error) {
	items := make([]*item, len(batch))
	for i, t := range batch {
		ref := t.ref
		items[i] = &item{rec: mapping.Record{Fields: []value.Field{{Values: []value.Value{{Ref: &ref}}}}}}
	}
	done := r.lookup(&lookupJob{targets: r.refs.queries(items, r.Plan.Schema)})
	if done.err != nil {
		return nil, done.err
	}
	r.refs.learn(done.found)
	ids := make([]string, len(batch))
	for i, it := range items {
		r.refs.fill(it)
		ids[i] = it.targets[0].id
	}
	return ids, nil
}

// madeOrder puts what is referred to before what refers to it.
func madeOrder(object string) int {
	if i := slices.Index([]string{"companies", "people", "workspaces", "users", "deals"}, object); i >= 0 {
		return i
	}
	return len(object) + 100 // custom objects last, in any order that stays
}

// announceWants lists what will be made, once, with counts and the nearest titles there are.
func (r *run) announceWants(w *wants) {
	verb := "making"
	if r.DryRun {
		verb = "would make"
	}
	for _, o := range w.options {
		line := fmt.Sprintf("%s option %q of %s for %s", verb, o.title, o.attr.Slug, plural(o.rows, "row"))
		if near := mapping.NearestOptions(o.attr, o.title); len(near) > 0 {
			line += "; the nearest there are: " + strings.Join(near, ", ")
		}
		r.Notice(line)
	}
	objects := make(map[string]int)
	var order []string
	for _, t := range w.targets {
		if objects[t.ref.Object] == 0 {
			order = append(order, t.ref.Object)
		}
		objects[t.ref.Object]++
	}
	for _, o := range order {
		r.Notice(fmt.Sprintf("%s %s of %s that rows refer to", verb, plural(objects[o], "record"), o))
	}
}
