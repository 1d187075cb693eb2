package exporter

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// output is a file on its way: it lies under a temporary name in the same folder until publish, or goes to standard
// output.
type output struct {
	path string        // the name to be
	file *durable.File // nil for standard output
	to   io.Writer
	sum  hash.Hash
	size int64
	pack io.WriteCloser // nil for plain
	buf  *bufio.Writer
	done bool // published
}

// newOutput opens an output late, when its content is known to be whole. stdout is written to where path is "-".
func newOutput(path string, stdout io.Writer) (*output, error) {
	o := &output{path: path, to: stdout, sum: sha256.New()}
	var into io.Writer = (*counter)(o)
	if path != "-" {
		f, err := durable.CreateTemp(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		o.file, o.to = f, f
		var err2 error
		switch _, compression := suffixes(path); compression {
		case "gz":
			o.pack = gzip.NewWriter(into)
		case "zst":
			o.pack, err2 = zstd.NewWriter(into, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
		}
		if err2 != nil {
			f.Discard()
			return nil, err2
		}
	}
	if o.pack != nil {
		into = o.pack
	}
	o.buf = bufio.NewWriterSize(into, 64<<10)
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

// Write takes content.
func (o *output) Write(p []byte) (int, error) { return o.buf.Write(p) }

// finish puts the content on the disk, still under the temporary name.
func (o *output) finish() error {
	if err := o.buf.Flush(); err != nil {
		return err
	}
	if o.pack != nil {
		if err := o.pack.Close(); err != nil {
			return err
		}
	}
	if o.file == nil {
		return nil
	}
	return o.file.Finish()
}

// publish gives a finished output its name.
func (o *output) publish() error {
	if o.file == nil {
		return nil
	}
	err := durable.Rename(o.file.Name(), o.path)
	o.done = err == nil
	return err
}

// abandon removes what was not published.
func (o *output) abandon() {
	if o != nil && o.file != nil && !o.done {
		o.file.Discard()
	}
}

func (o *output) hash() string { return hex.EncodeToString(o.sum.Sum(nil)) }
