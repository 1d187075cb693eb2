package undo

import (
	"maps"
	"slices"
	"strconv"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
)

// File is the report of what undos of a run did.
const File = "undo.csv"

// Plan is what an undo would try.
type Plan struct {
	Delete  int            // records that the run created
	Objects map[string]int // those, by their objects' slugs
	Restore int            // records that it updated
	Archive int            // options that it made
	Unknown int            // writes that were sent and never answered: nothing can be undone of them
	Done    int            // of all these, how many an earlier undo has dealt with
	Begun   bool           // an earlier undo has changed something, or may have
	Earlier Summary        // what came of earlier undos
}

// Left is how much is not dealt with.
func (p Plan) Left() int { return p.Delete + p.Restore + p.Archive + p.Unknown - p.Done }

// Summary counts what came of it, earlier undos of the run included.
type Summary struct {
	Counts   map[string]int `json:"counts"` // by result
	ExitCode int            `json:"exit_code"`
}

// line is a line of undo.csv.
type line struct {
	Row      string `csv:"row"` // "" for what rows needed: a target, an option
	RecordID string `csv:"record_id"`
	Result   string `csv:"result"`
	Message  string `csv:"message"`
	Object   string `csv:"object"`
}

// id says which step the journal speaks of.
type id struct {
	row     int    // 0 for what rows needed
	record  string // or option
	planned string // the key of an option or target of which it is not known whether it was made
}

// step is one record or option to undo.
type step struct {
	id
	object string // slug
	made   bool   // created by the run; else updated
	answer map[string]string
	before *journal.BeforeImage
	option string // the attribute of an option that the run made
	lost   string // of a write that was sent and never answered, why: nothing is known that could be undone
	begun  bool   // an earlier undo, which did not live to say with what result, was about to undo it
}

// stage keeps apart what must not be undone side by side: rows' records, then the targets that they refer to, then
// options.
func (s *step) stage() int {
	switch {
	case s.option != "":
		return 2
	case s.row == 0:
		return 1
	}
	return 0
}

// work is what there is to undo, last first, and what earlier undos did about it.
type work struct {
	info    journal.Info
	history *journal.History
	steps   []step
	results map[id]*journal.Undone // the last that were written
	begun   map[id]bool            // what an undo was about to undo
}

// read reads the run in dir.
func read(dir string) (*work, error) {
	w := &work{results: make(map[id]*journal.Undone), begun: make(map[id]bool)}
	var err error
	if w.info, _, err = journal.Load(dir); err != nil {
		return nil, err
	}
	if w.info.DryRun {
		return nil, &journal.DirError{Path: dir, Reason: "was a dry run: there is nothing to undo"}
	}
	before, err := journal.ReadBeforeImages(dir)
	if err != nil {
		return nil, err
	}
	if w.history, err = journal.ReadHistory(dir, &w.info, nil, func(e journal.Entry) { w.add(e, before) }); err != nil {
		return nil, err
	}
	for _, row := range w.history.Unresolved() {
		w.steps = append(w.steps, step{id: id{row: row}, object: w.info.Object,
			lost: "its write was sent and never answered, so it is not known whether there is a record to delete"})
	}
	for _, key := range slices.Sorted(maps.Keys(w.history.Planned)) {
		p := w.history.Planned[key]
		what := "a record of " + p.Object
		if p.Attribute != "" {
			what = "an option of " + p.Attribute
		}
		w.steps = append(w.steps, step{id: id{planned: key}, object: p.Object,
			lost: what + " may have been created just before the run ended; run resume first to find out"})
	}
	slices.Reverse(w.steps)
	for i := range w.steps {
		w.steps[i].begun = w.begun[w.steps[i].id]
	}
	return w, nil
}

// add takes an entry of the journal in.
func (w *work) add(e journal.Entry, before map[int]*journal.BeforeImage) {
	switch e := e.(type) {
	case *journal.Made:
		if e.Option != "" {
			if slices.ContainsFunc(w.steps, func(s step) bool { return s.id == id{record: e.Option} }) {
				return // brought back again by a later session
			}
			w.steps = append(w.steps, step{id: id{record: e.Option}, object: e.Object, option: e.Attribute})
		} else {
			w.steps = append(w.steps, step{id: id{record: e.Record}, object: e.Object, made: true, answer: e.Answer})
		}
	case *journal.Result:
		s := step{id: id{row: e.Row, record: e.RecordID}, object: w.info.Object, answer: e.Answer}
		switch e.Action {
		case journal.Created:
			s.made = true
		case journal.Updated:
			s.before = before[e.Row]
		default:
			return
		}
		w.steps = append(w.steps, s)
	case *journal.Undoing:
		w.begun[id{row: e.Row, record: e.Record}] = true
	case *journal.Undone:
		w.results[id{e.Row, e.Record, e.Key}] = e
	}
}

// done reports whether a step has been dealt with; what failed is tried again.
func (w *work) done(s *step) bool {
	r := w.results[s.id]
	return r != nil && r.Result != journal.UndoFailed
}

func (w *work) summary() Summary {
	sum := Summary{Counts: make(map[string]int)}
	for i := range w.steps {
		if r := w.results[w.steps[i].id]; r != nil {
			sum.Counts[r.Result]++
			if r.Result == journal.UndoKept || r.Result == journal.UndoFailed {
				sum.ExitCode = journal.ExitReports
			}
		}
	}
	return sum
}

// PlanOf says what an undo of the run in dir would try, and what earlier ones did, without a request.
func PlanOf(dir string) (Plan, error) {
	w, err := read(dir)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Objects: make(map[string]int)}
	for i := range w.steps {
		s := &w.steps[i]
		if w.done(s) {
			p.Done++
		}
		switch {
		case s.lost != "":
			p.Unknown++
		case s.option != "":
			p.Archive++
		case s.made:
			p.Delete++
			p.Objects[s.object]++
		default:
			p.Restore++
		}
	}
	if p.Begun = w.history.Undone; len(w.results) > 0 {
		p.Earlier = w.summary()
	}
	return p, nil
}

// write makes undo.csv anew: a line for each step that has a result.
func (w *work) write(d *journal.Dir) error {
	return report.ReplaceTable(d.File(File), func(add func(...line) error) error {
		var lines []line
		for i := range w.steps {
			s := &w.steps[i]
			r := w.results[s.id]
			if r == nil {
				continue
			}
			l := line{Object: s.object, RecordID: r.Record, Result: r.Result, Message: r.Message}
			if s.row > 0 {
				l.Row = strconv.Itoa(s.row)
			}
			lines = append(lines, l)
		}
		return add(lines...)
	})
}

// Rebuild makes undo.csv anew from the journal, where there was an undo.
func Rebuild(d *journal.Dir) error {
	w, err := read(d.Path())
	if err != nil || len(w.results) == 0 {
		return err
	}
	return w.write(d)
}
