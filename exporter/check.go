package exporter

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// CheckResult is what a file and its manifest say, side by side.
type CheckResult struct {
	Manifest Manifest `json:"manifest"`
	Bytes    int64    `json:"bytes"`   // of the file
	SHA256   string   `json:"sha256"`  // hex
	Records  int      `json:"records"` // lines or rows, as far as the file could be read
	Problems []string `json:"problems"`
}

// OK reports whether file and manifest agree. An incomplete export can be OK: look at Manifest.Verdict.
func (r *CheckResult) OK() bool { return len(r.Problems) == 0 }

func (r *CheckResult) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// Check reads a file and its manifest again and compares size, hash, columns and the number of records. The error is
// for what cannot be read at all: no such file, no manifest (fs.ErrNotExist), a manifest that is none.
func Check(path string) (CheckResult, error) {
	r := CheckResult{Problems: []string{}}
	f, err := os.Open(path)
	if err != nil {
		return r, err
	}
	defer f.Close() // only read
	m, err := readManifest(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s has no manifest to check it against: %w", path, err)
	}
	if err != nil {
		return r, err
	}
	r.Manifest = m
	sum := sha256.New()
	if r.Bytes, err = io.Copy(sum, f); err != nil {
		return r, err
	}
	r.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if r.Bytes != m.Bytes {
		r.problem("the file has %d bytes, the manifest says %d", r.Bytes, m.Bytes)
	}
	if r.SHA256 != m.SHA256 {
		r.problem("the file's SHA-256 is %s, the manifest says %s", r.SHA256, m.SHA256)
	}
	r.count(path)
	return r, nil
}

// count reads the records.
func (r *CheckResult) count(path string) {
	m := &r.Manifest
	f, err := openFlat(path, path, m)
	if err != nil {
		r.problem("%v", err)
		return
	}
	defer f.Close()
	for _, err = f.next(); err == nil; _, err = f.next() {
		r.Records++
	}
	if !errors.Is(err, io.EOF) {
		r.problem("record %d: %v", r.Records+1, err)
		return
	}
	if r.Records != m.Records {
		r.problem("the file has %d records, the manifest says %d", r.Records, m.Records)
	}
	if m.Format == "csv" && !slices.Equal(f.columns, m.Columns) {
		r.problem("the file's columns are %s, the manifest says %s",
			strings.Join(f.columns, ","), strings.Join(m.Columns, ","))
	}
}

// NotWholeError says that an earlier export cannot be compared with: what it lacks would pass for added, or deleted.
type NotWholeError struct {
	Path   string
	Reason string
}

func (e *NotWholeError) Error() string { return e.Path + " is not a whole export: " + e.Reason }

// whole checks that an earlier export can be compared with.
func whole(path string) (*Manifest, error) {
	r, err := Check(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &NotWholeError{path, "it or its manifest is not there"}
	case err != nil:
		return nil, &NotWholeError{path, err.Error()}
	case !r.OK():
		return nil, &NotWholeError{path, strings.Join(r.Problems, "; ")}
	case r.Manifest.Verdict != Complete && r.Manifest.Verdict != Changed:
		return nil, &NotWholeError{path, fmt.Sprintf("its verdict is %q", r.Manifest.Verdict)}
	}
	return &r.Manifest, nil
}
