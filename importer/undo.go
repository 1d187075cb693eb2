package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Undo takes a run back as far as nobody has built on it: records that it created and that are still as the write answered them are
// deleted, values that it overwrote are put back where they are still what it wrote. All else is kept, with its reason. It
// works from the end of the run to its beginning, so that what refers goes before what is referred to. It is journalled as the import is: what it
// is about to take back is on disk before the request goes, what came of it after that, and an undo that was cut short is gone on with by
// another. undo.csv is made from the journal when an undo ends.

// undoFile says what undo did.
const undoFile = "undo.csv"

// The results of undo.csv.
const (
	UndoDeleted  = "deleted"
	UndoRestored = "restored"
	UndoArchived = "archived"
	UndoKept     = "kept"
	UndoGone     = "gone"
	UndoFailed   = "failed"
)

var undoResults = []string{UndoDeleted, UndoRestored, UndoArchived, UndoKept, UndoGone, UndoFailed}

// undoWorkers is how many records are taken back at a time: each takes several reads before its one write.
const undoWorkers = 16

// UndoOptions say what to take back. Client, Schema and Dir are required.
type UndoOptions struct {
	Client *attio.Client
	Schema *attio.Schema
	Dir    *RunDir
	// Abort gives up the requests in flight; nil for never. The context of Undo itself only keeps further ones from being begun.
	Abort    context.Context
	Progress func(done, total int)
}

// UndoPlan is what an undo would try.
type UndoPlan struct {
	Delete  int // records that the run created
	Restore int // records that it updated
	Archive int // options that it made
	Unknown int // writes that were sent and never answered: nothing can be taken back of them
	Done    int // of them, how many an earlier undo has dealt with
}

// UndoSummary counts what came of it, earlier undos of the run included.
type UndoSummary struct {
	Counts   map[string]int `json:"counts"` // by result
	ExitCode int            `json:"exit_code"`
}

// undoRow is a line of undo.csv.
type undoRow struct {
	Row      int    `csv:"row"`
	RecordID string `csv:"record_id"`
	Result   string `csv:"result"`
	Message  string `csv:"message"`
}

// undoStep is one record to take back.
type undoStep struct {
	row    int
	object string // slug
	record string
	made   bool // created by the run; else updated
	answer map[string]string
	before *image
	option *entry // an option that the run made
	lost   bool   // a write that was sent and never answered: nothing is known that could be taken back
	want   *entry // of one that is lost: the option or target that it was to make
	begun  bool   // an earlier undo, which did not live to say with what result, was about to take it back
}

// stage keeps apart what must not be taken back side by side: rows' records, then the targets that they refer to, then options.
func (s *undoStep) stage() int {
	switch {
	case s.option != nil:
		return 2
	case s.row == 0:
		return 1
	}
	return 0
}

// PlanUndo says what an undo of this run would try, without a request.
func PlanUndo(d *RunDir) (UndoPlan, error) {
	_, steps, log, err := undoSteps(d)
	var p UndoPlan
	for _, s := range steps {
		switch {
		case s.lost:
			p.Unknown++
			continue
		case s.option != nil:
			p.Archive++
		case s.made:
			p.Delete++
		default:
			p.Restore++
		}
		if log.done(&s) {
			p.Done++
		}
	}
	return p, err
}

func (s *undoStep) key() string {
	if s.want != nil {
		return s.want.Key
	}
	return undoKey(s.row, s.record)
}

func undoKey(row int, record string) string { return fmt.Sprintf("%d %s", row, record) }

// undoSteps reads what the run did, last first, and what earlier undos did about it.
func undoSteps(d *RunDir) (RunInfo, []undoStep, *undoLog, error) {
	info, _, err := LoadRun(d.Path())
	if err != nil {
		return info, nil, nil, err
	}
	if info.DryRun {
		return info, nil, nil, &DirError{d.Path(), "was a dry run: there is nothing to take back"}
	}
	before, err := readImages(d.File(beforeFile))
	if err != nil {
		return info, nil, nil, err
	}
	var steps []undoStep
	log := newUndoLog()
	_, err = readJournal(d.File(journalFile), func(e *entry) error {
		switch {
		case e.Kind == kindAlso && e.Option != "":
			steps = append(steps, undoStep{record: e.Option, option: e})
		case e.Kind == kindAlso:
			steps = append(steps, undoStep{object: e.Object, record: e.Record, made: true, answer: e.Answer})
		case e.Kind == kindOutcome && e.Action == Created:
			steps = append(steps, undoStep{row: e.Row, object: info.Object, record: e.Record, made: true, answer: e.Answer})
		case e.Kind == kindOutcome && e.Action == Updated:
			steps = append(steps, undoStep{row: e.Row, object: info.Object, record: e.Record, answer: e.Answer, before: before[e.Row]})
		default:
			log.read(e)
		}
		return nil
	})
	if err != nil {
		return info, nil, nil, err
	}
	p, err := readPast(d.File(journalFile), nil)
	if err != nil {
		return info, nil, nil, err
	}
	if err := checkHead(info, p.head); err != nil {
		return info, nil, nil, err
	}
	log.whole = p.whole
	for _, row := range p.unsure() {
		steps = append(steps, undoStep{row: row, object: info.Object, lost: true})
	}
	for _, hash := range slices.Sorted(maps.Keys(p.wants)) {
		steps = append(steps, undoStep{lost: true, want: p.wants[hash]})
	}
	slices.Reverse(steps)
	for i := range steps {
		steps[i].begun = log.begun[steps[i].key()]
	}
	return info, steps, log, nil
}

// undo is the state of one undo.
type undo struct {
	UndoOptions
	plan   *mapping.Plan
	ours   map[string]bool // records that the run made: references to them are no change by others
	log    *undoLog
	events chan undoEvent
}

// Undo takes the run back. ctx stops it: nothing more is begun, and a second Undo goes on.
func Undo(ctx context.Context, o UndoOptions) (UndoSummary, error) {
	info, steps, log, err := undoSteps(o.Dir)
	if err != nil {
		return UndoSummary{}, err
	}
	if err := info.checkWorkspace(o.Schema.Self); err != nil {
		return UndoSummary{}, err
	}
	if o.Abort == nil {
		o.Abort = context.WithoutCancel(ctx)
	}
	u := &undo{
		UndoOptions: o, plan: &mapping.Plan{Object: o.Schema.Object(info.Object), Schema: o.Schema}, ours: make(map[string]bool),
		log: log, events: make(chan undoEvent, 2*undoWorkers),
	}
	var todo []undoStep
	for _, s := range steps {
		if s.made {
			u.ours[s.record] = true
		}
		if !log.done(&s) {
			todo = append(todo, s)
		}
	}
	err = u.all(ctx, todo, len(steps))
	if werr := log.write(o.Dir, steps); err == nil && werr != nil {
		err = fmt.Errorf("undo: %w", werr)
	}
	summary := log.summary(steps)
	if err != nil {
		summary.ExitCode = ExitStopped
	}
	return summary, err
}

// all takes the steps in order, some at a time.
func (u *undo) all(ctx context.Context, todo []undoStep, total int) (err error) {
	if len(todo) == 0 {
		return nil
	}
	if u.log.journal, err = openJournal(u.Dir.File(journalFile), u.log.whole); err != nil {
		return err
	}
	defer func() {
		if cerr := u.log.journal.Close(); err == nil {
			err = cerr
		}
	}()
	for len(todo) > 0 {
		if ctx.Err() != nil {
			return fmt.Errorf("undo: %w", context.Cause(ctx))
		}
		n := 1
		for n < min(len(todo), undoWorkers) && todo[n].stage() == todo[0].stage() {
			n++
		}
		if err := u.batch(ctx, todo[:n]); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
		todo = todo[n:]
		if u.Progress != nil {
			u.Progress(total-len(todo), total)
		}
	}
	return nil
}

// restoring are the fields that put an image back.
func restoring(o *attio.Object, im *image) ([]value.Field, error) {
	var out []value.Field
	for slug, raw := range im.Values {
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
