// Package exporter writes an object's records to a flat file that can be proven complete, with a manifest that says what it is.
package exporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// readFunc is attio.Client.ReadPage.
type readFunc func(ctx context.Context, object string, q attio.Query, into *attio.Page) error

// job is one export, bound to its schema.
type job struct {
	Options
	read    readFunc
	members func(context.Context) ([]attio.Member, error)
	// attributes reads an object's attributes, to see whether they changed.
	attributes func(ctx context.Context, object string, withOptions bool) ([]attio.Attribute, error)
	now        func() time.Time
	limited    func() int64
	sizes      *attio.FilterSizes
	// readSchema is set where the schema is to be read; bound is closed when it is, and all that follows from it is known.
	readSchema func(context.Context) (*attio.Schema, error)
	bound      chan struct{}

	schema  *attio.Schema
	object  *attio.Object // nil until the schema was found to fit
	flat    *mapping.Flat // nil for raw records
	order   ordering
	since   *Manifest // of ChangesSince
	floor   int       // records below which nothing is replaced
	before  int       // records of the file that the floor was taken from
	lines   sorter
	watch   *schemaWatch
	warning sync.Mutex
}

// Run exports an object and answers its manifest, whose verdict the caller has to look at: an incomplete export is no error, but lies under
// FILE.incomplete. s must hold the object's attributes, and those of the objects it refers to where references are looked up.
//
// Errors before the first request: *OptionError, *NotWholeError, mapping.Problems (unknown columns and sort keys). After it:
// *TooFewError, what Attio answers as *attio.Error (an unknown filter is refused by it), the disk's, or the context's cause. In all these cases
// the previous file is as it was, and nothing is left beside it.
func Run(ctx context.Context, c *attio.Client, s *attio.Schema, o Options) (Manifest, error) {
	j := newJob(c, o)
	j.schema = s
	return j.run(ctx)
}

// RunReading is Run where the schema has to be read first: the first pages are read meanwhile, and wait. An error of read, or one that the schema
// shows, comes before any that the pages bring.
func RunReading(ctx context.Context, c *attio.Client, read func(context.Context) (*attio.Schema, error), o Options) (Manifest, error) {
	j := newJob(c, o)
	j.readSchema = read
	return j.run(ctx)
}

func newJob(c *attio.Client, o Options) *job {
	return &job{
		Options: o, read: patiently(c.ReadPage), members: c.WorkspaceMembers, now: c.Now, limited: func() int64 { return c.Stats().RateLimited },
		sizes: c.Filters(), attributes: c.Attributes,
		bound: make(chan struct{}),
	}
}

func (j *job) run(ctx context.Context) (Manifest, error) {
	if err := j.check(); err != nil {
		return Manifest{}, err
	}
	if j.schema != nil {
		if err := j.bind(); err != nil {
			return Manifest{}, err
		}
	}
	if j.MakeFolder && j.Out != "-" {
		if err := os.MkdirAll(filepath.Dir(j.Out), 0o700); err != nil {
			return Manifest{}, err
		}
	}
	defer j.lines.close()
	m, err := j.export(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	var few *TooFewError
	if err != nil && j.object != nil && !errors.As(err, &few) {
		err = fmt.Errorf("export of %s: %w", j.object.Slug, err)
	}
	return m, err
}

func (j *job) export(ctx context.Context) (Manifest, error) {
	started := j.now()
	walking, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var unknown error
	go func() {
		defer close(j.bound)
		if unknown = j.learn(ctx); unknown != nil {
			stop(unknown)
		}
	}()
	found, err := j.walk(walking)
	if <-j.bound; unknown != nil {
		return Manifest{}, unknown
	}
	if err != nil {
		return Manifest{}, err
	}
	recheck := j.startSchemaCheck(ctx)
	m := j.manifest(found)
	m.StartedAt = stamp(started)
	if m.Verdict != Incomplete && m.Records < j.floor {
		return m, &TooFewError{Path: j.Out, Records: m.Records, Floor: j.floor, Before: j.before}
	}
	return m, j.write(ctx, &m, recheck)
}

// walk reads all records into j.lines.
func (j *job) walk(ctx context.Context) (survey, error) {
	s := source{
		read: func(ctx context.Context, q attio.Query, into *attio.Page) error {
			return j.read(ctx, j.Object, q, into)
		},
		object: j.Object, filter: j.Filter, sizes: j.sizes, keepRaw: j.Raw, size: j.PageSize, inFlight: j.InFlight,
		now: j.now, limited: j.limited, told: j.Progress,
		emit:  func(_ *attio.Record, l line) error { return j.lines.add(l.key, l.text) },
		reset: func() error { j.lines.close(); return nil },
	}
	refs := sync.OnceValue(func() *references {
		if j.flat == nil {
			return nil
		}
		return &references{flat: j.flat, schema: j.schema, byKey: j.References == mapping.ByKey, sizes: j.sizes, read: j.read}
	})
	s.prepare = func(ctx context.Context, r *reading) (err error) {
		select {
		case <-j.bound:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		j.watch.page(r.records)
		var look mapping.Lookup
		if refs := refs(); refs != nil {
			if look, err = refs.lookup(ctx, r.records); err != nil {
				return err
			}
		}
		return j.prepare(r, look)
	}
	return walkAll(ctx, s)
}

// prepare makes the lines of a page's records, in one piece of memory.
func (j *job) prepare(r *reading, look mapping.Lookup) error {
	rows := newRows(j.flat, j.Format, j.warn)
	var all []byte
	ends := make([]int, 0, 2*len(r.records))
	for i := range r.records {
		all = j.order.append(all, &r.records[i])
		ends = append(ends, len(all))
		text, err := rows.of(&r.records[i], look)
		if err != nil {
			return err
		}
		all = append(all, text...)
		ends = append(ends, len(all))
	}
	all = bytes.Clone(all) // without the room that appending left
	r.lines = make([]line, len(r.records))
	from := 0
	for i := range r.lines {
		key, end := ends[2*i], ends[2*i+1]
		r.lines[i] = line{all[from:key], all[key:end]}
		from = end
	}
	return nil
}

// warn tells Warn, one at a time.
func (j *job) warn(text string) {
	j.warning.Lock()
	defer j.warning.Unlock()
	j.Warn(text)
}

func (j *job) manifest(found survey) Manifest {
	m := Manifest{
		Schema: 1, Object: j.object.Slug, Records: found.records, Pages: found.pages, Filter: j.Filter, ForSpreadsheet: j.Spreadsheet,
		Workspace: j.schema.Self.WorkspaceSlug, DuplicatesDropped: found.duplicates, Changes: found.changes, Verdict: Complete,
		Doubts: found.doubts, LeftToNext: found.newer, Read: found.records, Order: found.order, Score: found.score, Format: j.Format,
		References: string(mapping.ByID), Raw: j.Raw, Limit: j.Limit, Version: j.Version, Sort: SortKey{Attribute: "created_at"}.String(), Path: j.Out,
	}
	if j.flat != nil {
		m.Columns = j.flat.Header()
	}
	if j.References != "" {
		m.References = string(j.References)
	}
	for i, k := range j.Sort {
		if m.Sort += "," + k.String(); i == 0 {
			m.Sort = k.String()
		}
	}
	if j.Limit > 0 {
		m.Records = min(m.Records, j.Limit)
	}
	switch {
	case len(found.doubts) > 0:
		m.Verdict = Incomplete
		if m.Path != "-" {
			m.Path += IncompleteSuffix
		}
	case found.changes > 0:
		m.Verdict = Changed
	}
	return m
}

// errEnough ends the lines at the limit.
var errEnough = errors.New("enough records")

// write makes the file, the changes and the manifest, and gives them their names only when all of them are on the disk.
func (j *job) write(ctx context.Context, m *Manifest, recheck func(*Manifest) error) error {
	stdout := j.Stdout
	if stdout == nil {
		stdout = os.Stdout
	}
	out, err := newOutput(m.Path, stdout)
	if err != nil {
		return err
	}
	defer func() { out.abandon() }()
	if err := j.fillOutput(ctx, out, m.Records); err != nil {
		return err
	}
	if err := recheck(m); err != nil {
		return err
	}
	m.Bytes, m.SHA256, m.FinishedAt = out.size, out.hash(), stamp(j.now())
	if out.file == nil {
		return nil
	}
	ready := []*output{out}
	defer func() {
		for _, o := range ready[1:] {
			o.abandon()
		}
	}()
	if j.since != nil && m.Verdict != Incomplete {
		changes, err := j.writeChanges(ctx, m, out.file.Name())
		if err != nil {
			return err
		}
		ready = append(ready, changes)
	}
	note, err := newOutput(m.Path+manifestSuffix, nil)
	if err != nil {
		return err
	}
	ready = append(ready, note)
	note.Write(m.text()) // a bufio.Writer keeps its first error
	if err := note.finish(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := publishAll(ready); err != nil {
		return err
	}
	if err := durable.SyncFolder(filepath.Dir(m.Path)); err != nil {
		return fmt.Errorf("%s and its manifest are written, but may not outlast a power cut: %w", m.Path, err)
	}
	return nil
}

// fillOutput writes the header and so many lines.
func (j *job) fillOutput(ctx context.Context, out *output, records int) error {
	if j.Format == "csv" {
		out.Write(newRows(j.flat, j.Format, nil).header())
	}
	n := 0
	err := j.lines.each(func(_, line []byte) error {
		if n == records {
			return errEnough
		}
		if n++; n%1000 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		_, err := out.Write(line)
		return err
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return out.finish()
}
