package extsort

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

var errFull = errors.New("no space left on device")

// fullAt has the disk fail at the n-th step. It counts the steps.
func fullAt(t *testing.T, n int) *int {
	t.Helper()
	steps := 0
	durable.Fault = func(string, string) error {
		if steps++; steps == n {
			return errFull
		}
		return nil
	}
	t.Cleanup(func() { durable.Fault = func(string, string) error { return nil } })
	return &steps
}

func TestSorter(t *testing.T) {
	for _, limit := range []int{0, 1, 100, 10_000} {
		for _, n := range []int{0, 1, 2, 1000} {
			rng := rand.New(rand.NewPCG(uint64(limit), uint64(n)))
			s := Sorter{Dir: t.TempDir(), Limit: limit, Most: 5}
			var want []string
			for range n {
				key := make([]byte, rng.IntN(20))
				for i := range key {
					key[i] = byte(rng.IntN(4))
				}
				line := strings.Repeat("l", rng.IntN(200))
				require.NoError(t, s.Add(key, []byte(line)))
				want = append(want, string(key)+"\xff"+line)
			}
			sort.Strings(want)
			for range 2 { // it can be read again
				var got []string
				require.NoError(t, s.Each(func(key, line []byte) error {
					got = append(got, string(key)+"\xff"+string(line))
					return nil
				}))
				for i := 1; i < len(got); i++ {
					require.LessOrEqual(t, got[i-1][:strings.IndexByte(got[i-1], 0xff)], got[i][:strings.IndexByte(got[i], 0xff)])
				}
				sort.Strings(got)
				require.Equal(t, want, got)
			}
			require.LessOrEqual(t, len(s.runs), 5)
			s.Close()
			left, err := os.ReadDir(s.Dir)
			require.NoError(t, err)
			require.Empty(t, left)
		}
	}
}

// Of a process that is killed while it sorts, nothing stays on the disk.
func TestSortFilesHaveNoNames(t *testing.T) {
	s := Sorter{Dir: t.TempDir(), Limit: 10}
	defer s.Close()
	for n := range 20 {
		require.NoError(t, s.Add([]byte{byte(20 - n)}, []byte("some line")))
	}
	require.NotEmpty(t, s.runs)
	left, err := os.ReadDir(s.Dir)
	require.NoError(t, err)
	if runtime.GOOS != "windows" { // there an open file keeps its name
		require.Empty(t, left)
	}
	n := 0
	require.NoError(t, s.Each(func(_, _ []byte) error { n++; return nil }))
	require.Equal(t, 20, n)
}

func TestSorterOnAFullDisk(t *testing.T) {
	for n := 1; ; n++ {
		steps := fullAt(t, n)
		s := Sorter{Dir: t.TempDir(), Limit: 50}
		var err error
		for i := 0; i < 200 && err == nil; i++ {
			err = s.Add([]byte(strconv.Itoa(i)), []byte("line of some length"))
		}
		s.Close()
		left, readErr := filepath.Glob(filepath.Join(s.Dir, "*"))
		require.NoError(t, readErr)
		require.Empty(t, left)
		if *steps < n {
			require.NoError(t, err)
			require.Greater(t, n, 80)
			return
		}
		require.ErrorIs(t, err, errFull)
	}
}
