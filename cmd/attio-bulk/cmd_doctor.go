package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

type doctorFlags struct {
	client clientFlags
	object string
}

func newDoctorCommand(a *app) *cobra.Command {
	var f doctorFlags
	cmd := a.command("doctor", cobra.NoArgs, f.run)
	f.client.add(cmd.Flags())
	cmd.Flags().StringVar(&f.object, "object", "",
		"ask about the records of the object `SLUG`, best one with many (default companies, people or users)")
	completeFlag(cmd, "object", completeObjects(&f.client))
	return cmd
}

// commandNeed is what a command needs of the key.
type commandNeed struct {
	Name   string
	scopes []string
}

// commandNeeds are those of the commands that talk to Attio. More is needed only for some columns.
var commandNeeds = []commandNeed{
	{"import, resume", []string{scopeWriteRecords, scopeReadObjects}},
	{"undo", []string{
		scopeWriteRecords, scopeReadObjects, scopeReadEntries, scopeReadNotes, scopeReadTasks, scopeReadMembers,
	}},
	{"import --dry-run, verify", []string{scopeReadRecords, scopeReadObjects}},
	{"export", []string{scopeReadRecords, scopeReadObjects}},
	{"schema, mapping", []string{scopeReadObjects}},
}

// diagnosis is all that doctor found out.
type diagnosis struct {
	Workspace   string             `json:"workspace"` // slug; "" where the key was refused
	Checks      []doctorCheck      `json:"checks"`
	Commands    []doctorCommand    `json:"commands"`
	Object      string             `json:"object"` // that was asked about; "" for none
	Assumptions []doctorAssumption `json:"assumptions"`
	ExitCode    int                `json:"exit_code"`
}

// doctorCheck is one line of the first table.
type doctorCheck struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	code   int    // where it is not OK
}

type doctorCommand struct {
	Name    string   `json:"name"`
	Works   bool     `json:"works"`
	Missing []string `json:"missing"` // scopes
}

type doctorAssumption struct {
	Name     string `json:"name"`
	Assumed  string `json:"assumed"`
	Finding  string `json:"finding"` // as assumed, different, cannot tell
	Detail   string `json:"detail"`
	Source   string `json:"source"`
	Else     string `json:"otherwise"`
	Requests int    `json:"requests"`
}

func (f *doctorFlags) run(ctx context.Context, a *app, _ []string) error {
	c, err := f.client.open(a.observe)
	if err != nil {
		return refused(err)
	}
	d := diagnosis{Commands: []doctorCommand{}, Assumptions: []doctorAssumption{}}
	self, err := c.Self(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	address := cmp.Or(f.client.baseURL, os.Getenv(baseVariable), "https://api.attio.com")
	problem := err
	if err != nil {
		d.check("key", exitStopped, err, "")
	} else {
		d.Workspace = self.WorkspaceSlug
		d.check("key", 0, nil, fmt.Sprintf("of workspace %q, with %s", self.WorkspaceName, count(len(self.Scopes), "scope")))
		d.check("address", 0, nil, address)
		d.clock(time.Until(c.Now()))
	}
	d.folder("runs", journal.RunsFolder, exitStopped)
	if state, err := pointerFolder(); err != nil {
		d.check("state", exitRows, err, "")
	} else {
		d.folder("state", state, exitRows)
	}
	if problem == nil {
		d.commands(self)
		if problem = f.probe(ctx, c, self, &d); ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return d.tell(a, problem)
}

// check books a check; code is the exit code where it failed.
func (d *diagnosis) check(name string, code int, err error, detail string) {
	if err != nil {
		detail = err.Error()
	}
	d.Checks = append(d.Checks, doctorCheck{name, err == nil, detail, code})
}

// largestSkew is how far the clocks may differ: Attio's tells whole seconds, and an answer takes its time.
const largestSkew = 3 * time.Second

func (d *diagnosis) clock(ahead time.Duration) {
	switch {
	case ahead.Abs() <= largestSkew:
		d.check("clock", 0, nil, "that of Attio")
	case ahead > 0:
		d.check("clock", exitRows, fmt.Errorf("%s behind Attio's", ahead.Round(time.Second)), "")
	default:
		d.check("clock", exitRows, fmt.Errorf("%s ahead of Attio's", -ahead.Round(time.Second)), "")
	}
}

// folder checks that a folder, or the one that it would be made in, can be written to. Nothing is left there.
func (d *diagnosis) folder(name, path string, code int) {
	there := path
	for there != "." && there != filepath.Dir(there) {
		if _, err := os.Stat(there); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		there = filepath.Dir(there)
	}
	file, err := durable.CreateTemp(there)
	if err == nil { // a full disk still takes an empty file
		_, err = file.Write(make([]byte, 64<<10))
		err = errors.Join(err, file.Finish(), os.Remove(file.Name()))
	}
	d.check(name, code, err, path+" can be written to")
}

func (d *diagnosis) commands(self attio.Self) {
	for _, need := range commandNeeds {
		missing := []string{}
		var lacks *missingScopes
		if errors.As(checkScopes(self, need.scopes...), &lacks) {
			missing = lacks.scopes
		}
		d.Commands = append(d.Commands, doctorCommand{need.Name, len(missing) == 0, missing})
	}
}

// probe asks about the assumptions. A key that may not see the objects asks about none.
func (f *doctorFlags) probe(ctx context.Context, c *attio.Client, self attio.Self, d *diagnosis) error {
	objects, err := c.Objects(ctx)
	if errors.Is(err, attio.ErrForbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	object, err := f.choose(self, objects)
	if err != nil || object == nil {
		return err
	}
	if object.Attributes, err = c.Attributes(ctx, object.Slug, true); err != nil {
		return err
	}
	d.Object = object.Slug
	findings, err := c.Probe(ctx, object)
	for _, x := range findings {
		d.Assumptions = append(d.Assumptions, doctorAssumption{
			x.Name, x.Text, x.Verdict.String(), x.Detail, x.Source, x.Else, x.Requests,
		})
	}
	return err
}

// choose finds the object to ask about.
func (f *doctorFlags) choose(self attio.Self, objects []attio.Object) (*attio.Object, error) {
	names := []string{"companies", "people", "users"}
	if f.object != "" {
		if err := checkObjects(self, objects, f.object); err != nil {
			return nil, refused(err)
		}
		names = []string{f.object}
	}
	for _, name := range names {
		i := slices.IndexFunc(objects, func(o attio.Object) bool { return o.Slug == name || o.ID == name })
		if i >= 0 {
			return &objects[i], nil
		}
	}
	return nil, nil
}

// exitCode is 1 where a command would not work, 3 where something is not as it is taken to be.
func (d *diagnosis) exitCode() int {
	code := 0
	for _, c := range d.Commands {
		if !c.Works {
			return exitStopped
		}
	}
	for _, c := range d.Checks {
		if !c.OK && c.code == exitStopped {
			return exitStopped
		} else if !c.OK {
			code = exitRows
		}
	}
	for _, x := range d.Assumptions {
		if x.Finding == attio.Different.String() {
			code = exitRows
		}
	}
	return code
}

// tell prints what was found. problem is what kept doctor from asking more.
func (d *diagnosis) tell(a *app, problem error) error {
	if d.ExitCode = d.exitCode(); problem != nil && d.ExitCode != exitStopped {
		d.ExitCode = cmp.Or(exitCode(problem), exitStopped)
	}
	if a.json {
		if err := a.printJSON(d); err != nil {
			return err
		}
	} else if err := d.print(a); err != nil {
		return err
	}
	if problem != nil {
		a.explain(problem)
	}
	return exitWith(d.ExitCode)
}

func (d *diagnosis) print(a *app) error {
	var rows [][]any
	for _, c := range d.Checks {
		rows = append(rows, []any{c.Name, map[bool]string{true: "ok", false: "not ok"}[c.OK], c.Detail})
	}
	if err := a.list(rows, "CHECK", "", ""); err != nil {
		return err
	}
	rows = nil
	for _, c := range d.Commands {
		works := "works"
		if !c.Works {
			works = "lacks " + titles(c.Missing)
		}
		rows = append(rows, []any{c.Name, works})
	}
	if len(rows) > 0 {
		fmt.Fprintln(a.out)
		if err := a.list(rows, "COMMAND", ""); err != nil {
			return err
		}
	}
	rows = nil
	for _, x := range d.Assumptions {
		finding := x.Finding
		if x.Detail != "" {
			finding += ": " + x.Detail
		}
		if x.Finding == attio.Different.String() {
			finding += "; " + x.Else
		}
		rows = append(rows, []any{strings.TrimSpace(x.Assumed), finding})
	}
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintln(a.out)
	return a.list(rows, "ASSUMED, ASKED OF "+strings.ToUpper(d.Object), "")
}
