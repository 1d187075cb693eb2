package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// maker makes what rows need and Attio does not have. Where a mapping says missing: create, the whole file is read once
// before the first row is sent: what is missing is listed with its counts, and made once, however many rows need it:
// options first, then targets, companies before people before the rest. Each is announced in the journal before it is
// made, so that undo knows it even after a crash.
//
// An option has neither a time nor a maker, so that one that is there says nothing of whose it is. Each is therefore
// announced by itself, right before it is made, when it was not there: one that is found after a crash has come
// since. That somebody else made it in that moment cannot be told; it counts as ours, and undo would archive it,
// which can be reverted in Attio.
type maker struct {
	*session
	resolver *resolver
	made     map[string]int // see accounts
}

// targetsAtOnce is how many targets are made side by side: about what a second allows.
const targetsAtOnce = 32

// need is what rows need and may have to be made: an option of an attribute, or the target of a reference.
type need struct {
	object, title string
	attr          *attio.Attribute // nil of a target
	ref           value.Ref        // of a target: that of the first row that needs it
	rows          int
}

// need's key: titles that differ in case alone are one option.
func (n *need) key() [4]string {
	if n.attr != nil {
		return [4]string{"option", n.object, n.attr.Slug, strings.ToLower(n.title)}
	}
	return [4]string{n.ref.Object, n.ref.Attr, n.ref.Key}
}

// hash names what is needed in the journal without the title or key, which are cells of the file.
func (n *need) hash() string {
	key := n.key()
	parts := key[:]
	if n.attr == nil {
		parts = key[:3]
	}
	return sha256Hex([]byte(strings.Join(parts, "\x00")))[:32]
}

func sha256Hex(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// made is what came of making it.
type made struct {
	option  *attio.Option
	record  *attio.Record
	ours    bool   // made by us, now or by a session that did not live to say so
	reason  string // Attio refused it: the rows that need it are rejected
	aborted bool   // nothing was made: no sending can have been processed
}

// prepare makes what is missing. In a dry run it only says and counts what would be made.
func (m *maker) prepare() error {
	if !m.Plan.Creates() {
		return nil
	}
	if err := m.adoptOptions(); err != nil {
		return err
	}
	options, targets, err := m.scan()
	if err == nil {
		targets, err = m.missing(targets)
	}
	if err != nil {
		return err
	}
	m.say(options, targets)
	if m.DryRun {
		for _, n := range slices.Concat(options, targets) {
			m.count(n)
		}
		return nil
	}
	if err := m.makeAll(options, 1); err != nil {
		return err
	}
	return m.makeAll(targets, targetsAtOnce)
}

func (m *maker) count(n *need) {
	if n.attr != nil {
		m.made["options"]++
	} else {
		m.made[n.object]++
	}
}

// scan reads the file for what may have to be made.
func (m *maker) scan() (options, targets []*need, err error) {
	seen := make(map[[4]string]*need)
	note := func(list *[]*need, n need) {
		had := seen[n.key()]
		if had == nil {
			had = &n
			had.ref.Fill = slices.Clone(n.ref.Fill) // the row's storage is used again for the next row
			for i, f := range had.ref.Fill {
				had.ref.Fill[i].Values = slices.Clone(f.Values)
			}
			seen[n.key()] = had
			*list = append(*list, had)
		}
		had.rows++
	}
	noteOptions := func(object string, fields []value.Field) {
		for _, f := range fields {
			for _, v := range f.Values {
				if v.Missing {
					note(&options, need{object: object, attr: f.Attr, title: v.Text})
				}
			}
		}
	}
	it := &item{}
	for row, err := range m.Input.Rows(m.stop) {
		if err != nil {
			return nil, nil, err
		}
		if m.Limit > 0 && row.Number > m.Limit {
			break
		}
		if row.Bad != nil || m.past.Action(row.Number) != "" || len(m.Plan.Values(row, &it.rec)) > 0 {
			continue
		}
		noteOptions(m.Plan.Object.Slug, it.rec.Fields)
		for ref := range it.refs() {
			if ref.Missing == value.MissingCreate && ref.Attr != "" {
				note(&targets, need{object: ref.Object, ref: *ref})
			}
			noteOptions(ref.Object, ref.Fill)
		}
	}
	return options, targets, context.Cause(m.stop)
}

// missing looks targets up, and returns those that are not there, in the order in which they have to be made.
func (m *maker) missing(targets []*need) (missing []*need, err error) {
	for batch := range slices.Chunk(targets, lookupBatch) {
		items := make([]*item, len(batch))
		for i, n := range batch {
			items[i] = &item{rec: mapping.Record{Fields: []value.Field{{Values: []value.Value{{Ref: &n.ref}}}}}}
		}
		job := &lookup{asks: m.resolver.targetAsks(items)}
		if err := m.resolver.lookUp(job); err != nil {
			return nil, err
		}
		m.resolver.learn(job.asks)
		for i, n := range batch {
			m.resolver.fill(items[i])
			if id := items[i].targets[0].id; id == "" {
				missing = append(missing, n)
			} else if err := m.adoptTarget(n, id); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(missing, func(a, b *need) int { return cmp.Compare(madeOrder(a.object), madeOrder(b.object)) })
	return missing, nil
}

// madeOrder puts what is referred to before what refers to it.
func madeOrder(object string) int {
	if i := slices.Index([]string{"companies", "people", "workspaces", "users", "deals"}, object); i >= 0 {
		return i
	}
	return len(object) + 100 // custom objects last, in any order that stays
}

// say lists what will be made, once, with counts and the nearest titles there are.
func (m *maker) say(options, targets []*need) {
	verb := "making"
	if m.DryRun {
		verb = "would make"
	}
	for _, n := range options {
		line := fmt.Sprintf("%s option %q of %s for %s", verb, n.title, n.attr.Slug, plural(n.rows, "row"))
		if near := mapping.NearestOptions(n.attr, n.title); len(near) > 0 {
			line += "; the nearest there are: " + strings.Join(near, ", ")
		}
		m.Notice(line)
	}
	for len(targets) > 0 {
		object := targets[0].object
		other := slices.DeleteFunc(slices.Clone(targets), func(n *need) bool { return n.object == object })
		m.Notice(fmt.Sprintf("%s %s of %s that rows refer to", verb, plural(len(targets)-len(other), "record"), object))
		targets = other
	}
}

// makeAll makes what is needed, so many at once.
func (m *maker) makeAll(needs []*need, atOnce int) error {
	for batch := range slices.Chunk(needs, atOnce) {
		if m.stop.Err() != nil {
			return context.Cause(m.stop)
		}
		planned := make([]journal.Entry, len(batch))
		for i, n := range batch {
			p := &journal.Planned{Key: n.hash(), Object: n.object, At: m.Client.Now().UTC()}
			if n.attr != nil {
				p.Attribute = n.attr.Slug
			}
			planned[i] = p
		}
		durable.Crash("before-intent")
		err := m.journal.Announce(nil, planned...)
		durable.Crash("after-intent")
		if err != nil {
			return err
		}
		all := make([]made, len(batch))
		var g errgroup.Group
		for i, n := range batch {
			g.Go(func() (err error) {
				if n.attr != nil {
					all[i], err = m.makeOption(n)
				} else {
					all[i], err = m.makeTarget(n)
				}
				return err
			})
		}
		failed := g.Wait()
		durable.Crash("before-outcome")
		for i, n := range batch {
			if err := m.take(n, all[i]); err != nil {
				return err
			}
		}
		if err := cmp.Or(failed, m.journal.Sync()); err != nil {
			return err
		}
	}
	return nil
}

// take notes what came of making something: the rows find it, or their reason, from now on.
func (m *maker) take(n *need, d made) error {
	switch {
	case d.reason != "":
		m.resolver.failed[keyOf(&n.ref)] = d.reason
	case d.option != nil:
		m.Plan = m.Plan.WithOptions(n.attr, *d.option)
		m.count(n)
		return m.journal.Record(&journal.Made{
			Object: n.object, Attribute: n.attr.Slug, Option: d.option.ID, Key: n.hash(),
		})
	case d.record != nil:
		m.resolver.ids[keyOf(&n.ref)] = d.record.ID
		if d.ours {
			m.count(n)
			return m.journal.Record(&journal.Made{
				Object: n.object, Record: d.record.ID, Key: n.hash(), Answer: journal.Fingerprint(d.record),
			})
		}
	case !d.aborted:
		return nil // it may have been made: resume looks
	}
	return m.journal.Record(&journal.Aborted{Key: n.hash()})
}

// makeOption creates an option. Of a lost answer resume finds out.
func (m *maker) makeOption(n *need) (made, error) {
	o, err := m.Client.CreateOption(m.Abort, n.object, *n.attr, n.title)
	if err != nil {
		err = fmt.Errorf("make option %q of %s: %w", n.title, n.attr.Slug, err)
		return made{aborted: attio.ClassOf(err) != attio.Unknown}, err
	}
	return made{option: &o}, nil
}

// makeTarget creates one target. A lost answer is looked up by the key, and sent again where nothing is found.
func (m *maker) makeTarget(n *need) (made, error) {
	values := m.Plan.Encode(nil, m.Plan.TargetFields(&n.ref))
	began, sent := m.Client.Now(), false // whether a sending may have been done whose answer nobody saw
	if p := m.past.Planned[n.hash()]; p != nil {
		began, sent = p.At, true
	}
	key := mapping.Key{Attr: keyOf(&n.ref).attribute(m.Plan.Schema), Norm: n.ref.Key}
	var last error
	for range maxSends {
		written, err := m.Client.CreateRecord(m.Abort, n.object, values, &attio.WriteOptions{Stop: m.stop})
		var api *attio.Error
		switch class := attio.ClassOf(err); {
		case err == nil:
			return made{record: &written.Record, ours: true}, nil
		case isTaken(err) || class == attio.Unknown:
			sent = sent || class == attio.Unknown
			found, ferr := await(m.Abort, func() (*attio.Record, error) {
				records, err := m.resolver.finder.find(m.Abort, n.object, []mapping.Key{key}, true)
				for i := range records {
					if holdsKey(&records[i], key) {
						return &records[i], nil
					}
				}
				return nil, cmp.Or(err, errNotSeen)
			})
			if ferr == nil {
				return made{record: found, ours: sent && madeBy(found, "", began)}, nil
			}
			if !errors.Is(ferr, errNotSeen) {
				return made{}, ferr
			}
			last = err
		case class == attio.Refused && errors.As(err, &api):
			return made{reason: api.Refusal()}, nil
		default:
			return made{aborted: !sent}, err
		}
	}
	return made{}, fmt.Errorf("make a record of %s: %w", n.object, last)
}

// adoptTarget journals a target as made by the run that an earlier session made and did not live to say so.
func (m *maker) adoptTarget(n *need, id string) error {
	p := m.past.Planned[n.hash()]
	if p == nil {
		return nil
	}
	rec, err := m.Client.Record(m.stop, n.object, id)
	if err != nil {
		return err
	}
	return m.take(n, made{record: &rec, ours: madeBy(&rec, m.past.Actor, p.At)})
}

// adoptOptions does the same for options. What was planned and is not there was not made, and is forgotten: should rows
// still need it, it is made.
func (m *maker) adoptOptions() error {
	for hash, p := range m.past.Planned {
		if p.Attribute == "" {
			continue // a target
		}
		var e journal.Entry = &journal.Aborted{Key: hash}
		if id := m.optionOf(p); id != "" {
			m.made["options"]++
			e = &journal.Made{Object: p.Object, Attribute: p.Attribute, Option: id, Key: hash}
		}
		if err := m.journal.Record(e); err != nil {
			return err
		}
	}
	return nil
}

// optionOf is the id of the option that was planned; "" where there is none.
func (m *maker) optionOf(p *journal.Planned) string {
	if o := m.Plan.Schema.Object(p.Object); o != nil && o.Attribute(p.Attribute) != nil {
		a := o.Attribute(p.Attribute)
		for _, option := range a.Options {
			if n := (&need{object: p.Object, attr: a, title: option.Title}); n.hash() == p.Key {
				return option.ID
			}
		}
	}
	return ""
}
