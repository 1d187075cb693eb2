package importer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// accounts are where outcomes go: the journal first, which is the truth, then the reports, the counts, and whoever
// watches. They belong to the loop.
type accounts struct {
	*session
	reports   report.Set
	unflushed int // outcomes since the last flush
	counts    journal.Counts
	dropped   journal.Dropped
	// withoutUnique counts the rows that were created and that nothing finds again.
	withoutUnique int
	taken         int            // the last row taken in
	result        journal.Result // the last one, so that its memory is used again
	made          map[string]int // besides the rows' records, as journal.History has it
	trouble       trouble
	began         time.Time
	held          attio.Stats // of the client as the session began
	speed         speed
	estimated     bool // what the writes will take has been said
}

// flushRows is how many outcomes may wait for their flush.
const flushRows = 4096

func newAccounts(s *session) *accounts {
	a := &accounts{
		session: s, counts: s.past.Counts, dropped: s.past.Dropped, made: make(map[string]int), began: time.Now(),
		held: s.Client.Stats(),
	}
	a.speed.rate(a.began, a.counts.Finished())
	return a
}

// record takes a row's outcome in. The error stops the run.
func (a *accounts) record(out *journal.Outcome) error {
	a.counts.Pending--
	a.counts.Add(out.Action, 1)
	a.dropped.Add(len(out.Dropped))
	if (out.Action == journal.Rejected || out.Action == journal.Conflicts) && a.NotSent != nil {
		a.NotSent(out)
	}
	a.result = journal.ResultOf(out)
	err := a.journal.Record(&a.result)
	if err == nil {
		err = a.reports.Record(out)
	}
	if a.unflushed++; err == nil && a.unflushed >= flushRows {
		err = a.flush()
	}
	if err == nil {
		err = a.watch(out)
	}
	return err
}

// flush makes the journal and the reports whole on disk.
func (a *accounts) flush() error {
	a.unflushed = 0
	if err := a.journal.Sync(); err != nil {
		return err
	}
	return a.reports.Flush()
}

// finish closes journal and reports and writes the summary. cause is why the run ended early.
func (a *accounts) finish(cause error) (journal.Summary, error) {
	seconds, stats := time.Since(a.began).Seconds(), a.Client.Stats()
	end := journal.End{
		At: now(), Seconds: seconds, Taken: a.taken,
		Requests: journal.Requests{
			Reads: stats.Reads, Writes: stats.Writes, Retries: stats.Retries, RateLimited: stats.RateLimited,
		},
	}
	fault, ok := errors.AsType[*source.Error](cause)
	end.Changed = ok && fault.Code == "FIL009" // somebody wrote to the input
	s := a.past.Summary(&a.info, a.Survey.Rows, a.Survey.BlankRows)
	s.RunDir, s.Rows, s.FinishedAt = a.Dir.Path(), a.counts, time.Now().UTC()
	s.Dropped, s.WithoutUnique = a.dropped, a.withoutUnique
	s.Reason, s.ExitCode = "", a.counts.ExitCode()
	s.Finished = cause == nil && s.Rows.Pending == 0 && s.Rows.Read >= a.Survey.Rows
	s.Seconds += seconds
	s.Requests.Add(end.Requests)
	for kind, n := range a.made {
		if s.AlsoCreated == nil {
			s.AlsoCreated = make(map[string]int)
		}
		s.AlsoCreated[kind] += n
	}
	s.Bounded = bottleneck(stats, a.held, time.Since(a.began), s.Requests.Writes > 0)
	if s.StartedAt.IsZero() {
		s.StartedAt = a.began.UTC()
	}
	if cause != nil {
		end.Reason, s.Reason, s.ExitCode = cause.Error(), cause.Error(), journal.ExitStopped
		if signal, ok := errors.AsType[*Interrupted](cause); ok {
			s.ExitCode = signal.ExitCode
		}
	}
	err := errors.Join(a.journal.Record(&end), a.flush(), a.reports.Close(), a.journal.Close())
	switch {
	case err != nil:
	case a.settling != nil || a.past.SawAfter(a.taken):
		err = a.reinstate(&s, cause)
	default:
		err = report.Order(a.Dir)
	}
	if err != nil && cause == nil { // the journal may lack the last outcomes, whatever the accounts say
		s.ExitCode, s.Reason, s.Finished = journal.ExitStopped, err.Error(), false
	}
	if werr := s.Write(a.Dir); werr != nil {
		s.ExitCode = journal.ExitStopped
		err = errors.Join(err, werr)
	}
	return s, err
}

// reinstate has the rows that earlier sessions had come to, and this one not, count as before.
func (a *accounts) reinstate(s *journal.Summary, cause error) error {
	p, err := journal.ReadHistory(a.Dir.Path(), &a.info, nil, nil)
	if err != nil {
		return err
	}
	now := p.Summary(&a.info, a.Survey.Rows, a.Survey.BlankRows)
	s.Rows, s.Dropped = now.Rows, now.Dropped
	if a.settling != nil && cause == nil {
		s.Finished, s.ExitCode, s.Reason = now.Finished, now.ExitCode, now.Reason
	}
	s.WithoutUnique, err = a.rebuild(context.WithoutCancel(a.stop), p, true)
	return errors.Join(err, p.Close())
}

// report tells whoever watches. writes are the rows that are to be written or are being written.
func (a *accounts) report(writes, looking int, halted bool) {
	if a.Progress == nil {
		return
	}
	p := Progress{Total: a.Rows(), Counts: a.counts, Phase: "writing"}
	if p.Rate = a.speed.rate(time.Now(), a.counts.Finished()); p.Rate > 0 {
		p.ETA = time.Duration(float64(p.Total-a.counts.Finished()) / p.Rate * float64(time.Second))
	}
	switch {
	case a.DryRun:
		p.Phase = "checking"
	case writes == 0 && looking > 0:
		p.Phase = "looking up"
	case halted:
		p.Phase = "finishing"
	}
	a.Progress(p)
}

// Before the first write the run says how many writes its rows need, and how long they take at Attio's pace. No
// request is made for it. The first write waits until as many rows as may be in flight have been looked up: of a file
// that is no longer than that, the number is known then; of a longer one, the share of its first rows that need a
// write.

// estimateWait is how long the first write waits at most.
const estimateWait = time.Second

// mayWrite reports whether writes may begin. full says that no more rows can be taken in before one of those in flight
// is done.
func (r *run) mayWrite(full bool) bool {
	a := r.accounts
	if a.estimated || r.DryRun {
		return true
	}
	known := full && r.looking == 0 && len(r.toLook) == 0
	if !known && time.Since(r.looped) < estimateWait {
		return false
	}
	a.estimated = true
	writes, left := len(r.toWrite), r.Rows()-a.counts.Finished()
	ahead := left - len(r.inFlight) // not read yet
	switch {
	case !known:
		a.estimate("at most "+plural(left, "write"), left)
	case ahead <= 0:
		a.estimate(plural(writes, "write"), writes)
	default: // by the share of the rows seen; those that wait for another row count as rows that need none
		seen := a.counts.Finished() - r.past.Counts.Finished() + len(r.inFlight)
		all := writes + int(float64(ahead)*float64(writes)/float64(seen)+0.5)
		a.estimate(fmt.Sprintf("%s of the first %s needed; at that share, some %s",
			plural(writes, "write"), plural(seen, "row"), plural(all, "write")), all)
	}
	return true
}

// estimate says what so many writes take; nothing of none.
func (a *accounts) estimate(what string, writes int) {
	if writes == 0 {
		return
	}
	rate := a.Client.WriteRate()
	takes := time.Duration(float64(writes) / rate * float64(time.Second)).Round(time.Second)
	take := map[bool]string{true: "takes", false: "take"}[writes == 1]
	a.Notice(fmt.Sprintf("%s, which %s %s at %g a second", what, take, max(takes, time.Second), rate))
}
