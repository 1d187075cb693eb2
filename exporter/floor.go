package exporter

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
)

// TooFewError says that an export has too few records to replace the file that stands there.
type TooFewError struct {
	Path    string
	Records int
	Floor   int // the least that would do
	Before  int // records of the earlier file that a share was taken of; 0 where the bound was a number
}

func (e *TooFewError) Error() string {
	s := fmt.Sprintf("%s was not replaced: %d records are fewer than %d", e.Path, e.Records, e.Floor)
	if e.Before > 0 {
		s += fmt.Sprintf(" (the earlier file has %d)", e.Before)
	}
	return s
}

// bindFloor works out the least number of records from MinRecords: a share is of the file that would be replaced, or else of the one that
// changes are told since. With neither, there is nothing to compare with.
func (j *job) bindFloor() error {
	number, percent, err := j.Options.floor()
	j.floor = number
	if err != nil || percent == 0 {
		return err
	}
	m, err := readManifest(j.Out)
	switch {
	case err == nil:
		j.before = m.Records
	case !errors.Is(err, fs.ErrNotExist):
		return &OptionError{Option: "MinRecords", Text: "the earlier file's manifest cannot be read", Err: err}
	case j.since != nil:
		j.before = j.since.Records
	default:
		j.Warn(fmt.Sprintf("there is no earlier %s yet, so its number of records (%s at least) is not checked this time", j.Out, j.MinRecords))
	}
	j.floor = int(math.Ceil(float64(j.before) * percent / 100))
	return nil
}
