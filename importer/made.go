package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// What is made has one life: it is announced, made, looked for where the answer was lost, and journalled as made by the
// run, or as not made. A session adopts what an earlier one made and did not live to say so.

// made is what came of making it.
type made struct {
	option  *attio.Option
	record  *attio.Record
	ours    bool   // made by us, now or by a session that did not live to say so
	reason  string // Attio refused it: the rows that need it are rejected
	aborted bool   // nothing was made: no sending can have been processed
}

// makeAll makes what is needed, atOnce of it at a time.
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

// makeOption creates an option, or brings it back. Of a lost answer resume finds out.
func (m *maker) makeOption(n *need) (made, error) {
	var o attio.Option
	var err error
	if n.archived != "" {
		o, err = m.Client.SetArchived(m.Abort, n.object, *n.attr, n.archived, false)
	} else {
		o, err = m.Client.CreateOption(m.Abort, n.object, *n.attr, n.title)
	}
	if err != nil {
		err = fmt.Errorf("make option %q of %s: %w", n.title, n.attr.Slug, err)
		return made{aborted: attio.ClassOf(err) != attio.Unknown}, err
	}
	for i := range n.attr.Options { // the schema is ours, and no row was read by it yet
		if n.attr.Options[i].ID == o.ID {
			n.attr.Options[i].Archived = false
		}
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
		if o := m.Plan.Schema.Object(p.Object); o != nil && o.Attribute(p.Attribute) != nil {
			n := &need{object: p.Object, attr: o.Attribute(p.Attribute)}
			for _, option := range n.attr.Options {
				n.title, n.archived = option.Title, ""
				created := n.hash()
				n.archived = option.ID
				if (created == hash || n.hash() == hash) && !option.Archived {
					m.count(n)
					e = &journal.Made{Object: p.Object, Attribute: p.Attribute, Option: option.ID, Key: hash}
					break
				}
			}
		}
		if err := m.journal.Record(e); err != nil {
			return err
		}
	}
	return nil
}
