package extsort

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"slices"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// Sorter puts lines into the order of their keys. The zero value but for Dir is ready; Close must be called.
type Sorter struct {
	Dir   string // where runs are written
	Limit int    // bytes held in memory before they are sorted and written to disk as a run; 0 for 4 MB
	Most  int    // runs on disk before they are merged into one; 0 for 64
	arena []byte
	lines []span
	runs  []*durable.File
}

type span struct{ key, line, end int }

// Take is given lines in order, none of which is to be kept.
type Take func(key, line []byte) error

// Add takes a line. Neither slice is kept.
func (s *Sorter) Add(key, line []byte) error {
	limit := cmp.Or(s.Limit, 4<<20)
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

// Each passes on all lines in order, any number of times.
func (s *Sorter) Each(take Take) error {
	if len(s.runs) == 0 {
		return s.inMemory(take)
	}
	if len(s.lines) > 0 {
		if err := s.writeRun(); err != nil {
			return err
		}
	}
	return merge(s.runs, take)
}

// inMemory passes on the lines that are in memory.
func (s *Sorter) inMemory(take Take) error {
	slices.SortFunc(s.lines, func(a, b span) int {
		return bytes.Compare(s.arena[a.key:a.line], s.arena[b.key:b.line])
	})
	for _, l := range s.lines {
		if err := take(s.arena[l.key:l.line], s.arena[l.line:l.end]); err != nil {
			return err
		}
	}
	return nil
}

// writeRun writes the lines in memory as a sorted run.
func (s *Sorter) writeRun() error {
	if err := s.write(s.inMemory); err != nil {
		return err
	}
	s.arena, s.lines = s.arena[:0], s.lines[:0]
	if len(s.runs) < cmp.Or(s.Most, 64) {
		return nil
	}
	full := Sorter{runs: s.runs}
	defer full.Close()
	s.runs = nil
	return s.write(func(take Take) error { return merge(full.runs, take) })
}

// write makes a run of the lines that from passes on. Nothing is left of its file when the process ends, however it
// ends: its name is taken away at once. Windows keeps the name of an open file; there it goes with Discard.
func (s *Sorter) write(from func(Take) error) error {
	f, err := durable.CreateTemp(s.Dir)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" {
		_ = os.Remove(f.Name()) // where that fails, Discard tries again
	}
	w := bufio.NewWriterSize(f, 64<<10)
	var sizes []byte
	err = from(func(key, line []byte) error {
		sizes = binary.BigEndian.AppendUint32(sizes[:0], uint32(len(key)))
		sizes = binary.BigEndian.AppendUint32(sizes, uint32(len(line)))
		w.Write(sizes) // a bufio.Writer keeps its first error
		w.Write(key)
		_, err := w.Write(line)
		return err
	})
	s.runs = append(s.runs, f) // Close discards it, whole or not
	return cmp.Or(err, w.Flush())
}

// Close forgets the lines and removes the runs. The sorter can be used again.
func (s *Sorter) Close() {
	for _, f := range s.runs {
		f.Discard()
	}
	s.runs, s.arena, s.lines = nil, nil, nil
}

// cursor reads a run.
type cursor struct {
	from      *bufio.Reader
	key, line []byte
	buf       []byte
}

// step moves to the next line; io.EOF at the end.
func (c *cursor) step() error {
	var sizes [8]byte
	if _, err := io.ReadFull(c.from, sizes[:]); err != nil {
		return err
	}
	k, n := int(binary.BigEndian.Uint32(sizes[:])), int(binary.BigEndian.Uint32(sizes[4:]))
	c.buf = slices.Grow(c.buf[:0], k+n)[:k+n]
	c.key, c.line = c.buf[:k], c.buf[k:]
	if _, err := io.ReadFull(c.from, c.buf); !errors.Is(err, io.EOF) {
		return err
	}
	return io.ErrUnexpectedEOF
}

// merge passes on the lines of sorted runs in order.
func merge(runs []*durable.File, take Take) error {
	var queue []*cursor // that with the smallest key first
	step := func(c *cursor) error {
		if err := c.step(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		at, _ := slices.BinarySearchFunc(queue, c, func(a, b *cursor) int { return bytes.Compare(a.key, b.key) })
		queue = slices.Insert(queue, at, c)
		return nil
	}
	for _, f := range runs {
		if err := step(&cursor{from: bufio.NewReaderSize(io.NewSectionReader(f, 0, math.MaxInt64), 64<<10)}); err != nil {
			return err
		}
	}
	for len(queue) > 0 {
		c := queue[0]
		if err := take(c.key, c.line); err != nil {
			return err
		}
		queue = slices.Delete(queue, 0, 1)
		if err := step(c); err != nil {
			return err
		}
	}
	return nil
}
