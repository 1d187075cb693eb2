package exporter

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"os"
	"runtime"
	"slices"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// sorter puts lines into the order of their keys, on disk when there are many. Its memory does not grow with them.
// The zero value but for dir is ready; close must be called.
type sorter struct {
	dir   string // where runs are written
	limit int    // bytes held in memory before they are sorted and written to disk as a run; 0 for 4 MB
	most  int    // runs on disk before they are merged into one; 0 for 64
	arena []byte
	lines []span
	runs  []*durable.File
}

type span struct{ key, line, end int }

// add takes a line. Neither slice is kept.
func (s *sorter) add(key, line []byte) error {
	limit := cmp.Or(s.limit, 4<<20)
	if len(s.lines) > 0 && len(s.arena)+len(key)+len(line) > limit {
		if err := s.writeRun(); err != nil {
			return err
		}
	}
	at := len(s.arena)
	s.arena = append(append(s.arena, key...), line...)
	s.lines = append(s.lines, span{at, at + len(key), len(s.arena)})
	return nil
}

func (s *sorter) sort() {
	slices.SortFunc(s.lines, func(a, b span) int {
		return bytes.Compare(s.arena[a.key:a.line], s.arena[b.key:b.line])
	})
}

// writeRun writes the lines in memory as a sorted run.
func (s *sorter) writeRun() error {
	s.sort()
	err := s.write(func(put func(key, line []byte) error) error {
		for _, l := range s.lines {
			if err := put(s.arena[l.key:l.line], s.arena[l.line:l.end]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.arena, s.lines = s.arena[:0], s.lines[:0]
	if len(s.runs) < cmp.Or(s.most, 64) {
		return nil
	}
	full := s.runs
	s.runs = nil
	err = s.write(func(put func(key, line []byte) error) error { return merge(full, nil, put) })
	for _, f := range full {
		f.Discard()
	}
	return err
}

// createScratch makes a file for the sort, of which nothing is left when the process ends, however it ends: its name
// is taken away at once. Windows keeps the name of an open file; there it goes with Discard.
func createScratch(dir string) (*durable.File, error) {
	f, err := durable.CreateTemp(dir)
	if err == nil && runtime.GOOS != "windows" {
		_ = os.Remove(f.Name()) // where that fails, Discard tries again
	}
	return f, err
}

// write makes a run.
func (s *sorter) write(fill func(put func(key, line []byte) error) error) error {
	f, err := createScratch(s.dir)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 64<<10)
	var size []byte
	err = fill(func(key, line []byte) error {
		size = binary.AppendUvarint(binary.AppendUvarint(size[:0], uint64(len(key))), uint64(len(line)))
		w.Write(size) // a bufio.Writer keeps its first error
		w.Write(key)
		_, err := w.Write(line)
		return err
	})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		f.Discard()
		return err
	}
	s.runs = append(s.runs, f)
	return nil
}

// each yields all lines in order, any number of times.
func (s *sorter) each(yield func(key, line []byte) error) error {
	s.sort()
	if len(s.runs) > 0 {
		return merge(s.runs, s, yield)
	}
	for _, l := range s.lines {
		if err := yield(s.arena[l.key:l.line], s.arena[l.line:l.end]); err != nil {
			return err
		}
	}
	return nil
}

// close forgets the lines and removes the runs. The sorter can be used again.
func (s *sorter) close() {
	for _, f := range s.runs {
		f.Discard()
	}
	s.runs, s.arena, s.lines = nil, nil, nil
}

// cursor reads a run, or the lines in memory.
type cursor struct {
	from      *bufio.Reader
	memory    *sorter
	next      int
	key, line []byte
	buf       []byte
}

// step moves to the next line; false at the end.
func (c *cursor) step() (bool, error) {
	if c.memory != nil {
		if c.next == len(c.memory.lines) {
			return false, nil
		}
		l, a := c.memory.lines[c.next], c.memory.arena
		c.next++
		c.key, c.line = a[l.key:l.line], a[l.line:l.end]
		return true, nil
	}
	k, err := binary.ReadUvarint(c.from)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n, err := binary.ReadUvarint(c.from)
	if err != nil {
		return false, noEOF(err)
	}
	c.buf = slices.Grow(c.buf[:0], int(k+n))[:k+n]
	c.key, c.line = c.buf[:k], c.buf[k:]
	_, err = io.ReadFull(c.from, c.buf)
	return err == nil, noEOF(err)
}

// noEOF makes an error of an end in the middle.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// enqueue puts a cursor into a queue whose smallest key is first.
func enqueue(queue []*cursor, c *cursor) []*cursor {
	at, _ := slices.BinarySearchFunc(queue, c, func(a, b *cursor) int { return bytes.Compare(a.key, b.key) })
	return slices.Insert(queue, at, c)
}

// merge yields the lines of sorted runs, and of the sorted lines in memory, in order.
func merge(runs []*durable.File, memory *sorter, yield func(key, line []byte) error) error {
	var open []*cursor
	if memory != nil {
		open = append(open, &cursor{memory: memory})
	}
	for _, f := range runs {
		all := io.NewSectionReader(f, 0, math.MaxInt64)
		open = append(open, &cursor{from: bufio.NewReaderSize(all, 64<<10)})
	}
	var queue []*cursor
	for _, c := range open {
		if ok, err := c.step(); err != nil {
			return err
		} else if ok {
			queue = enqueue(queue, c)
		}
	}
	for len(queue) > 0 {
		c := queue[0]
		if err := yield(c.key, c.line); err != nil {
			return err
		}
		queue = slices.Delete(queue, 0, 1)
		if ok, err := c.step(); err != nil {
			return err
		} else if ok {
			queue = enqueue(queue, c)
		}
	}
	return nil
}
