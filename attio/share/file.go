package share

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
)

const (
	title     = "attio-bulk claims "
	version   = title + "1"
	largest   = 64 << 10 // bytes that are read: a machine has few processes
	mostLimit = 10_000   // more a second is no limit that has to be shared
	lockTries = 4
	lockPause = time.Millisecond
	staleFile = 24 * time.Hour

	lockSuffix = ".lock"
)

// ErrLocked is returned by Claim while others hold the file for longer than a claim takes: one was stopped meanwhile.
var ErrLocked = errors.New("the file of claims is locked")

// ErrVersion is returned by Claim where the file is one of another version of the program.
var ErrVersion = errors.New("the file of claims is of another version")

// File is one process's way to the claims. It may be used by several goroutines.
type File struct {
	path, id string
	lock     string // the file that is locked
}

// Open returns a File for the workspace whose name is given, in a folder of such files. It makes the folder, and
// removes files that nobody has used for a day; where it cannot, the first Claim says why.
func Open(folder, name string) *File {
	path := filepath.Join(folder, name)
	f := &File{path: path, id: uuid.NewString(), lock: path}
	if runtime.GOOS == "windows" { // a lock there keeps out every other handle, also one of the same process
		f.lock += lockSuffix
	}
	_ = os.MkdirAll(folder, 0o700)   // Claim will say so
	entries, _ := os.ReadDir(folder) // nothing to remove
	for _, e := range entries {
		ours := strings.TrimSuffix(e.Name(), lockSuffix) == name
		if info, err := e.Info(); err == nil && !ours && time.Since(info.ModTime()) > staleFile {
			_ = os.Remove(filepath.Join(folder, e.Name())) // another process may have been first
		}
	}
	return f
}

// Claim takes a share of a second's limit and returns how many requests may be sent in that second, those of an
// earlier claim for the same second included. It returns at once, or after a few milliseconds where others are at it.
func (f *File) Claim(budget string, second int64, want, limit int) (int, error) {
	if limit > mostLimit {
		return limit, nil
	}
	lock := flock.New(f.lock, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	defer func() { _ = lock.Close() }() // what it guards has been written
	for try := 1; ; try++ {
		locked, err := lock.TryLock()
		if err != nil {
			return 0, err
		}
		if locked {
			break
		}
		if try == lockTries {
			return 0, ErrLocked
		}
		time.Sleep(lockPause)
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }() // a claim that is lost is a second that is not shared
	all, err := read(file, second)
	if err != nil {
		return 0, err
	}
	all, take := claim{budget: budget, id: f.id, second: second, want: want}.join(all, limit)
	return take, write(file, all)
}

// read returns the claims that may still count in a second.
func read(file *os.File, second int64) ([]claim, error) {
	text, err := io.ReadAll(io.LimitReader(file, largest))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(text), "\n")
	if strings.HasPrefix(lines[0], title) && lines[0] != version {
		return nil, ErrVersion
	}
	var all []claim
	for _, line := range lines[1:] {
		var c claim
		n, err := fmt.Sscanf(line, "%s %s %d %d %d", &c.budget, &c.id, &c.second, &c.want, &c.taken)
		if err == nil && n == 5 && c.counts(second) {
			all = append(all, c)
		}
	}
	return all, nil
}

// write writes over what is there: a file that is emptied first is a file that some systems put on disk at once.
func write(file *os.File, all []claim) error {
	text := version + "\n"
	for _, c := range all {
		text += fmt.Sprintf("%s %s %d %d %d\n", c.budget, c.id, c.second, c.want, c.taken)
	}
	if _, err := file.WriteAt([]byte(text), 0); err != nil {
		return err
	}
	return file.Truncate(int64(len(text)))
}
