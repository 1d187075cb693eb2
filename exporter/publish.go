package exporter

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// write makes the file, the changes and the manifest, and gives them their names only when all of them are on the
// disk. attributes waits for those that the object has at the end.
func (j *job) write(ctx context.Context, m *Manifest, attributes func() ([]attio.Attribute, error)) error {
	if j.MakeFolder && j.Out != "-" {
		if err := os.MkdirAll(filepath.Dir(j.Out), 0o700); err != nil {
			return err
		}
	}
	var ready []*output
	defer func() {
		for _, o := range ready {
			if o.file != nil {
				o.file.Discard()
			}
		}
	}()
	open := func(path string) (*output, error) {
		o, err := newOutput(path, j.Stdout)
		if err == nil {
			ready = append(ready, o)
		}
		return o, err
	}
	out, err := open(m.Path)
	if err != nil {
		return err
	}
	if err := j.fill(ctx, out, m.Records); err != nil {
		return err
	}
	now, err := attributes()
	if err != nil {
		return fmt.Errorf("read the attributes again: %w", err)
	}
	m.SchemaChanges = j.watch.changes(now)
	m.Changes += len(m.SchemaChanges)
	if m.Verdict == Complete && m.SchemaChanges != nil {
		m.Verdict = Changed
	}
	m.Bytes, m.SHA256, m.FinishedAt = out.size, hex.EncodeToString(out.sum.Sum(nil)), stamp(j.client.Now())
	if out.file == nil {
		return nil
	}
	if j.since != nil && m.Verdict != Incomplete {
		changes, err := open(m.Path + changesSuffix)
		if err != nil {
			return err
		}
		if m.Since, err = j.writeChanges(ctx, changes, out.file.Name(), m); err != nil {
			return err
		}
		m.ChangesPath = changes.path
	}
	note, err := open(m.Path + manifestSuffix)
	if err != nil {
		return err
	}
	if err := cmp.Or(json.NewEncoder(note).Encode(m), note.finish()); err != nil {
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

// errEnough ends the lines at the limit.
var errEnough = errors.New("enough records")

// fill writes the header and so many lines.
func (j *job) fill(ctx context.Context, out *output, records int) error {
	out.Write(newRows(j.flat, j.Format, nil).header())
	n := 0
	err := j.lines.Each(func(_, line []byte) error {
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

// A file, its changes and its manifest get their names one after the other, since no file system renames several at
// once. Should one of them fail, those before it are undone: what stood under their names is kept under another until
// all have theirs. A process that is killed between two renames leaves a file that does not agree with its manifest,
// which a check of it, and the next export of changes, notice.

// earlier is what stood under a name before it was given to an output.
type earlier struct {
	path string
	kept string // another name of it; "" where nothing stood there, or where the file system has no second names
	none bool   // nothing stood there
}

// keep gives what stands under an output's name another one as well.
func keep(o *output) earlier {
	e := earlier{path: o.path, kept: o.file.Name() + ".tmp"}
	if err := os.Link(e.path, e.kept); err != nil {
		e.kept, e.none = "", errors.Is(err, fs.ErrNotExist)
	}
	return e
}

// publishAll gives finished outputs, all of one folder, their names: all of them, or none.
func publishAll(outs []*output) error {
	before := make([]earlier, len(outs))
	for i, o := range outs {
		before[i] = keep(o)
	}
	defer func() {
		for _, e := range before {
			if e.kept != "" {
				_ = os.Remove(e.kept) // where that fails, a hidden file stays behind
			}
		}
	}()
	for i, o := range outs {
		if err := durable.Rename(o.file.Name(), o.path); err != nil {
			for i := range before[:i] {
				err = errors.Join(err, before[i].putBack())
			}
			return err
		}
		o.file = nil
	}
	return nil
}

// putBack undoes the renaming of an output to the name. What cannot be put back is left for a person.
func (e *earlier) putBack() (err error) {
	kept := e.kept
	e.kept = ""
	switch {
	case e.none:
		if err = os.Remove(e.path); err != nil {
			err = fmt.Errorf("%s is the new file and cannot be removed: %w", e.path, err)
		}
	case kept == "":
		err = fmt.Errorf("%s is the new file, and the earlier one is gone", e.path)
	default:
		if err = durable.Rename(kept, e.path); err != nil {
			err = fmt.Errorf("%s is the new file and cannot be put back; the earlier one lies in %s: %w", e.path, kept, err)
		}
	}
	return err
}

// output is a file on its way: it lies under a temporary name in the same folder until publishAll, or goes to standard
// output. Its Write keeps the first error, which finish returns.
type output struct {
	*bufio.Writer
	path string        // the name to be
	file *durable.File // nil for standard output, and once it is published
	to   io.Writer
	sum  hash.Hash
	size int64
	pack io.WriteCloser // nil for plain
}

// newOutput opens an output late, when its content is known to be whole. Where path is "-", it is stdout, or the
// process's where that is nil.
func newOutput(path string, stdout io.Writer) (*output, error) {
	o := &output{path: path, to: stdout, sum: sha256.New()}
	switch {
	case path != "-":
		f, err := durable.CreateTemp(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		o.file, o.to = f, f
	case stdout == nil:
		o.to = os.Stdout
	}
	var into io.Writer = (*counter)(o)
	switch _, compression := suffixes(path); compression {
	case "gz":
		o.pack = gzip.NewWriter(into)
	case "zst":
		// it refuses nothing but options
		o.pack, _ = zstd.NewWriter(into, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	}
	if o.pack != nil {
		into = o.pack
	}
	o.Writer = bufio.NewWriterSize(into, 64<<10)
	return o, nil
}

// counter is the output as its last writer: what goes through is what lies on disk.
type counter output

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.sum.Write(p[:n])
	c.size += int64(n)
	return n, err
}

// finish puts the content on the disk, still under the temporary name.
func (o *output) finish() error {
	err := o.Flush()
	if err == nil && o.pack != nil {
		err = o.pack.Close()
	}
	if err == nil && o.file != nil {
		err = o.file.Finish()
	}
	return err
}
