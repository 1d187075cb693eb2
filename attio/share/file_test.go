package share

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"
)

func TestFilesThatCannotBeUsed(t *testing.T) {
	file := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
		return path
	}
	for _, c := range []struct {
		name   string
		folder func(t *testing.T) string
		want   error // nil for any
	}{
		{"the folder is a file", file, nil},
		{"the folder's folder is a file", func(t *testing.T) string { return filepath.Join(file(t), "pace") }, nil},
		{"the file is a folder", func(t *testing.T) string {
			folder := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(folder, "w"), 0o700))
			return folder
		}, nil},
		{"a name that no folder can have", func(t *testing.T) string { return filepath.Join(t.TempDir(), "a\x00b") }, nil},
		{"another version", func(t *testing.T) string {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "w"), []byte(title+"2\n"), 0o600))
			return folder
		}, ErrVersion},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.folder(t), "w").Claim("writes", 100, 25, 25)
			require.Error(t, err)
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
		})
	}
	t.Run("no space", func(t *testing.T) {
		if _, err := os.Stat("/dev/full"); err != nil {
			return // there is no full disk to write to
		}
		folder := t.TempDir()
		require.NoError(t, os.Symlink("/dev/full", filepath.Join(folder, "w")))
		_, err := Open(folder, "w").Claim("writes", 100, 25, 25)
		require.Error(t, err)
	})
}

// TestALockThatIsKept: a process was stopped while it held the file.
func TestALockThatIsKept(t *testing.T) {
	folder := t.TempDir()
	held := flock.New(filepath.Join(folder, "w"))
	locked, err := held.TryLock()
	require.NoError(t, err)
	require.True(t, locked)
	synctest.Test(t, func(t *testing.T) {
		f, began := Open(folder, "w"), time.Now()
		_, err := f.Claim("writes", 100, 25, 25)
		require.ErrorIs(t, err, ErrLocked)
		require.Less(t, time.Since(began), 5*time.Millisecond)
		require.NoError(t, held.Close())
		n, err := f.Claim("writes", 100, 25, 25)
		require.NoError(t, err)
		require.Equal(t, 25, n)
	})
}

// TestALockBesideTheClaims is how it is on Windows, where the lock of a file keeps out whoever opened it twice.
func TestALockBesideTheClaims(t *testing.T) {
	folder := t.TempDir()
	beside := func(name string) *File {
		f := Open(folder, name)
		f.lock = f.path + lockSuffix
		return f
	}
	a, b := beside("w"), beside("w")
	require.Equal(t, 25, take(t, a, 100, 25))
	require.Zero(t, take(t, b, 100, 25), "they share")
	held := flock.New(a.path + lockSuffix)
	locked, err := held.TryLock()
	require.NoError(t, err)
	require.True(t, locked)
	_, err = a.Claim("writes", 101, 25, 25)
	require.ErrorIs(t, err, ErrLocked)
	require.NoError(t, held.Close())

	old := time.Now().Add(-25 * time.Hour)
	require.NoError(t, os.Chtimes(a.lock, old, old))
	Open(folder, "w")
	require.FileExists(t, a.lock, "it is still in use")
	Open(folder, "other")
	require.NoFileExists(t, a.lock)
}

func TestLimitsThatNobodyReachesAreNotShared(t *testing.T) {
	folder := t.TempDir()
	n, err := Open(folder, "w").Claim("writes", 100, 5, mostLimit+1)
	require.NoError(t, err)
	require.Equal(t, mostLimit+1, n)
	_, err = os.Stat(filepath.Join(folder, "w"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestFilesOfOtherDaysAreRemoved(t *testing.T) {
	folder := t.TempDir()
	old := time.Now().Add(-25 * time.Hour)
	for _, name := range []string{"old", "new", "ours"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), nil, 0o600))
		if name != "new" {
			require.NoError(t, os.Chtimes(filepath.Join(folder, name), old, old))
		}
	}
	Open(folder, "ours")
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(folder, "new"), filepath.Join(folder, "ours")}, left)
}
