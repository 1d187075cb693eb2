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
	"github.com/attio-bulk/attio-bulk/importer/undo"
)

type doctorFlags struct {
	client clientFlags
	object string
}

func newDoctorCommand(a *app) *cobra.Command {
	var f doctorFlags
	cmd := a.command("doctor", cobra.NoArgs, f.run)
	f.client.add(cmd.Flags())
	cmd.Flags().StringVar(&f.object, "object", "", "")
	completeFlag(cmd, "object", completeObjects(&f.client))
	return cmd
}

// commandNeeds is what the commands that talk to Attio need of the key. More is needed only for some columns.
var commandNeeds = []struct {
	name   string
	scopes []string
}{
	{"import, resume", []string{scopeWriteRecords, scopeReadObjects}},
	{"undo", undoScopes(undo.Plan{Delete: 1})},
	{"import --dry-run, verify", []string{scopeReadRecords, scopeReadObjects}},
	{"export", []string{scopeReadRecords, scopeReadObjects}},
	{"schema, mapping", []string{scopeReadObjects}},
}

// diagnosis is all that doctor found out.
type diagnosis struct {
	Workspace   string          `json:"workspace"` // slug; "" where the key was refused
	Checks      []doctorCheck   `json:"checks"`
	Commands    []doctorCommand `json:"commands"`
	Object      string          `json:"object"` // that was asked about; "" for none
	Assumptions []attio.Finding `json:"assumptions"`
	ExitCode    int             `json:"exit_code"` // 1 where a command would not work, 3 where something is different
}

// doctorCheck is one line of the first table.
type doctorCheck struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

type doctorCommand struct {
	Name    string   `json:"name"`
	Works   bool     `json:"works"`
	Missing []string `json:"missing"` // scopes
}

func (f *doctorFlags) run(ctx context.Context, a *app, _ []string) error {
	f.client.alone = true
	c, err := f.client.open(a.observe)
	if err != nil {
		return refused(err)
	}
	d := diagnosis{Commands: []doctorCommand{}, Assumptions: []attio.Finding{}}
	self, problem := c.Self(ctx)
	if d.check("key", exitStopped, problem, "of workspace %q, with %s", self.WorkspaceName,
		count(len(self.Scopes), "scope")); problem == nil {
		d.Workspace = self.WorkspaceSlug
		d.check("address", 0, nil, "%s", cmp.Or(f.client.baseURL, os.Getenv(baseVariable), "https://api.attio.com"))
		d.clock(time.Until(c.Now()))
	}
	d.folder("runs", journal.RunsFolder, exitStopped)
	if state, err := stateFolder("runs"); err != nil {
		d.check("state", exitRows, err, "")
	} else {
		d.folder("state", state, exitRows)
	}
	if problem == nil {
		d.commands(self)
		problem = f.probe(ctx, c, self, &d)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return d.tell(a, problem)
}

// check books a check. A failure has the detail that err says, and the exit code that is given.
func (d *diagnosis) check(name string, code int, err error, format string, args ...any) {
	detail := fmt.Sprintf(format, args...)
	if err != nil {
		detail = err.Error()
		d.amiss(code)
	}
	d.Checks = append(d.Checks, doctorCheck{name, err == nil, detail})
}

// amiss has doctor end with a code, if nothing worse was found.
func (d *diagnosis) amiss(code int) {
	if d.ExitCode != exitStopped {
		d.ExitCode = code
	}
}

// largestSkew is how far the clocks may differ: Attio's tells whole seconds, and an answer takes its time.
const largestSkew = 3 * time.Second

func (d *diagnosis) clock(ahead time.Duration) {
	var err error
	if skew := ahead.Abs(); skew > largestSkew {
		where := map[bool]string{true: "behind", false: "ahead of"}[ahead > 0]
		err = fmt.Errorf("%s %s Attio's", skew.Round(time.Second), where)
	}
	d.check("clock", exitRows, err, "that of Attio")
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
	d.check(name, code, err, "%s can be written to", path)
}

func (d *diagnosis) commands(self attio.Self) {
	for _, need := range commandNeeds {
		missing := []string{}
		if lacks, ok := errors.AsType[*missingScopes](checkScopes(self, need.scopes...)); ok {
			missing = lacks.scopes
			d.amiss(exitStopped)
		}
		d.Commands = append(d.Commands, doctorCommand{need.name, len(missing) == 0, missing})
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
	d.Assumptions = append(d.Assumptions, findings...)
	if slices.ContainsFunc(findings, func(x attio.Finding) bool { return x.Verdict == attio.Different }) {
		d.amiss(exitRows)
	}
	return err
}

// choose finds the object to ask about; nil for none.
func (f *doctorFlags) choose(self attio.Self, objects []attio.Object) (*attio.Object, error) {
	names := []string{"companies", "people", "users"}
	if f.object != "" {
		names = []string{f.object}
		if err := checkObjects(self, objects, f.object); err != nil {
			return nil, refused(err)
		}
	}
	for _, name := range names {
		if o := objectNamed(objects, name); o != nil {
			return o, nil
		}
	}
	return nil, nil
}

// tell prints what was found. problem is what kept doctor from asking more.
func (d *diagnosis) tell(a *app, problem error) error {
	if problem != nil {
		d.amiss(cmp.Or(exitCode(problem), exitStopped))
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
	var checks, commands, assumptions [][]any
	for _, c := range d.Checks {
		checks = append(checks, []any{c.Name, map[bool]string{true: "ok", false: "not ok"}[c.OK], c.Detail})
	}
	for _, c := range d.Commands {
		works := "works"
		if !c.Works {
			works = "lacks " + titles(c.Missing)
		}
		commands = append(commands, []any{c.Name, works})
	}
	for _, x := range d.Assumptions {
		finding := x.Verdict.String()
		if x.Detail != "" {
			finding += ": " + x.Detail
		}
		if x.Verdict == attio.Different {
			finding += "; " + x.Else
		}
		assumptions = append(assumptions, []any{x.Text, finding})
	}
	err := a.list(checks, "CHECK", "", "")
	if err == nil && commands != nil {
		fmt.Fprintln(a.out)
		err = a.list(commands, "COMMAND", "")
	}
	if err == nil && assumptions != nil {
		fmt.Fprintln(a.out)
		err = a.list(assumptions, "ASSUMED, ASKED OF "+strings.ToUpper(d.Object), "")
	}
	return err
}
