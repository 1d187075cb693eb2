package exporter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

// A file, its changes and its manifest get their names one after the other, since no file system renames several at
// once. Should one of them fail, those that went before it are taken back: what stood under their names is kept under
// another until all have theirs. A process that is killed between two renames leaves a file that does not agree with
// its manifest, which --check and --changes-since notice.

// earlier is what stood under a name before it was given to an output.
type earlier struct {
	path string
	kept string // another name of it; "" where nothing stood there, or where the file system has no second names
	none bool   // nothing stood there
}

// publishAll gives finished outputs, all of one folder, their names: all of them, or none.
func publishAll(outs []*output) error {
	before := make([]earlier, len(outs))
	for i, o := range outs {
		var err error
		if before[i], err = keep(o.path); err != nil {
			forget(before[:i])
			return err
		}
	}
	for i, o := range outs {
		if err := o.publish(); err != nil {
			forget(before[i:])
			for _, e := range before[:i] {
				err = errors.Join(err, e.putBack())
			}
			return err
		}
	}
	forget(before)
	return nil
}

// keep gives what stands under a name another one as well.
func keep(path string) (earlier, error) {
	e := earlier{path: path}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		e.none = true
		return e, nil
	}
	f, err := durable.CreateTemp(filepath.Dir(path))
	if err != nil {
		return e, err
	}
	f.Discard() // its name is free now
	if os.Link(path, f.Name()) == nil {
		e.kept = f.Name()
	}
	return e, nil
}

// putBack undoes the renaming of an output to the name.
func (e earlier) putBack() error {
	switch {
	case e.none:
		if err := os.Remove(e.path); err != nil {
			return fmt.Errorf("%s is the new file and cannot be removed: %w", e.path, err)
		}
	case e.kept == "":
		return fmt.Errorf("%s is the new file, and the earlier one is gone", e.path)
	default:
		if err := durable.Rename(e.kept, e.path); err != nil {
			return fmt.Errorf("%s is the new file and cannot be put back; the earlier one lies in %s: %w", e.path, e.kept, err)
		}
	}
	return nil
}

// forget removes the other names.
func forget(list []earlier) {
	for _, e := range list {
		if e.kept != "" {
			_ = os.Remove(e.kept) // where that fails, a hidden file stays behind
		}
	}
}
