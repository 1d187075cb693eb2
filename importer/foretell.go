package importer

import (
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Time is told before it is spent: how many writes the rows need, and how long these take at Attio's pace. No request is made for it. The first
// write waits until as many rows as may be under way have been looked up: of a file that is no longer than that, the number is known then; of
// a longer one, how many of its first rows need a write. Where a sweep has told which keys exist, the whole of a longer file is counted instead.

// foretellWait is how long the first write waits at most.
const foretellWait = time.Second

// mayWrite says whether writes may begin. full says that no more rows can be taken in before one of those under way is done.
func (r *run) mayWrite(full bool) bool {
	if r.told || r.DryRun {
		return true
	}
	settled := full && r.looking == 0 && len(r.toLook) == 0
	if !settled && time.Since(r.looped) < foretellWait {
		return false
	}
	r.told = true
	if settled {
		r.foretellByFirst(len(r.toWrite))
	} else {
		r.foretell(fmt.Sprintf("at most %s", plural(r.toGo(), "write")), r.toGo())
	}
	return true
}

// toGo counts the rows without an outcome, those included that were not read yet.
func (r *run) toGo() int { return r.total() - r.counts.finished() }

// foretellByFirst tells by the rows that were looked at so far, of which so many are to be written. Those that wait for another row's fate count as
// rows that need none.
func (r *run) foretellByFirst(writes int) {
	ahead := r.toGo() - len(r.flights)
	if ahead <= 0 {
		r.foretell(plural(writes, "write"), writes)
		return
	}
	seen := r.counts.finished() - r.past.counts.finished() + len(r.flights)
	all := writes + int(float64(ahead)*float64(writes)/float64(seen)+0.5)
	r.foretell(fmt.Sprintf("%s of the first %s needed; at that share, some %s", plural(writes, "write"), plural(seen, "row"), plural(all, "write")), all)
}

// foretell says what so many writes take; nothing of none.
func (r *run) foretell(what string, writes int) {
	if writes == 0 {
		return
	}
	r.Notice(fmt.Sprintf("%s, which take %s at %g a second", what, r.takes(writes), r.Client.WriteRate()))
}

// takes is how long so many writes take, to the second.
func (r *run) takes(writes int) time.Duration {
	return max(time.Duration(float64(writes)/r.Client.WriteRate()*float64(time.Second)).Round(time.Second), time.Second)
}

// foretellBySweep counts the rows that are new by the keys that a sweep found, and those that are there.
func (r *run) foretellBySweep() error {
	if r.DryRun || r.toGo() <= rowsUnderWay {
		return nil
	}
	fresh, there, refers := 0, 0, false
	claimed := make(map[claim.Key]bool)
	it := &item{}
	for row, err := range r.Input.Rows(r.stop) {
		if err != nil {
			return err
		}
		if r.Limit > 0 && row.Number > r.Limit {
			break
		}
		if r.past.action(row.Number) != "" {
			continue
		}
		it.reset().row = row
		if r.convert(it); row.Bad != nil || len(it.refused) > 0 || len(it.rec.Fields) == 0 {
			continue
		}
		switch twice, known := r.seenBefore(claimed, it); {
		case twice:
		case known:
			there++
		default:
			fresh++
			refers = refers || it.refers()
		}
	}
	if r.stop.Err() != nil {
		return nil // the loop sees to it
	}
	r.told = true
	switch {
	case r.Plan.Mode == mapping.Create || there == 0:
		what := plural(fresh, "write")
		if refers { // a row whose target is missing may be refused
			what = "at most " + what
		}
		r.foretell(what, fresh)
	default:
		r.foretell(fmt.Sprintf("%s are new, and %s there are compared first: at most %s", plural(fresh, "row"), plural(there, "row"), plural(fresh+there, "write")), fresh+there)
	}
	return nil
}

// seenBefore says whether an earlier row has one of a row's keys, and whether a record has. A row that is new takes its keys.
func (r *run) seenBefore(claimed map[claim.Key]bool, it *item) (twice, known bool) {
	for _, k := range it.hashes {
		twice = twice || claimed[k]
		known = known || r.known.has(k)
	}
	for _, k := range it.hashes {
		if !twice && !known {
			claimed[k] = true
		}
	}
	return twice, known
}
