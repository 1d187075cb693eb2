package journal

import "slices"

// rowState is what is kept of a row: where its last outcome lies in the journal, how it ended, and how often it was
// sent.
type rowState uint64

// The parts of a rowState, from the highest bit: one flag each, the action, the attempts, the place.
const (
	flagReopened rowState = 1 << 63 // its outcome is set aside: it is tried again
	flagOpen     rowState = 1 << 62 // its outcome is an unknown that resume looks up by itself
	actionShift           = 58
	attemptShift          = 44
	maxAttempts           = 1<<14 - 1
	placeMask    rowState = 1<<attemptShift - 1
)

// Actions are what a rowState and Counts number, in the order of every table.
var Actions = []Action{Created, Updated, Unchanged, Skipped, Conflicts, Rejected, Unknown, Pending}

func (s rowState) action() Action {
	n := s >> actionShift & 0xf // from 1
	if n == 0 || s&flagReopened != 0 {
		return ""
	}
	return Actions[n-1]
}

func (s rowState) attempts() int { return int(s >> attemptShift & maxAttempts) } //nolint:gosec // 14 bits

func newRowState(r *Result, at int64, attempts int) rowState {
	s := rowState(slices.Index(Actions, r.Action)+1)<<actionShift | //nolint:gosec // a sound result has one of them
		rowState(min(attempts, maxAttempts))<<attemptShift | rowState(at)&placeMask //nolint:gosec // neither is negative
	if r.Open {
		s |= flagOpen
	}
	return s
}
