package exporter

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
)

// TooFewError says that an export has too few records to replace the file that stands there.
type TooFewError struct {
	Path     string
	Records  int
	Minimum  int // the least that would do
	Previous int // records of the earlier file that a share was taken of; 0 where the bound was a number
}

func (e *TooFewError) Error() string {
	s := fmt.Sprintf("%s was not replaced: %d records are fewer than %d", e.Path, e.Records, e.Minimum)
	if e.Previous > 0 {
		s += fmt.Sprintf(" (the earlier file has %d)", e.Previous)
	}
	return s
}

// bindMinimum works out the least number of records from MinRecords: a share is of the file that would be replaced,
// or else of the one that changes are told since. With neither, there is nothing to compare with.
func (j *job) bindMinimum() error {
	number, percent, err := j.Options.minimum()
	j.minimum = number
	if err != nil || percent == 0 {
		return err
	}
	m, err := readManifest(j.Out)
	switch {
	case err == nil:
		j.previous = m.Records
	case !errors.Is(err, fs.ErrNotExist):
		return &OptionError{Option: "MinRecords", Text: "the earlier file's manifest cannot be read", Err: err}
	case j.since != nil:
		j.previous = j.since.Records
	default:
		j.Warn(fmt.Sprintf("there is no earlier %s to take %s of: no minimum this time", j.Out, j.MinRecords))
	}
	j.minimum = int(math.Ceil(float64(j.previous) * percent / 100))
	return nil
}
