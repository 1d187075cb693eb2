package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

type verifyFlags struct {
	client clientFlags
	input  string
}

func newVerifyCommand(a *app) *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify RUN_DIR",
		Short: "Read back what a run wrote and compare it with the file",
		Long: `Read every record that a run created or updated and compare it, attribute by attribute, with
what the file says. What the file does not speak of, such as Attio's own enrichment, is left
aside. verify.csv in the run directory has the verdict for each row; exit code 4 where a record
differs or is gone. Sends no write.

` + exitCodesHelp(map[string]string{
			"0": "every record is as the file says",
			"1": "stopped by an error",
			"3": "",
			"4": "some records differ from the file, or are gone: verify.csv says which",
		}),
		Example:           "  attio-bulk verify attio-runs/20261122T093000Z-users-1f0c",
		Args:              one("RUN_DIR", seeRuns),
		ValidArgsFunction: completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), a, args[0])
		},
	}
	cmd.Flags().StringVar(&f.input, "input", "", "where the input `FILE` is now (default where it was)")
	f.client.add(cmd.Flags())
	return cmd
}

func (f *verifyFlags) run(ctx context.Context, a *app, path string) error {
	p := newProgress(a.ui)
	client, err := f.client.open(p.event)
	if err != nil {
		return refused(err)
	}
	dir, err := journal.Open(path)
	if err != nil {
		return startOfRun(err)
	}
	err = f.verify(ctx, a, importer.ResumeOptions{Client: client, Dir: dir, Input: f.input, Progress: p.update}, p)
	return errors.Join(err, dir.Close())
}

func (f *verifyFlags) verify(ctx context.Context, a *app, o importer.ResumeOptions, p *progress) error {
	info, _, err := journal.Load(o.Dir.Path())
	if err != nil {
		return refused(err)
	}
	if o.Schema, err = readSchema(ctx, o.Client, info.Object, scopeReadRecords, scopeReadObjects); err != nil {
		return err
	}
	summary, err := importer.Verify(ctx, o)
	p.done()
	if err != nil {
		return startError(moved(err, "verify", o.Dir.Path()))
	}
	if a.json {
		if err := a.printJSON(struct {
			RunDir string `json:"run_dir"`
			importer.VerifySummary
		}{o.Dir.Path(), summary}); err != nil && !closedPipe(err) {
			return err
		}
	}
	a.say("%s as the file says, %d different, %d gone", count(summary.Same, "record"), summary.Different, summary.Gone)
	for _, d := range summary.Shown {
		a.say("%s", differenceLine(d))
	}
	report := "report: " + filepath.Join(o.Dir.Path(), "verify.csv")
	if summary.Different > 0 {
		report += ", with what differs in each"
	}
	a.say("%s", report)
	if summary.ExitCode != 0 {
		return &exit{code: summary.ExitCode}
	}
	return nil
}

// differenceLine says in one line where a record is not as its row says.
func differenceLine(d importer.VerifyDifference) string {
	where := fmt.Sprintf("  line %d: ", d.Line)
	if d.Slug == "" {
		return where + "the record is gone"
	}
	return where + fmt.Sprintf("%s is %s in Attio, and %s in the file", d.Slug, valueText(d.Attio), valueText(d.File))
}

// valueText is a value for one line of a terminal.
func valueText(v json.RawMessage) string {
	if len(v) == 0 {
		return "nothing"
	}
	return shortened(string(v), 60)
}
