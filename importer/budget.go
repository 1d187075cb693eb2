package importer

import (
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
)

// A run stops by its own decision, resumable, where it is no use to go on: more rows are rejected than it may bear, the
// first rows are all refused for one reason, the answers to many rows in a row are lost, or rows are refused because
// somebody changed the object's attributes meanwhile.

// rejectsBudget stops the run when too many rows were rejected, or when the first rows that were sent were all refused
// for one reason.
func (r *run) rejectsBudget(out *Outcome) error {
	if out.Action == Unknown && !out.Lost {
		return nil
	}
	if out.Lost {
		if r.attempts.lost++; r.attempts.lost >= lostLimit {
			return &Stop{Reason: fmt.Sprintf("every answer to %d rows in a row was lost: Attio, or the way to it, is in trouble", r.attempts.lost)}
		}
		return nil
	}
	if out.Action != Rejected {
		if holds(out.Action) && out.Attempts > 0 {
			r.attempts.accepted, r.attempts.lost = true, 0
		}
		return nil
	}
	r.attempts.doubt(out)
	if n := r.attempts.refused(out); n >= sameReasonLimit {
		return &Stop{OneReason: true, Reason: fmt.Sprintf("the first %d rows that were sent were all refused for one reason: %s", n, out.Errors[0].Message)}
	}
	m := r.MaxRejects
	switch {
	case !m.Set:
		return nil
	case m.Share && r.counts.Finished() >= 100 && float64(r.counts.Rejected)*100 > m.Percent*float64(r.counts.Finished()):
		return &Stop{MaxRejects: true, Reason: fmt.Sprintf("%d of %d rows were rejected, more than --max-rejects %g%% allows", r.counts.Rejected, r.counts.Finished(), m.Percent)}
	case !m.Share && r.counts.Rejected > m.Rows:
		return &Stop{MaxRejects: true, Reason: fmt.Sprintf("%s rejected, more than --max-rejects %d allows", plural(r.counts.Rejected, "row"), m.Rows)}
	}
	return nil
}

// lostLimit is how many rows in a row may end as unknown before it is no use to go on.
const lostLimit = 10

// sameReasonLimit is how many first refusals for one reason show that the fault is not in the rows.
const sameReasonLimit = 50

// attemptLog watches the first rows that were sent, and remembers who we are.
type attemptLog struct {
	accepted bool   // some row was accepted, so the refusals are the rows' own
	reason   string // the reason that all refusals so far share
	count    int
	lost     int            // rows of unknown outcome since the last that was accepted
	reasons  map[string]int // refusals by Attio, by reason
	doubtful bool           // some are so many that the workspace may have changed
	actor    string         // type:id of the actor that our key is; "" until a create was acknowledged
}

// refused counts a refusal by Attio; 0 once rows were accepted or the reasons differ.
func (l *attemptLog) refused(out *Outcome) int {
	if l.accepted || out.Reason == "" {
		return 0
	}
	if l.count == 0 {
		l.reason = out.Reason
	}
	if l.reason != out.Reason {
		l.accepted = true
		return 0
	}
	l.count++
	return l.count
}

// doubtAfter is after how many refusals for one reason it is asked whether the object's attributes changed.
const doubtAfter = 10

// doubt counts the refusals for a reason.
func (l *attemptLog) doubt(out *Outcome) {
	if out.Reason == "" {
		return
	}
	if l.reasons == nil {
		l.reasons = make(map[string]int)
	}
	if len(l.reasons) < 1000 { // messages may differ in every row
		l.reasons[out.Reason]++
	}
	n := l.reasons[out.Reason]
	l.doubtful = l.doubtful || n == doubtAfter || n > 0 && n%(10*doubtAfter) == 0
}

// readSchema reads the object's attributes again, beside the rows.
func (r *run) readSchema(g *errgroup.Group) {
	r.attempts.doubtful = false
	r.looking++
	g.Go(func() error {
		now, err := r.Client.Schema(r.stop, r.Plan.Object.Slug)
		if err != nil {
			now = nil // the rows' own refusals are what counts
		}
		r.events <- event{schema: &schemaRead{now}}
		return nil
	})
}

// schemaRead is the schema as it is now; nil where it could not be read.
type schemaRead struct{ now *attio.Schema }

// compareSchema stops the run where the object's attributes are no longer those that it was bound to.
func (r *run) compareSchema(s *schemaRead) {
	if s.now == nil {
		return
	}
	if now := s.now.Object(r.Plan.Object.Slug); now != nil {
		if what := changedSince(r.Plan.Object, now); what != "" {
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
