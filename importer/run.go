package importer

import (
	"cmp"
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// One reader converts rows in the file's order; look-ups and writes run beside each other, each on the client's own
// budget; one loop, in Run's own goroutine, decides and records. Channels are bounded and so is the number of rows in
// flight, so that memory does not grow with the file.

const (
	// maxInFlight bounds the rows in flight: enough to keep the writers fed, few enough that a look-up is less than a
	// minute old when its row is written at 25 a second.
	maxInFlight = 1200
	// lookupBatch is how many rows one look-up is for at most; how many it really is for follows from their values.
	lookupBatch = 100
	// maxLookups bounds the look-ups that are asked at once.
	maxLookups = 12
	// maxWorkers bounds the writes in flight.
	maxWorkers = 128
	// flushEvery is how long an outcome without a write may wait for its flush.
	flushEvery = time.Second
)

// session is what the owners of a run share: what it was told, its journal, and when to stop. Nothing of it changes
// once rows are read.
type session struct {
	Import
	Dir     *journal.Dir
	info    journal.Info
	past    *journal.History // what earlier sessions did
	last    *journal.Summary // of the last of them; nil where none came to its end
	journal *journal.Writer
	file    *mapfile.File // of a later session: the run's mapping
	// settling, where set, has the session find out what became of rows whose answers were lost, and send nothing: the
	// object as it is now, which the plan does not fit any more.
	settling *attio.Object
	stop     context.Context
	cancel   context.CancelCauseFunc
}

// run is the loop: it owns the rows in flight and their queues. All of it belongs to one goroutine.
type run struct {
	*session
	reader   *reader
	resolver *resolver
	writer   *writer
	accounts *accounts
	claims   *claim.Table
	lines    source.Lines // of the rows taken in
	previews previews

	inFlight map[int]*item // by row number
	toLook   []*item
	toWrite  []*item
	looking  int         // reads in flight
	writing  int         // rows with a worker
	events   chan func() // what a worker came back with
	writes   chan *item
	latency  latencies
	workers  int
	halt     error
	readDone bool
	looped   time.Time // when the loop began
}

// run works on a run from what its journal says was done until all is done or something stops it.
func (s *session) run(ctx context.Context) (journal.Summary, error) {
	s.stop, s.cancel = context.WithCancelCause(ctx)
	defer s.cancel(nil)
	if s.Abort == nil {
		s.Abort = context.WithoutCancel(ctx)
	}
	if s.Notice == nil {
		s.Notice = func(string) {}
	}
	r := &run{
		session: s, resolver: newResolver(s), accounts: newAccounts(s), claims: claim.New(s.Rows() * len(s.Plan.Unique)),
		inFlight: make(map[int]*item), events: make(chan func(), 4*maxWorkers), writes: make(chan *item),
	}
	if s.DryRun {
		r.previews = previews{most: s.Preview, plan: s.Plan}
	}
	r.reader, r.writer = &reader{session: s, claims: r.claims}, newWriter(s, r.resolver)
	var err error
	if s.Plan.Mode != mapping.Create {
		err = s.past.EachRecord(func(row int, record string) { r.claims.Claim(r.claims.Key(idKey(record)), row) })
	}
	if err == nil && !s.past.Empty() { // a crash may have torn the reports
		r.accounts.withoutUnique, err = s.rebuild(ctx, s.past, false)
	}
	if err != nil {
		return journal.Summary{}, errors.Join(err, s.journal.Close())
	}
	r.accounts.reports = report.Open(s.Dir, s.Input)
	cause := r.work()
	summary, err := r.accounts.finish(cause)
	if r.Previewed != nil && cause == nil {
		r.previews.each(r.Previewed)
	}
	if cause != nil && err != nil {
		return summary, errors.Join(cause, err)
	}
	return summary, cmp.Or(cause, err)
}

// work runs the goroutines and the loop. The error is why it ended early.
func (r *run) work() error {
	if err := r.journal.Record(&journal.Session{At: now()}); err != nil {
		return err
	}
	if r.settling == nil {
		err := (&maker{r.session, r.resolver, r.accounts.made}).prepare()
		if err == nil {
			err = r.resolver.foresee()
		}
		if err != nil {
			return err
		}
	}
	g, gctx := errgroup.WithContext(r.stop)
	rows := make(chan []*item, 1)
	g.Go(func() error {
		defer close(rows)
		return r.reader.read(gctx, rows)
	})
	r.loop(rows, g)
	close(r.writes)
	if err := g.Wait(); err != nil && r.halt == nil && !errors.Is(err, context.Canceled) {
		r.halt = err
	}
	if r.halt == nil && r.stop.Err() != nil {
		r.halt = context.Cause(r.stop)
	}
	if n := r.accounts.counts.Created + r.accounts.counts.Updated; r.DryRun && r.halt == nil {
		r.accounts.estimate("an import would send "+plural(n, "write"), n)
	}
	return r.halt
}

// loop decides and records until every row that was read has its outcome, or the run is stopped and nothing is in
// flight any more.
func (r *run) loop(rows <-chan []*item, g *errgroup.Group) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	var ready []*item // rows handed over and not yet taken in
	stopped, aborted := r.stop.Done(), r.Abort.Done()
	r.looped = time.Now()
	for {
		for len(ready) > 0 && len(r.inFlight) < maxInFlight && r.halt == nil {
			r.take(ready[0])
			ready = ready[1:]
		}
		r.dispatch(g)
		full := len(ready) > 0 || r.readDone
		if r.looking+r.writing == 0 && (r.halt != nil || r.readDone && len(ready)+len(r.inFlight) == 0) {
			return
		}
		in, out, first := rows, r.writes, (*item)(nil)
		if full {
			in = nil
		}
		if len(r.toWrite) > 0 && r.halt == nil && r.mayWrite(full) {
			first = r.toWrite[0]
		} else {
			out = nil
		}
		select {
		case batch, ok := <-in:
			ready, r.readDone = batch, !ok
		case take := <-r.events:
			take()
		case out <- first:
			r.toWrite = r.toWrite[1:]
			r.writing++
		case <-tick.C:
			r.fail(r.accounts.flush())
			r.accounts.report(len(r.toWrite)+r.writing, r.looking, r.halt != nil)
		case <-stopped:
			stopped = nil
			r.fail(context.Cause(r.stop))
		case <-aborted:
			aborted = nil
			r.fail(context.Cause(r.Abort))
		}
	}
}

// dispatch starts look-ups and writers for what waits.
func (r *run) dispatch(g *errgroup.Group) {
	if r.halt != nil {
		return
	}
	if r.accounts.trouble.doubtful {
		r.accounts.trouble.doubtful = false
		r.readBeside(g, r.compareSchema)
	}
	for len(r.toLook) > 0 && r.looking < maxLookups {
		n, full := r.nextLookup()
		if !full && r.looking > 0 {
			break // a look-up is in flight: let the batch fill up meanwhile
		}
		job := r.resolver.jobFor(r.toLook[:n])
		r.toLook = r.toLook[n:]
		r.readBeside(g, func() func() {
			err := r.resolver.lookUp(job)
			return func() { r.looked(job, err) }
		})
	}
	if len(r.toWrite) > 0 && r.workers <= r.writing && r.workers < r.workerLimit() {
		r.workers++
		g.Go(func() error {
			for it := range r.writes {
				f := r.writer.send(it)
				r.events <- func() {
					r.writing--
					r.advance(it, r.wrote(it, f))
				}
			}
			return nil
		})
	}
}

// readBeside has a goroutine read something beside the rows. What read returns is done by the loop.
func (r *run) readBeside(g *errgroup.Group, read func() (take func())) {
	r.looking++
	g.Go(func() error {
		take := read()
		r.events <- func() {
			r.looking--
			take()
		}
		return nil
	})
}

// workerLimit is how many writes may be in flight: by Little's law the rate times the time that a call takes, with a
// second more since a whole window's calls go out together.
func (r *run) workerLimit() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return r.latency.workers(r.Client.WriteRate())
}

// fail halts the run for the first error that stops it; nil does nothing.
func (r *run) fail(err error) {
	if err == nil || r.halt != nil {
		return
	}
	r.halt = err
	r.cancel(err)
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
