package exporter

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/importer/durable/extsort"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// job is one export, bound to its schema.
type job struct {
	Options
	client patient
	// known waits until the schema is read and all that follows from it is known, and says what is wrong with it.
	known func() (*references, error)

	schema   *attio.Schema
	object   *attio.Object // nil until the schema was found to fit
	flat     *flat.Flat    // nil for raw records
	order    ordering
	since    *Manifest // of ChangesSince
	minimum  int       // records below which nothing is replaced
	previous int       // records of the file that the minimum was taken from
	lines    extsort.Sorter
	rows     sync.Pool // of *rows, whose memory is used again
	watch    *schemaWatch
	turn     *turn
}

// run makes one of several exports. Its errors are those of Run.
func run(ctx context.Context, c *attio.Client, o Options, t *turn) (Manifest, error) {
	j := &job{Options: o, client: patient{c}, schema: o.Schema, turn: t}
	if err := j.ready(c.Now()); err != nil {
		return Manifest{}, err
	}
	defer j.lines.Close()
	m, err := j.export(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if _, few := errors.AsType[*TooFewError](err); err != nil && j.object != nil && !few {
		err = fmt.Errorf("export of %s: %w", j.object.Slug, err)
	}
	return m, err
}

// beside calls do in a goroutine. The function that it returns waits for what comes of it, any number of times.
func beside[T any](do func() (T, error)) (wait func() (T, error)) {
	var result T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, err = do()
	}()
	return func() (T, error) {
		<-done
		return result, err
	}
}

func (j *job) export(ctx context.Context) (Manifest, error) {
	began := time.Now() // the server's clock may not be known yet
	walking, stop := context.WithCancel(ctx)
	defer stop()
	j.known = beside(func() (*references, error) {
		refs, err := j.learn(ctx)
		if err != nil {
			stop()
		}
		return refs, err
	})
	found, err := j.walk(walking)
	if _, unknown := j.known(); unknown != nil {
		return Manifest{}, unknown
	}
	if err != nil {
		return Manifest{}, err
	}
	if found.Unsampled {
		j.warn("Attio did not show the newest records by themselves, so pages that end too early would not be noticed")
	}
	select {
	case <-j.turn.come:
	case <-ctx.Done():
		return Manifest{}, context.Cause(ctx)
	}
	again, giveUp := context.WithCancel(ctx)
	attributes := beside(func() ([]attio.Attribute, error) {
		return j.client.Attributes(again, j.object.Slug, false)
	})
	defer func() {
		giveUp()
		_, _ = attributes() // an error was looked at where it counts
	}()
	m := j.manifest(found)
	m.StartedAt = stamp(j.client.Now().Add(-time.Since(began)))
	if m.Verdict != Incomplete && m.Records < j.minimum {
		return m, &TooFewError{Path: j.Out, Records: m.Records, Minimum: j.minimum, Previous: j.previous}
	}
	return m, j.write(ctx, &m, attributes)
}

// walk reads all records into j.lines.
func (j *job) walk(ctx context.Context) (walk.Survey, error) {
	return walk.All(ctx, walk.Source{
		Held: j.turn.held, Server: j.client, Object: j.Object, Filter: j.Filter, KeepRaw: j.Raw,
		PageSize: j.PageSize, InFlight: j.InFlight,
		Progress: func(p Progress) {
			if j.Progress != nil {
				j.turn.say(func() { j.Progress(p) }, false)
			}
		},
		Prepare: func(ctx context.Context, records []attio.Record) ([]walk.Line, error) {
			refs, err := j.known()
			if err == nil && ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			if err != nil {
				return nil, err
			}
			j.watch.page(records)
			look, err := refs.lookup(ctx, records)
			if err != nil {
				return nil, err
			}
			return j.prepare(records, look)
		},
		Emit:  func(_ *attio.Record, l walk.Line) error { return j.lines.Add(l.Key, l.Text) },
		Reset: func() error { j.lines.Close(); return nil },
	})
}

// retryFor is how long queries may be refused for their rate.
const retryFor = 2 * time.Minute

// patient is a client that asks again for pages that are refused for their rate. Others give a query up after some
// refusals, since a smaller one might pass; but an export has no smaller ones, and at night nobody is there to start it
// again.
type patient struct{ *attio.Client }

func (c patient) ReadPage(ctx context.Context, object string, q attio.Query, into *attio.Page) error {
	bounded, cancel := context.WithTimeout(ctx, retryFor)
	defer cancel()
	err := c.Client.ReadPage(ctx, object, q, into)
	for attio.ClassOf(err) == attio.NotProcessed {
		again := c.Client.ReadPage(bounded, object, q, into)
		if again != nil && bounded.Err() != nil && ctx.Err() == nil {
			return err // the refusal, not the end of our patience
		}
		err = again
	}
	return err
}

func (j *job) warn(text string) {
	if j.Warn != nil {
		j.turn.say(func() { j.Warn(text) }, true)
	}
}
