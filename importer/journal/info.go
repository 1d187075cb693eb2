package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/source/dialect"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Info is run.json: what the run is. No key, no cell's value.
type Info struct {
	Schema        int           `json:"schema"` // 1
	ID            string        `json:"id"`     // 16 random hex digits
	Version       string        `json:"version"`
	CreatedAt     time.Time     `json:"created_at"`
	Input         InputIdentity `json:"input"`
	InputAbsolute string        `json:"input_absolute"` // "" for standard input, which is spooled here
	dialect.Dialect
	Read          dialect.Dialect `json:"read"`    // how the input was read, whole: a later session detects nothing
	Mapping       string          `json:"mapping"` // the mapping file in its canonical form, also where headers made it
	MappingSHA256 string          `json:"mapping_sha256"`
	Object        string          `json:"object"`
	Mode          mapping.Mode    `json:"mode"`
	Match         string          `json:"match,omitempty"`
	WorkspaceID   string          `json:"workspace_id"`
	WorkspaceSlug string          `json:"workspace_slug"`
	DryRun        bool            `json:"dry_run"`
	NoPreflight   bool            `json:"no_preflight,omitempty"`
	Limit         int             `json:"limit,omitempty"`
	Workers       int             `json:"workers,omitempty"`
	MaxRejects    MaxRejects      `json:"max_rejects"`
	ImportKey     string          `json:"import_key,omitempty"`
	RequireUnique bool            `json:"require_unique,omitempty"`
}

// MaxRejects is the number or share of rejected rows that a run bears. The zero value is no limit.
type MaxRejects struct {
	Set     bool    `json:"set"`
	Rows    int     `json:"rows"`    // more than this many stop the run
	Percent float64 `json:"percent"` // with Share: more than this share of the finished rows, from the 100th on
	Share   bool    `json:"share"`
}

// NewInfo begins what is known of a new run.
func NewInfo() Info { return Info{Schema: 1, ID: randomHex(8), CreatedAt: time.Now().UTC()} }

// Write writes run.json of a new run.
func (i *Info) Write(d *Dir) error {
	if err := durable.ReplaceJSON(d.File(runFile), i); err != nil {
		return fmt.Errorf("run directory: %w", err)
	}
	return nil
}

// head is the journal's first line, by which its run is known.
func (i *Info) head() *Head {
	return &Head{
		Version: version, Run: i.ID, Input: i.Input.SHA256, Mapping: i.MappingSHA256,
		Object: i.Object, Mode: string(i.Mode), Workspace: i.WorkspaceID,
	}
}

// ChangedError says that something is no longer what the run was begun with.
type ChangedError struct {
	What, Was, Is string
	Run           string // the run's directory, where it is the input that changed
	Workspace     string // the run's workspace, where the key is of another
}

func (c *ChangedError) Error() string {
	return fmt.Sprintf("%s has changed since the run began: it was %s and is %s", c.What, c.Was, c.Is)
}

// check compares run.json with the head of the journal beside it.
func (i *Info) check(head Head) error {
	want := i.head()
	for _, c := range []ChangedError{
		{What: "the run of this journal", Was: head.Run, Is: want.Run},
		{What: "the input's SHA-256", Was: head.Input, Is: want.Input},
		{What: "the mapping", Was: head.Mapping, Is: want.Mapping},
		{What: "the object", Was: head.Object, Is: want.Object},
		{What: "the mode", Was: head.Mode, Is: want.Mode},
		{What: "the workspace", Was: head.Workspace, Is: want.Workspace},
	} {
		if c.Was != c.Is {
			return &c
		}
	}
	return nil
}

// CheckWorkspace refuses the key of another workspace than the run's.
func (i *Info) CheckWorkspace(id, slug string) error {
	if id == i.WorkspaceID {
		return nil
	}
	return &ChangedError{What: "the workspace of the key", Was: i.WorkspaceSlug, Is: slug, Workspace: i.WorkspaceSlug}
}

// Load reads run.json and, where it exists, summary.json of a run directory without locking it.
func Load(dir string) (Info, *Summary, error) {
	var info Info
	if err := readJSON(filepath.Join(dir, runFile), &info); errors.Is(err, fs.ErrNotExist) {
		return info, nil, &DirError{dir, "is not a run directory: it has no " + runFile}
	} else if err != nil {
		return info, nil, err
	}
	if info.Schema != 1 {
		return info, nil, &DirError{dir, fmt.Sprintf("was made by another version of this tool (format %d)", info.Schema)}
	}
	last := new(Summary)
	err := readJSON(filepath.Join(dir, SummaryFile), last)
	if errors.Is(err, fs.ErrNotExist) {
		return info, nil, nil
	}
	return info, last, err
}

// UndoneError refuses to resume a run that undo has begun to revert.
type UndoneError struct{ Path string }

func (e *UndoneError) Error() string {
	return e.Path + ": undo has already reverted part of this run; it cannot be resumed"
}
