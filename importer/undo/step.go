package undo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// one undoes one step. An error stops the undo; what concerns one record only is its result.
func (u *undo) one(ctx context.Context, s *step) (*journal.Undone, error) {
	out := &journal.Undone{Row: s.row, Record: s.record}
	var err error
	switch {
	case s.planned != nil:
		out.Key = s.planned.Key
		out.Result, out.Message = journal.UndoFailed, s.wanted()+
			" may have been created just before the run ended; run resume first to find out"
	case s.lost:
		out.Result, out.Message = journal.UndoFailed,
			"its write was sent and never answered, so it is not known whether there is a record to delete"
	case s.option != nil:
		out.Result, out.Message, err = u.archive(ctx, s)
	default:
		out.Result, out.Message, err = u.record(ctx, s)
	}
	var api *attio.Error
	switch {
	case err == nil:
		return out, nil
	case errors.As(err, &api) && api.Class == attio.Refused:
		out.Result, out.Message = journal.UndoFailed, api.Refusal()
		return out, nil
	}
	return nil, err
}

// wanted is what a lost step was to make.
func (s *step) wanted() string {
	if s.planned.Attribute != "" {
		return "an option of " + s.planned.Attribute
	}
	return "a record of " + s.planned.Object
}

// restoring are the fields that put a before-image back.
func restoring(o *attio.Object, before *journal.BeforeImage) ([]value.Field, error) {
	var out []value.Field
	for slug, raw := range before.Values {
		a := o.Attribute(slug)
		if a == nil {
			return nil, fmt.Errorf("attribute %s is no longer there", slug)
		}
		f, err := value.FieldOf(a, raw)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// archive hides an option that the run made: Attio cannot delete options.
func (u *undo) archive(ctx context.Context, s *step) (result, message string, err error) {
	o := u.Schema.Object(s.option.Object)
	if o == nil || o.Attribute(s.option.Attribute) == nil {
		return journal.UndoGone, "its attribute is no longer there", nil
	}
	if err := u.announce(s); err != nil {
		return "", "", err
	}
	return journal.UndoArchived, "", u.Client.ArchiveOption(u.Abort, o.Slug, *o.Attribute(s.option.Attribute), s.record)
}

// record deletes a record that the run created, or puts back what it overwrote, if nobody has changed it since.
func (u *undo) record(ctx context.Context, s *step) (result, message string, err error) {
	cur, err := u.Client.Record(ctx, s.object, s.record)
	if isGone(err) {
		if s.begun && s.made {
			return journal.UndoDeleted, "its deletion was sent by an undo that was cut short, and it is gone", nil
		}
		return journal.UndoGone, "the record is no longer there", nil
	}
	if err != nil {
		return "", "", err
	}
	changed := u.changed(s, &cur)
	switch {
	case s.made && changed == "":
		return u.delete(ctx, s)
	case s.made, s.before == nil && changed != "":
		return journal.UndoKept, changed + " was changed after the import", nil
	case s.before == nil:
		return journal.UndoKept, "its earlier values are not in " + journal.BeforeFile, nil
	}
	fields, err := restoring(u.plan.Object, s.before)
	switch {
	case err != nil:
		return journal.UndoKept, err.Error(), nil //nolint:nilerr // a reason of this record's, for the report
	case s.begun && len(u.plan.Change(&mapping.Record{Fields: fields}, &cur).Fields) == 0:
		return journal.UndoRestored, "by an undo that was cut short", nil
	case changed != "":
		return journal.UndoKept, changed + " was changed after the import", nil
	}
	for i := range fields {
		if held := fields[i].HeldArchived(); held != "" {
			return journal.UndoFailed, held + " and cannot be written: bring it back in Attio, then undo again", nil
		}
	}
	_, err = u.Client.ReplaceRecord(u.Abort, s.object, s.record, u.plan.Encode(nil, fields), &attio.WriteOptions{
		Stop: ctx, Sending: func() error { return u.announce(s) },
	})
	if isGone(err) { // since it was read
		return journal.UndoGone, "the record is no longer there", nil
	}
	return journal.UndoRestored, "", err
}

// delete removes a created record that nothing hangs on.
func (u *undo) delete(ctx context.Context, s *step) (result, message string, err error) {
	for _, kind := range []struct {
		name  string
		count func(context.Context, string, string) (int, error)
	}{{"list entries", u.Client.CountEntries}, {"notes", u.Client.CountNotes}, {"tasks", u.Client.CountTasks}} {
		n, err := kind.count(ctx, s.object, s.record)
		if err != nil {
			var api *attio.Error
			if errors.As(err, &api) && api.Status == 403 {
				return journal.UndoKept, fmt.Sprintf("the key may not see whether it has %s", kind.name), nil
			}
			return "", "", err
		}
		if n > 0 {
			return journal.UndoKept, fmt.Sprintf("it has %s: %d", kind.name, n), nil
		}
	}
	_, err = u.Client.DeleteRecord(u.Abort, s.object, s.record, &attio.WriteOptions{
		Stop: ctx, Sending: func() error { return u.announce(s) },
	})
	if isGone(err) && !s.begun { // by somebody else, since it was read: a deletion of ours whose answer was lost is no error
		return journal.UndoGone, "the record is no longer there", nil
	}
	if isGone(err) {
		err = nil
	}
	return journal.UndoDeleted, "", err
}

func isGone(err error) bool {
	var api *attio.Error
	return errors.As(err, &api) && api.Class == attio.Refused && api.Code == attio.CodeNotFound
}

// changed names an attribute whose values are not those that the write answered; "" when all are. Of an updated
// record only the attributes that the update named count. References to records of the same run are no change: Attio
// writes both sides of a relationship.
func (u *undo) changed(s *step, cur *attio.Record) string {
	now, without := journal.Fingerprint(cur), journal.Fingerprint(u.withoutOurs(s.object, cur))
	slugs := make(map[string]bool)
	for slug := range s.answer {
		slugs[slug] = true
	}
	for slug := range now {
		slugs[slug] = true
	}
	var all []string
	for slug := range slugs {
		if s.made || s.before == nil || s.before.Values[slug] != nil {
			all = append(all, slug)
		}
	}
	slices.Sort(all)
	for _, slug := range all {
		if was := s.answer[slug]; now[slug] != was && without[slug] != was {
			return slug
		}
	}
	return ""
}

// withoutOurs is a record less the references to records that the run made.
func (u *undo) withoutOurs(object string, cur *attio.Record) *attio.Record {
	out := &attio.Record{ID: cur.ID, Values: make(map[string]json.RawMessage, len(cur.Values))}
	o := u.Schema.Object(object)
	for slug, raw := range cur.Values {
		out.Values[slug] = raw
		if a := o.Attribute(slug); a == nil || a.Type != attio.TypeRecordReference {
			continue
		}
		var values []json.RawMessage
		if json.Unmarshal(raw, &values) != nil {
			continue
		}
		values = slices.DeleteFunc(values, func(v json.RawMessage) bool {
			var ref struct {
				ID string `json:"target_record_id"`
			}
			return json.Unmarshal(v, &ref) == nil && u.ours[ref.ID]
		})
		out.Values[slug], _ = json.Marshal(values) // raw messages always marshal
	}
	return out
}
