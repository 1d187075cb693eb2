package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer"
)

type verifyFlags struct {
	client clientFlags
	input  string
}

func newVerifyCommand(a *app) *cobra.Command {
	var f verifyFlags
	cmd := f.client.runCommand(a, "verify", f.run)
	cmd.Flags().StringVar(&f.input, "input", "", "")
	f.client.add(cmd.Flags())
	return cmd
}

func (f *verifyFlags) run(ctx context.Context, r *openRun) error {
	schema, err := readSchema(ctx, r.client, r.info.Object, scopeReadRecords, scopeReadObjects)
	if err != nil {
		return err
	}
	summary, err := importer.Verify(ctx, r.client, r.dir,
		importer.VerifyOptions{Schema: schema, Input: f.input, Progress: r.progress.update})
	r.progress.done()
	if err != nil {
		return startError(moved(err, "verify", r.path))
	}
	if err := r.result(struct {
		RunDir string `json:"run_dir"`
		importer.VerifySummary
	}{r.path, summary}); err != nil {
		return err
	}
	text := fmt.Sprintf("%s as the file says, %d different, %d gone", count(summary.Same, "record"), summary.Different,
		summary.Gone)
	if summary.Dropped.Values > 0 {
		text += "; " + leftOut(summary.Dropped)
	}
	r.say("%s", text)
	shown := map[int]bool{}
	for _, d := range summary.Shown {
		shown[d.Row] = true
		r.say("%s", differenceLine(d))
	}
	if more := summary.Different + summary.Gone - len(shown); more > 0 {
		r.say("%s", moreIn(more, "verify.csv"))
	}
	report := "report: " + filepath.Join(r.path, "verify.csv")
	if summary.Different > 0 {
		report += ", with what differs in each"
	}
	r.say("%s", report)
	return exitWith(summary.ExitCode)
}

// differenceLine says in one line where a record is not as its row says.
func differenceLine(d importer.VerifyDifference) string {
	where := fmt.Sprintf("  row %d (line %d): ", d.Row, d.Line)
	if d.Slug == "" {
		return where + "the record is gone"
	}
	return where + differs(d.Difference)
}
