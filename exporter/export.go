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
	"github.com/attio-bulk/attio-bulk/exporter/walk"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
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

	schema   *attio.Schema
	object   *attio.Object // nil until the schema was found to fit
	flat     *flat.Flat    // nil for raw records
	order    ordering
	since    *Manifest // of ChangesSince
	minimum  int       // records below which nothing is replaced
	previous int       // records of the file that the floor was taken from
	lines    sorter
	made     bool // the folder of the file, where that is to be made
	watch    *schemaWatch
	warning  sync.Mutex
}

// Run exports an object and returns its manifest, whose verdict the caller has to look at: an incomplete export is no
// error, but lies under FILE.incomplete. s must hold the object's attributes, and those of the objects it refers to
// where references are looked up.
//
// Errors before the first request: *OptionError, *NotWholeError, problem.Problems (unknown columns and sort keys).
// After it: *TooFewError, what Attio answers as *attio.Error (an unknown filter is refused by it), the disk's, or the
// context's cause. In all these cases the previous file is as it was, and nothing is left beside it.
func Run(ctx context.Context, c *attio.Client, s *attio.Schema, o Options) (Manifest, error) {
	j := newJob(c, o)
	j.schema = s
	return j.run(ctx)
}

// RunReading is Run where the schema has to be read first: the first pages are read meanwhile, and wait. An error of
// read, or one that the schema shows, comes before any that the pages bring.
func RunReading(
	ctx context.Context, c *attio.Client, read func(context.Context) (*attio.Schema, error), o Options,
) (Manifest, error) {
	j := newJob(c, o)
	j.readSchema = read
	return j.run(ctx)
}

func newJob(c *attio.Client, o Options) *job {
	return &job{
		Options: o, read: retryRateLimited(c.ReadPage), members: c.WorkspaceMembers, now: c.Now,
		limited: func() int64 { return c.Stats().RateLimited },
		sizes:   c.Filters(), attributes: c.Attributes,
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
	began := time.Now() // the server's clock may not be known yet
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
	if found.Unsampled {
		j.warn("Attio did not show the newest records by themselves, so pages that end too early would not be noticed")
	}
	recheck, stopCheck := j.startSchemaCheck(ctx)
	defer stopCheck()
	m := j.manifest(found)
	m.StartedAt = stamp(j.now().Add(-time.Since(began)))
	if m.Verdict != Incomplete && m.Records < j.minimum {
		return m, &TooFewError{Path: j.Out, Records: m.Records, Minimum: j.minimum, Previous: j.previous}
	}
	return m, j.write(ctx, &m, recheck)
}

// walk reads all records into j.lines.
func (j *job) walk(ctx context.Context) (walk.Survey, error) {
	refs := sync.OnceValue(func() *references {
		if j.flat == nil {
			return nil
		}
		return &references{flat: j.flat, schema: j.schema, byKey: j.References == flat.ByKey, sizes: j.sizes, read: j.read}
	})
	return walk.All(ctx, walk.Source{
		Read: func(ctx context.Context, q attio.Query, into *attio.Page) error {
			return j.read(ctx, j.Object, q, into)
		},
		Object: j.Object, Filter: j.Filter, Filters: j.sizes, KeepRaw: j.Raw, PageSize: j.PageSize, InFlight: j.InFlight,
		Now: j.now, RateLimited: j.limited, Progress: j.Progress,
		Prepare: func(ctx context.Context, records []attio.Record) (lines []walk.Line, err error) {
			select {
			case <-j.bound:
			case <-ctx.Done():
			}
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			j.watch.page(records)
			var look flat.Lookup
			if refs := refs(); refs != nil {
				if look, err = refs.lookup(ctx, records); err != nil {
					return nil, err
				}
			}
			return j.prepare(records, look)
		},
		Emit: func(_ *attio.Record, l walk.Line) error {
			if err := j.makeFolder(); err != nil {
				return err
			}
			return j.lines.add(l.Key, l.Text)
		},
		Reset: func() error { j.lines.close(); return nil },
	})
}

// prepare makes the lines of a page's records, in one piece of memory.
func (j *job) prepare(records []attio.Record, look flat.Lookup) ([]walk.Line, error) {
	rows := newRows(j.flat, j.Format, j.warn)
	var all []byte
	ends := make([]int, 0, 2*len(records))
	for i := range records {
		all = j.order.append(all, &records[i])
		ends = append(ends, len(all))
		text, err := rows.of(&records[i], look)
		if err != nil {
			return nil, err
		}
		all = append(all, text...)
		ends = append(ends, len(all))
	}
	all = bytes.Clone(all) // without the room that appending left
	lines := make([]walk.Line, len(records))
	from := 0
	for i := range lines {
		key, end := ends[2*i], ends[2*i+1]
		lines[i] = walk.Line{Key: all[from:key], Text: all[key:end]}
		from = end
	}
	return lines, nil
}

// warn tells Warn, one at a time.
func (j *job) warn(text string) {
	j.warning.Lock()
	defer j.warning.Unlock()
	j.Warn(text)
}

func (j *job) manifest(found walk.Survey) Manifest {
	m := Manifest{
		Schema: 1, Object: j.object.Slug, Workspace: j.schema.Self.WorkspaceSlug, Version: j.Version, Path: j.Out,
		Records: found.Records, Read: found.Records, LeftToNext: found.LeftToNext, DuplicatesDropped: found.Duplicates,
		Changes: found.Changes, Verdict: Complete, Doubts: found.Doubts,
		Pages: found.Pages, Order: found.Order, Score: found.Score,
		Filter: j.Filter, Limit: j.Limit, Sort: SortKey{Attribute: "created_at"}.String(),
		Format: j.Format, Raw: j.Raw, References: string(flat.ByID), ForSpreadsheet: j.Spreadsheet,
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
	case len(found.Doubts) > 0:
		m.Verdict = Incomplete
		if m.Path != "-" {
			m.Path += IncompleteSuffix
		}
	case found.Changes > 0:
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
	if err := j.makeFolder(); err != nil {
		return err
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
