package exporter

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/attio-bulk/attio-bulk/exporter/walk"
)

// Verdict is what can be claimed of an export.
type Verdict string

// The verdicts.
const (
	Complete   Verdict = "complete"                // nothing was seen to change
	Changed    Verdict = "changed-while-exporting" // every record that existed throughout is there once
	Incomplete Verdict = "incomplete"              // completeness could not be proven; the file is FILE.incomplete
)

// IncompleteSuffix ends the name of an export in doubt.
const IncompleteSuffix = ".incomplete"

const (
	manifestSuffix = ".manifest.json"
	changesSuffix  = ".changes.jsonl"
)

// Manifest says what a file is and how it came about. Beside FILE it is FILE.manifest.json.
type Manifest struct {
	Schema            int             `json:"schema"` // 1
	Object            string          `json:"object"` // slug
	Records           int             `json:"records"`
	Pages             int             `json:"pages"`   // queries made, those of a walk that began again included
	Columns           []string        `json:"columns"` // null of raw records
	Bytes             int64           `json:"bytes"`   // of the file on disk
	SHA256            string          `json:"sha256"`  // hex, of the same bytes
	Filter            json.RawMessage `json:"filter"`  // null for none
	ForSpreadsheet    bool            `json:"for_spreadsheet"`
	Workspace         string          `json:"workspace"`   // slug
	StartedAt         string          `json:"started_at"`  // RFC 3339, UTC, by the server's clock
	FinishedAt        string          `json:"finished_at"` // likewise
	DuplicatesDropped int             `json:"duplicates_dropped"`
	Changes           int             `json:"changes"`
	Verdict           Verdict         `json:"verdict"`

	// Doubts say why an export is incomplete.
	Doubts []string `json:"doubts,omitempty"`
	// SchemaChanges name the attributes that were archived, renamed or changed while the export ran.
	SchemaChanges []string `json:"schema_changes,omitempty"`

	LeftToNext int    `json:"left_to_next"` // records made after the start
	Read       int    `json:"read"`         // records that the walk met; more than Records where Limit cut the file
	Order      string `json:"walk_order"`   // unsorted, record_id, created_at or none
	Score      int    `json:"query_score"`  // of all queries together
	Format     string `json:"format"`       // csv or jsonl
	Sort       string `json:"sort"`
	References string `json:"references"`
	Raw        bool   `json:"raw,omitempty"`
	Limit      int    `json:"limit,omitempty"`
	Version    string `json:"version,omitempty"`
	Since      *Since `json:"since,omitempty"` // what OUT.changes.jsonl holds

	// Path is where the file was written, with IncompleteSuffix where the Verdict is Incomplete; "-" for standard output.
	// ChangesPath is that of the file of changes, where one was asked for.
	Path        string `json:"-"`
	ChangesPath string `json:"-"`
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// manifest says what an export has found, but for the file.
func (j *job) manifest(found walk.Survey) Manifest {
	m := Manifest{
		Schema: 1, Object: j.object.Slug, Workspace: j.schema.Self.WorkspaceSlug, Version: j.Version, Path: j.Out,
		Records: found.Records, Read: found.Records, LeftToNext: found.LeftToNext, DuplicatesDropped: found.Duplicates,
		Changes: found.Changes, Verdict: Complete, Doubts: found.Doubts,
		Pages: found.Pages, Order: found.Order, Score: found.Score,
		Filter: j.Filter, Limit: j.Limit,
		Format: j.Format, Raw: j.Raw, References: string(j.References), ForSpreadsheet: j.Spreadsheet,
	}
	if j.flat != nil {
		m.Columns = j.flat.Header()
	}
	var sort []string
	for _, k := range j.Sort {
		sort = append(sort, k.String())
	}
	m.Sort = strings.Join(sort, ",")
	if j.Limit > 0 {
		m.Records = min(m.Records, j.Limit)
	}
	switch {
	case len(found.Doubts) > 0:
		m.Verdict = Incomplete
		if m.Path != "-" {
			m.Path += IncompleteSuffix
		}
	case found.Changes > 0:
		m.Verdict = Changed
	}
	return m
}

// readManifest reads the manifest beside a file.
func readManifest(path string) (Manifest, error) {
	var m Manifest
	b, err := os.ReadFile(path + manifestSuffix)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("%s: %w", path+manifestSuffix, err)
	}
	if m.Schema != 1 {
		return m, fmt.Errorf("%s: schema %d is not one that this version knows", path+manifestSuffix, m.Schema)
	}
	return m, nil
}

// ColumnsOfNone are the columns of a whole export of no records as JSON lines: such a file is empty, and only the
// manifest beside it tells it from one that was cut. nil for any other file.
func ColumnsOfNone(path string) []string {
	if info, err := os.Stat(path); err != nil || info.Size() > 100 { // what compression makes of nothing is shorter
		return nil
	}
	m, err := whole(path)
	if err != nil || m.Records > 0 || m.Format != "jsonl" {
		return nil
	}
	return m.Columns
}

// MadeForSpreadsheet reports whether a manifest stands beside a file and says that apostrophes were put before its
// formulas. They are still there when the file was edited since, so nothing else of the manifest has to agree.
func MadeForSpreadsheet(path string) bool {
	m, err := readManifest(path)
	return err == nil && m.ForSpreadsheet && m.Format == "csv"
}
