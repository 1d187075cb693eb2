package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer/check"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

func newMappingCheckCommand(a *app) *cobra.Command {
	var f fileFlags
	cmd := f.command(a, "mapping-check", f.checkFile)
	cmd.Flags().IntVar(&f.preview, "preview", shownPreviews, "")
	f.addMapping(cmd)
	f.addSchema(cmd)
	return cmd
}

// checkFile is what mapping check does.
func (f *fileFlags) checkFile(ctx context.Context, a *app, _ []string) (err error) {
	if err := cmp.Or(f.checkMode(), checkPreview(f.preview)); err != nil {
		return refused(err)
	}
	file, err := f.readMapping()
	if err != nil {
		return refused(err)
	}
	in, err := f.open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	schema, err := f.read(ctx, a, f.objectOf(file))
	if err != nil {
		return err
	}
	report, err := check.Options{Preview: f.preview}.File(ctx, in, func(s source.Survey) (*mapping.Plan, error) {
		return f.bind(file, in, f.name(), s, schema)
	})
	if err != nil {
		return startError(err)
	}
	a.sayInput(report.Survey, report.Plan.Notes...)
	if a.json {
		err = a.printJSON(report)
	} else {
		_, err = fmt.Fprint(a.out, f.text(report))
	}
	if err == nil && report.Bad() {
		return &exit{code: exitRows}
	}
	return err
}

// text is the report for people.
func (f *fileFlags) text(r *check.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s for %s\n", f.name(), count(r.Rows, "row"), r.Plan.Object.Slug)
	for _, n := range []struct {
		name string
		n    int
	}{{"would be sent", r.Importable}, {"would be rejected", r.Rejected}, {"in the file twice", r.Conflicts},
		{"nothing mapped", r.Skipped}, {"values left out", r.LeftOut.Values}} {
		if n.n > 0 {
			fmt.Fprintf(&b, "  %-18s %9s\n", n.name, grouped(int64(n.n)))
		}
	}
	f.findings(&b, "error", r.Errors, r.Rows)
	f.findings(&b, "twice", r.InFile, r.Rows)
	f.findings(&b, "left out", r.Dropped, r.Rows)
	f.findings(&b, "warning", r.Warnings, r.Rows)
	if len(r.Creates) > 0 {
		b.WriteString("\noptions that would be created:\n")
		for _, c := range r.Creates {
			fmt.Fprintf(&b, "  %s: %q for %s\n", c.Attribute, c.Option, count(c.Rows, "row"))
		}
	}
	if len(r.Unproven) > 0 {
		b.WriteString("\nnot checked, since only Attio knows (import --dry-run asks):\n  " +
			strings.Join(r.Unproven, "\n  ") + "\n")
	}
	if n := r.WithoutUnique; n > 0 {
		fmt.Fprintf(&b, "\nwarning %s without a unique value: a second import would create %s again\n", count(n, "row"),
			them(n))
	}
	if text := previewText(r.Preview); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	return b.String()
}

// findings shows each kind of mistake with its examples, what would be accepted and the line to change; rows is how
// many the file has.
func (f *fileFlags) findings(b *strings.Builder, kind string, list []check.Finding, rows int) {
	for _, one := range list {
		where := ""
		if one.Column != "" {
			where = fmt.Sprintf(" column %q", one.Column)
		}
		fmt.Fprintf(b, "\n%s %s%s, %s: %s\n", kind, one.Code, where, count(one.Rows, "row"), one.Text)
		accepted := ""
		for _, e := range one.Examples {
			fmt.Fprintln(b, "  "+strings.Join(exampleLines(f.name(), e), "\n  "))
			if e.Cell != nil {
				accepted = cmp.Or(accepted, e.Cell.Accepted) // of the first, as the line to add is
			}
		}
		if more := one.Rows - len(one.Examples); more > 0 {
			fmt.Fprintf(b, "  ... and %s more\n", grouped(int64(more)))
		}
		if accepted = cmp.Or(accepted, acceptedRows[one.Code]); accepted != "" {
			fmt.Fprintf(b, "  accepted: %s\n", accepted)
		}
		if one.Fix != "" {
			fmt.Fprintf(b, "  %s\n", fixLine(one.Column, one.Fix))
		}
		if kind == "error" && one.Column != "" && one.Rows*2 >= rows && rows > 1 {
			fmt.Fprintf(b, "  or leave these values out: on_error: drop; or the whole column: ignore: [%s]\n",
				mapfile.Quote(one.Column))
		}
	}
}
