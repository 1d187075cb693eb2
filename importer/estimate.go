package importer

import (
	"fmt"
	"time"
)

// Before the first write the run says how many writes its rows need, and how long they take at Attio's pace. No
// request is made for it. The first write waits until as many rows as may be in flight have been looked up: of a file
// that is no longer than that, the number is known then; of a longer one, the share of its first rows that need a
// write.

// estimateWait is how long the first write waits at most.
const estimateWait = time.Second

// mayWrite reports whether writes may begin. full says that no more rows can be taken in before one of those in flight
// is done.
func (r *run) mayWrite(full bool) bool {
	if r.estimated || r.DryRun {
		return true
	}
	known := full && r.looking == 0 && len(r.toLook) == 0
	if !known && time.Since(r.looped) < estimateWait {
		return false
	}
	r.estimated = true
	if known {
		r.estimateByFirst(len(r.toWrite))
	} else {
		r.estimate(fmt.Sprintf("at most %s", plural(r.toGo(), "write")), r.toGo())
	}
	return true
}

// toGo counts the rows without an outcome, those included that were not read yet.
func (r *run) toGo() int { return r.total() - r.counts.Finished() }

// estimateByFirst goes by the rows that were looked at so far, of which so many are to be written. Those that wait for
// another row count as rows that need none.
func (r *run) estimateByFirst(writes int) {
	ahead := r.toGo() - len(r.flights)
	if ahead <= 0 {
		r.estimate(plural(writes, "write"), writes)
		return
	}
	seen := r.counts.Finished() - r.past.Counts.Finished() + len(r.flights)
	all := writes + int(float64(ahead)*float64(writes)/float64(seen)+0.5)
	r.estimate(fmt.Sprintf("%s of the first %s needed; at that share, some %s",
		plural(writes, "write"), plural(seen, "row"), plural(all, "write")), all)
}

// estimate says what so many writes take; nothing of none.
func (r *run) estimate(what string, writes int) {
	if writes == 0 {
		return
	}
	r.Notice(fmt.Sprintf("%s, which take %s at %g a second", what, r.takes(writes), r.Client.WriteRate()))
}

// takes is how long so many writes take, to the second.
func (r *run) takes(writes int) time.Duration {
	return max(time.Duration(float64(writes)/r.Client.WriteRate()*float64(time.Second)).Round(time.Second), time.Second)
}
