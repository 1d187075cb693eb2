package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// One reader converts rows in the file's order; lookups and writes run beside each other, each on the client's own
// budget; one loop, in Run's own goroutine, decides and records. Channels are bounded and so is the number of rows
// under way, so that memory does not grow with the file.

const (
	// rowsUnderWay is how many rows may be under way: far enough ahead for the lookups to feed the writers, near enough
	// that what was looked up is less than a minute old when its row is written at 25 a second.
	rowsUnderWay = 1200
	// lookupBatch is how many rows one lookup is for at most; how many it really is for follows from their values.
	lookupBatch = 100
	// lookupsInFlight bounds the lookups under way at once.
	lookupsInFlight = 12
	// maxWorkers bounds the writes in flight.
	maxWorkers = 128
	// flushEvery is how long an outcome without a write may wait for its flush.
	flushEvery = time.Second
)

// run is the state of one leg of an import. All of it belongs to the loop's goroutine but for what is said otherwise.
type run struct {
	Options
	info   RunInfo
	past   *journal.History // what earlier sessions did
	stop   context.Context
	cancel context.CancelCauseFunc
	claims *claim.Table
	known  *index // what a sweep found; nil without one
	refs   *targets
	find   *finder
	rec    *records

	flights   map[int]*item // rows under way, by number
	spare     sync.Pool     // items whose rows are done
	toLook    []*item
	toWrite   []*item
	looking   int // lookups in flight
	writing   int // items with a worker
	workers   int
	latency   latencies
	events    chan event
	writes    chan *item
	counts    Counts
	taken     int // the last row taken in
	attempts  attemptLog
	also      map[string]int         // what was made besides the rows' records
	actor     atomic.Pointer[string] // who our key is, for the workers
	sizes     map[string]int         // values a filter holds, by object, as was said last
	halt      error
	held      attio.Stats // of the client as the leg began
	readDone  bool
	started   time.Time
	looped    time.Time // when the loop began
	speed     speed
	estimated bool // what the writes will take has been said
}

// event is what a worker tells the loop.
type event struct {
	looked *lookupDone // a lookup came back
	wrote  *writeDone  // a write came back
	schema *schemaRead // the schema was read again
}

// Run imports. ctx stops it: no new rows, and requests in flight are seen through; Options.Abort gives those up. The
// Summary is that of the whole run and is written to summary.json also when there is an error; the error says why the
// run stopped early: *Interrupted, *Stop, *attio.Error, an I/O error.
func Run(ctx context.Context, o Options) (Summary, error) {
	info, err := newRunInfo(&o)
	if err != nil {
		return Summary{}, err
	}
	if err := info.Write(o.Dir); err != nil {
		return Summary{}, err
	}
	if err := durable.ReplaceJSON(o.Dir.File(journal.SchemaFile), o.Plan.Schema); err != nil {
		return Summary{}, fmt.Errorf("run directory: %w", err)
	}
	if in := o.Input.Options(); in.Path == "-" {
		if err := o.Dir.KeepInput(in.Spool); err != nil {
			return Summary{}, err
		}
	}
	w, err := journal.NewWriter(o.Dir, &info)
	if err != nil {
		return Summary{}, err
	}
	return runSession(ctx, o, info, &journal.History{}, w)
}

// runSession works on a run from what its journal says was done until all is done or something stops it.
func runSession(ctx context.Context, o Options, info RunInfo, p *journal.History, w *journal.Writer) (Summary, error) {
	r := &run{
		Options: o, info: info, past: p, started: time.Now(),
		claims: claim.New(o.values()), refs: newTargets(), also: make(map[string]int), flights: make(map[int]*item),
		events: make(chan event, 4*maxWorkers), writes: make(chan *item), find: newFinder(o.Client), sizes: make(map[string]int),
	}
	if r.Abort == nil {
		r.Abort = context.WithoutCancel(ctx)
	}
	if r.Notice == nil {
		r.Notice = func(string) {}
	}
	r.stop, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	r.counts, r.held = p.Counts, o.Client.Stats()
	r.speed.rate(r.started, r.counts.Finished())
	if o.Plan.Mode != mapping.Create {
		if err := p.EachRecord(func(row int, record string) {
			r.claims.Claim(r.claims.Key(idKey(record)), row)
		}); err != nil {
			return Summary{}, errors.Join(err, w.Close())
		}
	}
	if r.attempts.actor = p.Actor; p.Actor != "" {
		r.actor.Store(&p.Actor)
	}
	rec, err := openRecords(ctx, &o, p, w)
	if err != nil {
		return Summary{}, errors.Join(err, w.Close())
	}
	r.rec = rec
	cause := r.work()
	summary, err := r.finish(cause)
	if cause != nil && err != nil {
		return summary, errors.Join(cause, err)
	}
	return summary, cmp.Or(cause, err)
}

// work runs the goroutines and the loop. The error is why it ended early.
func (r *run) work() error {
	if err := r.rec.journal.Record(&journal.Session{At: now()}); err != nil {
		return err
	}
	if r.onlySettle == nil {
		if err := r.prepare(); err != nil {
			return err
		}
		if err := r.plan(); err != nil {
			return err
		}
	}
	g, gctx := errgroup.WithContext(r.stop)
	rows := make(chan []*item, 1)
	g.Go(func() error {
		defer close(rows)
		return r.read(gctx, rows)
	})
	r.loop(rows, g)
	close(r.writes)
	if err := g.Wait(); err != nil && r.halt == nil && !errors.Is(err, context.Canceled) {
		r.halt = err
	}
	if r.halt == nil && r.stop.Err() != nil {
		r.halt = context.Cause(r.stop)
	}
	if n := r.counts.Created + r.counts.Updated; r.DryRun && r.halt == nil {
		r.estimate("an import would send "+plural(n, "write"), n)
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
		for len(ready) > 0 && len(r.flights) < rowsUnderWay && r.halt == nil {
			r.take(ready[0])
			ready = ready[1:]
		}
		r.dispatch(g)
		if r.idle(len(ready)) {
			return
		}
		in := rows
		if len(ready) > 0 || r.readDone {
			in = nil
		}
		var out chan<- *item
		var next *item
		if len(r.toWrite) > 0 && r.halt == nil && r.mayWrite(len(ready) > 0 || r.readDone) {
			out, next = r.writes, r.toWrite[0]
		}
		select {
		case batch, ok := <-in:
			if !ok {
				r.readDone = true
			}
			ready = batch
		case ev := <-r.events:
			r.drain(ev)
		case out <- next:
			r.toWrite = r.toWrite[1:]
			r.writing++
		case <-tick.C:
			r.fail(r.rec.flush())
			r.report()
		case <-stopped:
			stopped = nil
			r.fail(context.Cause(r.stop))
		case <-aborted:
			aborted = nil
			r.fail(context.Cause(r.Abort))
		}
	}
}

// idle says that nothing is left to do: all rows are done, or the run is halted and nothing is in flight.
func (r *run) idle(ready int) bool {
	if r.looking > 0 || r.writing > 0 {
		return false
	}
	return r.halt != nil || (r.readDone && ready == 0 && len(r.flights) == 0)
}

// drain handles an event and those that wait behind it.
func (r *run) drain(ev event) {
	for more := true; more; {
		switch {
		case ev.looked != nil:
			r.looking--
			r.looked(ev.looked)
		case ev.schema != nil:
			r.looking--
			r.compareSchema(ev.schema)
		case ev.wrote != nil:
			r.writing--
			r.wrote(ev.wrote)
		}
		select {
		case ev = <-r.events:
		default:
			more = false
		}
	}
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
