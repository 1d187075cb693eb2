package share

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// take claims, where nothing may fail.
func take(t *testing.T, f *File, second int64, want int) int {
	t.Helper()
	n, err := f.Claim("writes", second, want, 25)
	require.NoError(t, err)
	return n
}

func TestShares(t *testing.T) {
	for _, c := range []struct {
		name  string
		wants []int // of each process, in every second
		least []int // each one's share once they know of each other
		most  []int
	}{
		{"alone", []int{25}, []int{25}, []int{25}},
		{"alone, and it wants little", []int{1}, []int{25}, []int{25}},
		{"two alike", []int{25, 25}, []int{12, 12}, []int{13, 13}},
		{"one wants less", []int{25, 5}, []int{20, 5}, []int{20, 5}},
		{"one wants nothing", []int{25, 0}, []int{25, 0}, []int{25, 0}},
		{"what nobody wants is dealt out", []int{3, 3}, []int{12, 12}, []int{13, 13}},
		{"three alike", []int{25, 25, 25}, []int{8, 8, 8}, []int{9, 9, 9}},
		{"three, one with a limit of its own", []int{25, 4, 25}, []int{10, 4, 10}, []int{11, 4, 11}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			var all []*File
			for range c.wants {
				all = append(all, Open(folder, "w"))
			}
			for second := int64(100); second < 120; second++ {
				sum := 0
				for i, f := range all {
					got := take(t, f, second, c.wants[i])
					if sum += got; second > 101 {
						require.GreaterOrEqual(t, got, c.least[i], "second %d, process %d", second, i)
						require.LessOrEqual(t, got, c.most[i], "second %d, process %d", second, i)
					}
				}
				require.LessOrEqual(t, sum, 25)
			}
		})
	}
}

func TestAClaimIsVoidWhenItsSecondIsOver(t *testing.T) {
	folder := t.TempDir()
	a, b := Open(folder, "w"), Open(folder, "w")
	require.Equal(t, 25, take(t, a, 100, 25))
	require.Zero(t, take(t, b, 100, 25), "the second is taken")
	require.InDelta(t, 12.5, take(t, b, 101, 25), 0.5, "a's share is kept for it")
	require.InDelta(t, 12.5, take(t, b, 102, 25), 0.5)
	require.Equal(t, 25, take(t, b, 103, 25), "a was stopped in 100")
	require.Zero(t, take(t, a, 103, 25), "a is there again")
	require.InDelta(t, 12.5, take(t, a, 104, 25), 0.5)
	require.Equal(t, 25, take(t, a, 107, 25), "b was stopped in 103")
}

func TestASecondThatIsClaimedAgainKeepsWhatWasTaken(t *testing.T) {
	folder := t.TempDir()
	a, b := Open(folder, "w"), Open(folder, "w")
	require.Equal(t, 25, take(t, a, 100, 25))
	require.Zero(t, take(t, b, 100, 25))
	require.Equal(t, 25, take(t, a, 100, 5), "it may have been sent")
	require.Zero(t, take(t, b, 100, 25))
}

func TestBudgetsAreSeparate(t *testing.T) {
	folder := t.TempDir()
	a, b := Open(folder, "w"), Open(folder, "w")
	require.Equal(t, 25, take(t, a, 100, 25))
	n, err := b.Claim("reads", 100, 100, 100)
	require.NoError(t, err)
	require.Equal(t, 100, n)
}

// TestTheSumNeverExceedsTheLimit: processes come and go, claim late, twice or not at all, and their clocks differ by
// a second.
func TestTheSumNeverExceedsTheLimit(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 3))
		folder := t.TempDir()
		var all []*File
		for range 2 + r.IntN(4) {
			all = append(all, Open(folder, "w"))
		}
		taken := map[int64]map[*File]int{}
		for second := int64(100); second < 130; second++ {
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			for range len(all) * (1 + r.IntN(2)) {
				f, at := all[r.IntN(len(all))], second-int64(r.IntN(2))
				if taken[at] == nil {
					taken[at] = map[*File]int{}
				}
				taken[at][f] = max(taken[at][f], take(t, f, at, r.IntN(30)))
			}
		}
		for second, by := range taken {
			sum := 0
			for _, n := range by {
				sum += n
			}
			require.LessOrEqual(t, sum, 25, "seed %d, second %d: %v", seed, second, by)
		}
	}
}

func TestFileIsTheUsersAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state", "pace")
	take(t, Open(folder, "w"), 100, 25)
	info, err := os.Stat(filepath.Join(folder, "w"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	info, err = os.Stat(folder)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

// FuzzFile: whatever stands in the file, a claim gives an error or a share within the limit, and five seconds later
// nothing of it is left.
func FuzzFile(f *testing.F) {
	f.Add([]byte(""))
	f.Add([]byte(version))
	f.Add([]byte(version + "\nwrites someone 100 25 25\nwrites else 101 25 0\n"))
	f.Add([]byte(version + "\nwrites someone 100 -1 25\nwrites x 99999999999999999999 1 1\nwrites\n"))
	f.Add([]byte(title + "2\nwrites someone 100 25 25\n"))
	f.Add([]byte("\x00\xff\n\n\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		folder := t.TempDir()
		path := filepath.Join(folder, "w")
		require.NoError(t, os.WriteFile(path, text, 0o600))
		us := Open(folder, "w")
		for second := int64(100); second < 106; second++ {
			n, err := us.Claim("writes", second, 25, 25)
			if err != nil {
				require.ErrorIs(t, err, ErrVersion)
				left, err := os.ReadFile(path)
				require.NoError(t, err)
				require.Equal(t, text, left, "the file of another version stays as it is")
				return
			}
			require.GreaterOrEqual(t, n, 0)
			require.LessOrEqual(t, n, 25)
			if second == 105 {
				require.Equal(t, 25, n)
			}
		}
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, strings.Count(string(left), us.id), strings.Count(string(left), "\n")-1, "%s", left)
	})
}
