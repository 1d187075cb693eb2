package importer

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// A run stops by its own decision, resumable, where it is no use to continue: more rows are rejected than it may
// bear, the first rows are all refused for one reason, the answers to many rows in a row are lost, or rows are
// refused because somebody changed the object's attributes meanwhile.

const (
	// lostLimit is how many rows in a row may end as unknown.
	lostLimit = 10
	// sameReasonLimit is how many first refusals for one reason show that the fault is not in the rows.
	sameReasonLimit = 50
	// doubtAfter is after how many refusals for one reason it is asked whether the object's attributes changed.
	doubtAfter = 10
	// reasonsKept bounds the reasons that are told apart: messages may differ in every row.
	reasonsKept = 1000
)

// trouble is what the rows that were sent came to.
type trouble struct {
	accepted bool           // some row was accepted, so the refusals are the rows' own
	lost     int            // rows of unknown outcome since the last that was accepted
	reasons  map[string]int // refusals by Attio, by reason
	doubtful bool           // some are so many that the workspace may have changed
}

// watch returns the *Stop that ends the run where it is no use to continue after this outcome.
func (a *accounts) watch(out *journal.Outcome) error {
	t, m := &a.trouble, a.MaxRejects
	switch {
	case out.Lost:
		if t.lost++; t.lost >= lostLimit {
			return &Stop{Reason: fmt.Sprintf(
				"every answer to %d rows in a row was lost: Attio, or the way to it, is in trouble", t.lost)}
		}
		return nil
	case out.Action != journal.Rejected:
		if holds(out.Action) && out.Action != journal.Unknown && out.Attempts > 0 {
			t.accepted, t.lost = true, 0
		}
		return nil
	}
	if t.doubt(out.Reason) {
		return &Stop{OneReason: true, Reason: fmt.Sprintf(
			"the first %d rows that were sent were all refused for one reason: %s",
			t.reasons[out.Reason], out.Errors[0].Message)}
	}
	rejects, finished := a.counts.Rejected, a.counts.Finished()
	switch {
	case m.Set && m.Share && finished >= 100 && float64(rejects)*100 > m.Percent*float64(finished):
		return &Stop{MaxRejects: true, Reason: fmt.Sprintf("%d of %d rows were rejected, more than the limit of %g%%",
			rejects, finished, m.Percent)}
	case m.Set && !m.Share && rejects > m.Rows:
		return &Stop{MaxRejects: true, Reason: fmt.Sprintf("%s rejected, more than the limit of %d",
			plural(rejects, "row"), m.Rows)}
	}
	return nil
}

// doubt counts a refusal by Attio; "" is another reason. It reports whether all rows so far were refused for this one.
func (t *trouble) doubt(reason string) bool {
	if reason == "" {
		return false
	}
	if t.reasons == nil {
		t.reasons = make(map[string]int)
	}
	if len(t.reasons) < reasonsKept {
		t.reasons[reason]++
	}
	n := t.reasons[reason]
	t.doubtful = t.doubtful || n == doubtAfter || n > 0 && n%(10*doubtAfter) == 0
	return !t.accepted && len(t.reasons) == 1 && n >= sameReasonLimit
}

// compareSchema reads the object's attributes again, and stops the run where they are no longer those that it was bound
// to. Where they cannot be read, the rows' own refusals are what counts.
func (r *run) compareSchema() func() {
	then := r.Plan.Object
	s, err := r.Client.Schema(r.stop, then.Slug)
	return func() {
		if err != nil || s.Object(then.Slug) == nil {
			return
		}
		if what := changedSince(then, s.Object(then.Slug)); what != "" {
			r.fail(&Stop{Reason: "the workspace changed: " + what})
		}
	}
}

// changedSince names an attribute that can no longer be written as it could be; "" where there is none.
func changedSince(then, now *attio.Object) string {
	for i := range now.Attributes {
		a := &now.Attributes[i]
		was := then.Attribute(a.Slug)
		switch {
		case a.Required && !a.Archived && (was == nil || !was.Required):
			return a.Slug + " is required now"
		case was == nil || was.Archived || !was.Writable:
		case a.Archived:
			return a.Slug + " is archived or no longer there"
		case !a.Writable:
			return a.Slug + " can no longer be written"
		}
	}
	for i := range then.Attributes {
		if a := &then.Attributes[i]; !a.Archived && now.Attribute(a.Slug) == nil {
			return a.Slug + " is archived or no longer there"
		}
	}
	return ""
}
