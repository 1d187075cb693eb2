package exporter

import (
	"bufio"
	"crypto/sha256"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// output is a file on its way: it lies under a temporary name in the same folder until publish, or goes to standard
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
