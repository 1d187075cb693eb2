package importer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// An option has neither a time nor a maker, so that one that is there says nothing of whose it is. Each is therefore
// announced by itself, right before it is made, when it was not there: one that is found after a crash has come
// since. That somebody else made it in that moment cannot be told; it counts as ours, and undo would archive it,
// which can be taken back in Attio.

// makeOptions creates the options, one after the other, and has the plan know them.
func (r *run) makeOptions(options []*wantedOption) error {
	for _, o := range options {
		if err := r.makeOption(o); err != nil {
			return fmt.Errorf("make option %q of %s: %w", o.title, o.attr.Slug, err)
		}
	}
	return nil
}

func (r *run) makeOption(o *wantedOption) error {
	if r.stop.Err() != nil {
		return context.Cause(r.stop)
	}
	hash := optionHash(o.object, o.attr.Slug, o.title)
	if err := r.want(&journal.Planned{Key: hash, Object: o.object, Attribute: o.attr.Slug}); err != nil {
		return err
	}
	made, err := r.Client.CreateOption(r.Abort, o.object, *o.attr, o.title)
	if err != nil {
		if attio.ClassOf(err) != attio.Unknown { // else resume finds out
			err = errors.Join(err, r.rec.journal.Record(&journal.Aborted{Key: hash}))
		}
		return err
	}
	durable.Crash("before-outcome")
	r.Plan = r.Plan.WithOptions(o.attr, made)
	return errors.Join(r.madeOption(o.object, o.attr.Slug, made.ID, hash), r.rec.journal.Sync())
}

// want has the journal say what is about to be made.
func (r *run) want(planned ...*journal.Planned) error {
	durable.Crash("before-intent")
	entries := make([]journal.Entry, len(planned))
	for i, p := range planned {
		p.At = r.Client.Now().UTC()
		entries[i] = p
	}
	err := r.rec.journal.Announce(nil, entries...)
	durable.Crash("after-intent")
	return err
}

// madeOption journals an option as made by the run.
func (r *run) madeOption(object, attribute, id, hash string) error {
	r.also["options"]++
	return r.rec.journal.Record(&journal.Made{Object: object, Attribute: attribute, Option: id, Key: hash})
}

// adoptOptions finds options that an earlier leg made and did not live to say so, and journals them as made by the
// run. A want that is not there was not fulfilled, and is forgotten: should rows still need it, it is made.
func (r *run) adoptOptions() error {
	for hash, e := range r.past.Planned {
		if e.Attribute == "" {
			continue // a target: keepMissing sees to those
		}
		id := r.optionOf(e)
		if id != "" {
			if err := r.madeOption(e.Object, e.Attribute, id, hash); err != nil {
				return err
			}
			continue
		}
		if err := r.rec.journal.Record(&journal.Aborted{Key: hash}); err != nil {
			return err
		}
	}
	return nil
}

// optionOf is the id of the option that a want speaks of; "" where there is none.
func (r *run) optionOf(want *journal.Planned) string {
	o := r.Plan.Schema.Object(want.Object)
	if o == nil {
		return ""
	}
	a := o.Attribute(want.Attribute)
	if a == nil {
		return ""
	}
	for _, option := range a.Options {
		if optionHash(want.Object, want.Attribute, option.Title) == want.Key {
			return option.ID
		}
	}
	return ""
}

// optionHash names an option in the journal without its title, which is a cell of the file. Titles that differ in
// case are one option.
func optionHash(object, attribute, title string) string {
	return hashOf("option", object, attribute, strings.ToLower(title))
}
