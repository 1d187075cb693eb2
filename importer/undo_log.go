package importer

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// undoLog is undo's part of the run's journal: what it was about to take back, and what came of it. A deletion or a restoration that was
// announced and has no result may have been done: the next undo looks at the record and says so.

type undoLog struct {
	journal *Journal // open while an undo is at work
	whole   int64
	results map[string]undoRow // by step, the last that was written
	begun   map[string]bool    // steps that an undo was about to take back
}

func newUndoLog() *undoLog {
	return &undoLog{results: make(map[string]undoRow), begun: make(map[string]bool)}
}

// read takes a line of the journal in.
func (l *undoLog) read(e *entry) {
	key := e.Want
	if key == "" {
		key = undoKey(e.Row, e.Record)
	}
	switch e.Kind {
	case kindUndo:
		l.begun[key] = true
	case kindUndone:
		l.results[key] = undoRow{e.Row, e.Record, e.Result, e.Message}
	}
}

// done says that a step has been dealt with; what failed is tried again.
func (l *undoLog) done(s *undoStep) bool {
	row, ok := l.results[s.key()]
	return ok && row.Result != UndoFailed
}

// began says that an undo has taken something back, or may have.
func (l *undoLog) began() bool {
	for _, row := range l.results {
		if row.Result == UndoDeleted || row.Result == UndoRestored {
			return true
		}
	}
	return len(l.begun) > 0
}

func (l *undoLog) summary(steps []undoStep) UndoSummary {
	sum := UndoSummary{Counts: make(map[string]int)}
	for i := range steps {
		row, ok := l.results[steps[i].key()]
		if !ok {
			continue
		}
		sum.Counts[row.Result]++
		if row.Result == UndoKept || row.Result == UndoFailed {
			sum.ExitCode = ExitReports
		}
	}
	return sum
}

// write makes undo.csv anew: a line for each step that has a result.
func (l *undoLog) write(d *RunDir, steps []undoStep) error {
	out := &report[undoRow]{name: d.File(undoFile + newSuffix)}
	if err := durable.Remove(out.name); err != nil {
		return err
	}
	var err error
	for i := range steps {
		if row, ok := l.results[steps[i].key()]; ok && err == nil {
			err = out.add(row)
		}
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	return durable.ReplaceBy(d.File(undoFile), out.name)
}

// rebuildUndo makes undo.csv anew from the journal, where there was an undo.
func rebuildUndo(d *RunDir) error {
	_, steps, log, err := undoSteps(d)
	if err != nil || len(log.results) == 0 {
		return err
	}
	return log.write(d, steps)
}

// undoEvent is what a worker tells the goroutine that keeps the journal: that a write is about to be sent, or that its step is finished.
type undoEvent struct {
	intent *entry
	ack    chan error // of an intent: told when it is on disk
	step   *undoStep
	row    *undoRow // of a finished step; nil where it stopped the undo
}

// batch takes some steps back side by side. The calling goroutine keeps the journal: one flush serves all intents that wait, and the
// results are on disk when batch returns.
func (u *undo) batch(ctx context.Context, steps []undoStep) error {
	g, gctx := errgroup.WithContext(ctx)
	for i := range steps {
		g.Go(func() error {
			row, err := u.one(gctx, &steps[i])
			durable.Crash("before-outcome")
			u.events <- undoEvent{step: &steps[i], row: row}
			return err
		})
	}
	var failed error
	for left := len(steps); left > 0; {
		var waiting []chan error
		ev := <-u.events
		for more := true; more; {
			if failed == nil {
				failed = u.log.note(&ev)
			}
			if ev.intent != nil {
				waiting = append(waiting, ev.ack)
			} else {
				left--
			}
			select {
			case ev = <-u.events:
			default:
				more = false
			}
		}
		if failed == nil && waiting != nil {
			failed = u.log.journal.Sync()
		}
		for _, ack := range waiting {
			ack <- failed
		}
	}
	err := g.Wait()
	if failed == nil {
		failed = u.log.journal.Sync()
	}
	switch {
	case failed != nil: // what the workers say then is the same
		return failed
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return err
}

// note appends what a worker said to the journal.
func (l *undoLog) note(ev *undoEvent) error {
	switch {
	case ev.intent != nil:
		return l.journal.append(ev.intent)
	case ev.row == nil:
		return nil
	}
	e := &entry{Kind: kindUndone, Row: ev.row.Row, Record: ev.row.RecordID, Result: ev.row.Result, Message: ev.row.Message}
	if ev.step.want != nil {
		e.Want = ev.step.want.Key
	}
	l.results[ev.step.key()] = *ev.row
	return l.journal.append(e)
}

// announce has the journal say what is about to be taken back, and waits until that is on disk.
func (u *undo) announce(s *undoStep) error {
	durable.Crash("before-intent")
	ack := make(chan error, 1)
	u.events <- undoEvent{intent: &entry{Kind: kindUndo, Row: s.row, Record: s.record, At: now()}, ack: ack}
	err := <-ack
	durable.Crash("after-intent")
	return err
}

// TakenBack refuses to go on with a run that undo has begun to take back.
type TakenBack struct{ Path string }

func (e *TakenBack) Error() string {
	return e.Path + ": undo has taken back what this run did, at least in part, so that it cannot be gone on with"
}

// Undone says what undos of a run in dir have done so far, without a request; the counts are empty where there was none. left is how much is
// not dealt with, where one has begun.
func Undone(dir string) (sum UndoSummary, left int, err error) {
	_, steps, log, err := undoSteps(&RunDir{path: dir})
	if err != nil {
		return sum, 0, err
	}
	sum = log.summary(steps)
	if !log.began() {
		return sum, 0, nil
	}
	for i := range steps {
		if !log.done(&steps[i]) {
			left++
		}
	}
	return sum, left, nil
}

// notTakenBack refuses a run that undo has begun to take back: its journal says of rows that they are there, and they are not any more.
func notTakenBack(dir *RunDir) error {
	log := newUndoLog()
	if _, err := readJournal(dir.File(journalFile), func(e *entry) error {
		log.read(e)
		return nil
	}); err != nil {
		return err
	}
	if log.began() {
		return &TakenBack{dir.Path()}
	}
	return nil
}
