package journal

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// History is what the journal says of earlier sessions: which rows are done and how, which were sent without an
// outcome, and the accounts so far. The zero value is that of a new run. It is for one goroutine at a time.
type History struct {
	Counts   Counts  // of the rows that are done
	Dropped  Dropped // of the same
	Requests Requests
	Seconds  float64
	Started  time.Time
	Ended    time.Time           // of the last session that ended by itself
	Made     map[string]int      // targets by object, and "options"
	Planned  map[string]*Planned // targets and options of which it is not known whether they were made, by key
	Actor    string              // who our key is; "" where no create was answered yet
	Taken    int                 // the last row that any session had come to
	Killed   bool                // the last session did not end by itself
	Suspects []int               // rows that a session wrote whose input changed while it was read
	Undone   bool                // an undo has reverted something, or may have

	name     string
	head     Head
	whole    int64      // the bytes of its whole lines
	rows     []rowState // by row number
	dropped  []int32    // how many values were left out, by row number, as far as any were
	reopened int        // rows with an outcome that are tried again
	intents  map[int]*OpenIntent
	session  int64 // where the session that was read last begins
	sends    int64 // intents since the session began: what is known of the requests of one that crashed
	file     *os.File
	buf      []byte // what was read of the file last
	from     int64  // its place
}

// OpenIntent is a write that was about to be sent when the process ended.
type OpenIntent struct {
	Write  string // create, patch or put
	Record string // of an update
	Sends  int
	At     time.Time // the server's time of the first sending
}

// ReadHistory reads the journal of the run in dir, which another process may be working on, and calls each with every
// entry; nil for nobody. Rows that ended in one of the actions of retry count as not done; an unknown among them is
// looked up before anything else is done with it. Errors: *Error, *ChangedError where the journal is of another run
// than run.json, an I/O error. Close it.
func ReadHistory(dir string, info *Info, retry []Action, each func(Entry)) (*History, error) {
	h := &History{
		Made: make(map[string]int), Planned: make(map[string]*Planned), intents: make(map[int]*OpenIntent),
		name: filepath.Join(dir, journalFile),
	}
	var err error
	h.whole, err = read(h.name, func(e Entry, at int64) {
		h.add(e, at, retry)
		if each != nil {
			each(e)
		}
	})
	if err != nil {
		return nil, err
	}
	if h.whole == 0 {
		return nil, &Error{h.name, 1, "holds nothing; the file was damaged or edited"}
	}
	h.Requests.Writes, h.sends = h.Requests.Writes+h.sends, 0
	for row, s := range h.rows {
		if a := s.action(); a != "" {
			h.Counts.Read++
			h.Counts.Add(a, 1)
			if row < len(h.dropped) {
				h.Dropped.Add(int(h.dropped[row]))
			}
		}
	}
	return h, info.check(h.head)
}

func (h *History) add(e Entry, at int64, retry []Action) {
	switch e := e.(type) {
	case *Head:
		h.head = *e
	case *Session:
		h.session = at
		h.Requests.Writes += h.sends
		h.sends, h.Killed = 0, true
		if h.Started.IsZero() {
			h.Started = e.At
		}
	case *Actor:
		h.Actor = e.Actor
	case *Aborted:
		delete(h.Planned, e.Key)
		delete(h.intents, e.Row)
		if h.row(e.Row)&flagReopened != 0 { // an unknown that is known now not to have been done
			h.rows[e.Row] &= maxAttempts << attemptShift
			h.reopened--
		}
	case *Intent:
		h.intent(e)
	case *Result:
		h.result(e, at, retry)
	case *Planned:
		if h.Planned[e.Key] == nil { // the first counts: what was made for it is no older
			h.Planned[e.Key] = e
		}
	case *Made:
		delete(h.Planned, e.Key)
		if e.Option != "" {
			h.Made["options"]++
		} else {
			h.Made[e.Object]++
		}
	case *Undoing:
		h.Undone = true
	case *Undone:
		h.Undone = h.Undone || e.Result == UndoDeleted || e.Result == UndoRestored
	case *End:
		if e.Changed {
			h.suspect()
		}
		h.sends, h.Killed = 0, false
		h.Ended = e.At
		h.Requests.Add(e.Requests)
		h.Seconds += e.Seconds
		h.Taken = max(h.Taken, e.Taken)
	}
}

func (h *History) intent(e *Intent) {
	h.sends++
	if h.Action(e.Row) != "" { // tried again by a session that did not live to say with what result
		h.reopen(e.Row)
	}
	in := h.intents[e.Row]
	if in == nil {
		in = &OpenIntent{At: e.At}
		h.intents[e.Row] = in
	}
	in.Write, in.Record = e.Write, e.Record
	in.Sends = max(in.Sends, e.Send)
}

// result notes a row's fate, unless it is to be tried again.
func (h *History) result(e *Result, at int64, retry []Action) {
	if e.Row >= len(h.rows) {
		h.rows = append(h.rows, make([]rowState, e.Row+1-len(h.rows))...)
	}
	attempts := h.rows[e.Row].attempts()
	if e.Attempts > 0 {
		attempts = e.Attempts
	}
	if h.rows[e.Row]&flagReopened != 0 {
		h.reopened--
	}
	h.rows[e.Row] = newRowState(e, at, attempts)
	if n := e.Row + 1 - len(h.dropped); n > 0 && e.Dropped != nil {
		h.dropped = append(h.dropped, make([]int32, n)...)
	}
	if e.Row < len(h.dropped) {
		h.dropped[e.Row] = int32(len(e.Dropped)) //nolint:gosec // a row has no more cells
	}
	again := slices.Contains(retry, e.Action)
	if e.Action != Unknown || !e.Open && !again {
		delete(h.intents, e.Row) // that of an unknown stays, so that it is looked up first
	}
	if again || e.Action == Unknown && e.Open {
		h.reopen(e.Row)
	}
}

// suspect takes in that nobody knows of which bytes the last session made its rows: what it wrote is to be compared,
// and what it only said of others is to be said again.
func (h *History) suspect() {
	for row, s := range h.rows {
		if int64(s&placeMask) < h.session { //nolint:gosec // 44 bits
			continue
		}
		switch s.action() {
		case Created, Updated:
			h.Suspects = append(h.Suspects, row)
		case Unchanged, Skipped, Conflicts, Rejected:
			h.reopen(row)
		}
	}
}

// Open reports whether a write was sent of which nothing is known.
func (h *History) Open() bool { return len(h.unanswered()) > 0 }

// unanswered are the rows of which a write was sent, and nothing was heard of it yet.
func (h *History) unanswered() []int {
	return slices.DeleteFunc(slices.Collect(maps.Keys(h.intents)), func(row int) bool { return h.Action(row) != "" })
}

// reopen sets a row's outcome aside.
func (h *History) reopen(row int) {
	if h.rows[row]&flagReopened == 0 {
		h.rows[row] |= flagReopened
		h.reopened++
	}
}

func (h *History) row(n int) rowState {
	if n < len(h.rows) {
		return h.rows[n]
	}
	return 0
}

// Empty reports whether nothing was done before.
func (h *History) Empty() bool { return h.whole == 0 }

// Action is how a row ended; "" when it has no outcome yet.
func (h *History) Action(row int) Action { return h.row(row).action() }

// Intent is the write of a row of which is not known whether it was done; nil for none.
func (h *History) Intent(row int) *OpenIntent { return h.intents[row] }

// Attempts are the write requests that earlier sessions are known to have made for a row.
func (h *History) Attempts(row int) int {
	n := h.row(row).attempts()
	if in := h.intents[row]; in != nil {
		return max(n, in.Sends)
	}
	return n
}

// Retries reports whether rows with an outcome are to be tried again.
func (h *History) Retries() bool { return h.reopened > 0 }

// SawAfter reports whether earlier sessions had come to rows after this one.
func (h *History) SawAfter(row int) bool {
	return h.Taken > row || slices.ContainsFunc(h.unanswered(), func(n int) bool { return n > row }) ||
		h.reopened > 0 && slices.ContainsFunc(h.rows[min(row+1, len(h.rows)):], func(s rowState) bool {
			return s&flagReopened != 0
		})
}

// endedSilently is the reason of a session that was killed.
const endedSilently = "the process was killed or crashed; the run can be resumed"

// Summary is what the journal alone says of a run whose input has so many rows, and blank ones beside them.
func (h *History) Summary(info *Info, rows, blank int) Summary {
	s := Summary{
		Schema: 1, Command: "import", Object: info.Object, Mode: info.Mode, DryRun: info.DryRun, Input: info.Input,
		Rows: h.Counts, Dropped: h.Dropped, BlankRows: blank, Requests: h.Requests, AlsoCreated: h.Made,
		StartedAt: h.Started, FinishedAt: h.Ended, Seconds: h.Seconds,
	}
	for row, n := range h.dropped { // dropped.csv has the rows of which it is to be found out what became of them
		if h.rows[row]&(flagOpen|flagReopened) == flagOpen|flagReopened {
			s.Dropped.Add(int(n))
		}
	}
	sent := len(h.unanswered())
	s.Rows.Read += sent
	s.Rows.Unknown += sent
	if n := h.Taken - s.Rows.Read; n > 0 { // read, and not begun
		s.Rows.Read += n
		s.Rows.Pending += n
	}
	s.ExitCode, s.Reason = ExitStopped, endedSilently
	if h.Counts.Read >= min(rows, cmp.Or(info.Limit, rows)) && len(h.intents) == 0 {
		s.Finished = h.Counts.Read >= rows
		s.ExitCode, s.Reason = h.Counts.ExitCode(), ""
	}
	return s
}

// Resumed is a finished run's summary as it is to be before the run is resumed: should that process be killed, the
// next one must not find nothing to do.
func (s Summary) Resumed() Summary {
	s.Finished, s.ExitCode, s.Reason = false, ExitStopped, endedSilently
	return s
}
