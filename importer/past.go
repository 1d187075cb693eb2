package importer

import (
	"slices"
	"time"
)

// past is what the journal says of earlier legs: which rows are done and how, which were sent without an outcome, and the accounts so far.
type past struct {
	lines    int // of the journal; 0 for a new run
	whole    int64
	actions  map[int]Action // by row number; none for a row without an outcome
	tries    map[int]int
	intents  map[int]*pastIntent
	counts   Counts
	requests Requests
	seconds  float64
	started  time.Time
	ended    time.Time // of the last leg that ended by itself
	also     map[string]int
	wants    map[string]*entry // targets and options that were about to be made, and of which is not known whether they were, by hash
	actor    string
	head     entry
	reopened map[int]bool // rows with an outcome that are tried again
	wrote    []wroteTo    // the records that rows of the modes upsert and update were found to mean
	session  []int        // rows that the session read last finished
	suspect  []int        // rows that a session wrote whose input changed while it was read
	taken    int          // the last row that any leg had come to
	legSends int64        // intents since the leg began: what is known of the requests of a leg that crashed
}

// pastIntent is a write that was about to be sent when the process ended.
type pastIntent struct {
	write  writeKind
	target string
	sends  int
	at     time.Time // the server's time of the first sending
}

// wroteTo is a record that a row was found to mean.
type wroteTo struct {
	row    int
	record string
}

// readPast reads a journal. Rows that ended in one of the actions of retry count as not done; an unknown among them is looked up before
// anything else is done with it.
func readPast(name string, retry []Action) (*past, error) {
	p := &past{actions: make(map[int]Action), tries: make(map[int]int), intents: make(map[int]*pastIntent), wants: make(map[string]*entry)}
	again := make(map[Action]bool, len(retry))
	for _, a := range retry {
		again[a] = true
	}
	whole, err := readJournal(name, func(e *entry) error {
		p.lines++
		p.add(e, again)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.whole = whole
	p.requests.Writes, p.legSends = p.requests.Writes+p.legSends, 0
	for _, a := range p.actions {
		p.counts.Read++
		p.counts.count(a, 1)
	}
	return p, nil
}

func (p *past) add(e *entry, again map[Action]bool) {
	switch e.Kind {
	case kindHead:
		p.head = *e
	case kindLeg:
		p.session = nil
		p.requests.Writes += p.legSends
		p.legSends = 0
		if p.started.IsZero() && e.At != nil {
			p.started = *e.At
		}
	case kindActor:
		p.actor = e.Actor
	case kindVoid:
		delete(p.wants, e.Key)
		delete(p.intents, e.Row)
		delete(p.reopened, e.Row) // an unknown that is known now not to have been done
	case kindIntent:
		p.legSends++
		if p.action(e.Row) != "" { // tried again by a leg that did not live to say with what result
			p.reopen(e.Row)
		}
		in := p.intents[e.Row]
		if in == nil {
			in = &pastIntent{at: *e.At}
			p.intents[e.Row] = in
		}
		in.write, in.target = writeKind(e.Write), e.Record
		in.sends = max(in.sends, e.Send)
	case kindOutcome:
		p.outcome(e, again)
	case kindWant:
		p.wants[e.Key] = e
	case kindAlso:
		p.addAlso(e)
	case kindEnd:
		if e.Changed {
			p.suspectSession()
		}
		p.legSends = 0
		if e.At != nil {
			p.ended = *e.At
		}
		if e.Requests != nil {
			p.requests.add(*e.Requests)
		}
		p.seconds += e.Seconds
		p.taken = max(p.taken, e.Taken)
	}
}

// suspectSession takes in that nobody knows of which bytes a session made its rows: what it wrote is to be compared, and
// what it only said of others is to be said again.
func (p *past) suspectSession() {
	for _, row := range p.session {
		switch p.action(row) {
		case Created, Updated:
			p.suspect = append(p.suspect, row)
		case Unchanged, Skipped, Conflicts, Rejected:
			p.reopen(row)
		}
	}
}

// addAlso counts a target or an option that was made.
func (p *past) addAlso(e *entry) {
	if p.also == nil {
		p.also = make(map[string]int)
	}
	delete(p.wants, e.Want)
	if e.Option != "" {
		p.also["options"]++
		return
	}
	p.also[e.Object]++
}

// outcome notes a row's fate, unless it is to be tried again.
func (p *past) outcome(e *entry, again map[Action]bool) {
	if e.Attempts > 0 {
		p.tries[e.Row] = e.Attempts
	}
	if e.Action == Unknown && (e.Open || again[Unknown]) {
		p.reopen(e.Row)
		return // its intent stays, so it is looked up first
	}
	delete(p.intents, e.Row)
	if again[e.Action] {
		p.reopen(e.Row)
		return
	}
	p.actions[e.Row] = e.Action
	p.session = append(p.session, e.Row)
	delete(p.reopened, e.Row)
	if e.Action == Updated || e.Action == Unchanged {
		p.wrote = append(p.wrote, wroteTo{e.Row, e.Record})
	}
}

// reopen sets a row's outcome aside.
func (p *past) reopen(row int) {
	delete(p.actions, row)
	if p.reopened == nil {
		p.reopened = make(map[int]bool)
	}
	p.reopened[row] = true
}

// reaches says whether earlier legs had come to rows after this one.
func (p *past) reaches(row int) bool {
	if p.taken > row {
		return true
	}
	for n := range p.intents {
		if n > row && p.action(n) == "" {
			return true
		}
	}
	for n := range p.reopened {
		if n > row {
			return true
		}
	}
	return false
}

// open reports whether a write was sent of which nothing is known.
func (p *past) open() bool {
	for row := range p.intents {
		if p.action(row) == "" {
			return true
		}
	}
	return false
}

// unsure are the rows, in order, of which it is not known whether their write was done.
func (p *past) unsure() []int {
	var out []int
	for row, a := range p.actions {
		if a == Unknown {
			out = append(out, row)
		}
	}
	for row := range p.intents {
		if p.action(row) == "" {
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return out
}

// action is how a row ended; "" when it has no outcome yet.
func (p *past) action(row int) Action { return p.actions[row] }

func (p *past) intent(row int) *pastIntent { return p.intents[row] }

// attempts are the write requests that earlier legs are known to have made for a row.
func (p *past) attempts(row int) int {
	if in := p.intents[row]; in != nil {
		return max(p.tries[row], in.sends)
	}
	return p.tries[row]
}

func (r *Requests) add(o Requests) {
	r.Reads += o.Reads
	r.Writes += o.Writes
	r.Retries += o.Retries
	r.RateLimited += o.RateLimited
}
