package undo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// one undoes one step. An error stops the undo; what concerns one record only is its result.
func (u *undo) one(ctx context.Context, s *step) (*journal.Undone, error) {
	out := &journal.Undone{Row: s.row, Record: s.record, Key: s.planned}
	var err error
	switch {
	case s.lost != "":
		out.Result, out.Message = journal.UndoFailed, s.lost
	case s.option != "":
		out.Result, out.Message, err = u.archive(s)
	default:
		out.Result, out.Message, err = u.record(ctx, s)
	}
	var api *attio.Error
	switch {
	case isGone(err) && s.option == "": // also since it was read
		out.Result, out.Message = journal.UndoGone, "the record is no longer there"
	case errors.As(err, &api) && api.Class == attio.Refused:
		out.Result, out.Message = journal.UndoFailed, api.Refusal()
	case err != nil:
		return nil, err
	}
	return out, nil
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
func (u *undo) archive(s *step) (result, message string, err error) {
	o := u.Schema.Object(s.object)
	if o == nil || o.Attribute(s.option) == nil {
		return journal.UndoGone, "its attribute is no longer there", nil
	}
	if err := u.announce(s); err != nil {
		return "", "", err
	}
	_, err = u.client.SetArchived(u.Abort, o.Slug, *o.Attribute(s.option), s.record, true)
	return journal.UndoArchived, "", err
}

// record deletes a record that the run created, or puts back what it overwrote, if nobody has changed it since.
func (u *undo) record(ctx context.Context, s *step) (result, message string, err error) {
	cur, err := u.client.Record(ctx, s.object, s.record)
	if isGone(err) && s.begun && s.made {
		return journal.UndoDeleted, "its deletion was sent by an undo that was cut short, and it is gone", nil
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
	_, err = u.client.ReplaceRecord(u.Abort, s.object, s.record, u.plan.Encode(nil, fields), u.announced(ctx, s))
	return journal.UndoRestored, "", err
}

// announced has a write announced before it is sent.
func (u *undo) announced(ctx context.Context, s *step) *attio.WriteOptions {
	return &attio.WriteOptions{Stop: ctx, Sending: func() error { return u.announce(s) }}
}

// delete removes a created record that nothing hangs on.
func (u *undo) delete(ctx context.Context, s *step) (result, message string, err error) {
	for _, kind := range []struct {
		name  string
		count func(context.Context, string, string) (int, error)
	}{{"list entries", u.client.CountEntries}, {"notes", u.client.CountNotes}, {"tasks", u.client.CountTasks}} {
		n, err := kind.count(ctx, s.object, s.record)
		if err != nil {
			if errors.Is(err, attio.ErrForbidden) {
				return journal.UndoKept, fmt.Sprintf("the key may not see whether it has %s", kind.name), nil
			}
			return "", "", err
		}
		if n > 0 {
			return journal.UndoKept, fmt.Sprintf("it has %s: %d", kind.name, n), nil
		}
	}
	_, err = u.client.DeleteRecord(u.Abort, s.object, s.record, u.announced(ctx, s))
	if isGone(err) && s.begun { // by the earlier undo, whose answer was lost
		err = nil
	}
	return journal.UndoDeleted, "", err
}

func isGone(err error) bool {
	return attio.ClassOf(err) == attio.Refused && errors.Is(err, attio.ErrNotFound)
}

// changed names an attribute whose values are not those that the write answered; "" when all are. Of an updated
// record only the attributes that the update named count. References to records of the same run are no change: Attio
// writes both sides of a relationship.
func (u *undo) changed(s *step, cur *attio.Record) string {
	now, without := journal.Fingerprint(cur), journal.Fingerprint(u.withoutOurs(s.object, cur))
	all := maps.Clone(now)
	maps.Copy(all, s.answer)
	for _, slug := range slices.Sorted(maps.Keys(all)) {
		if !s.made && s.before != nil && s.before.Values[slug] == nil {
			continue
		}
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
