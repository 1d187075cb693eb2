package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer/check"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

type mappingCheckFlags struct {
	fileFlags
	mapping, mode, match string
}

func newMappingCheckCommand(a *app) *cobra.Command {
	var f mappingCheckFlags
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a whole file against its mapping and the schema; sends no write",
		Long: `Check a whole file against its mapping and the schema, with the code of the import and without a
write. What is wrong is grouped by code and column, with a count, three examples and the line of the
mapping to add or change; the README explains the codes. Cells that a spreadsheet has probably
damaged are warned of.

Without --schema the key needs the scope Object configuration: Read, and User management: Read where
a column names members of the workspace. With it no key and no network are needed.

` + exitCodesHelp(map[string]string{
			"0": "every row would be sent, as far as this can be known without asking Attio for records",
			"1": "stopped by an error, such as no answer from Attio",
			"2": "bad flags, key, mapping, schema, or a file that cannot be read as a whole",
			"3": "some rows would be rejected, or hold a unique value that an earlier row has",
			"4": "",
			"5": "",
		}),
		Example: `  attio-bulk mapping check users.csv --mapping users.yaml
  attio-bulk schema --save workspace.json
  attio-bulk mapping check users.csv --mapping users.yaml --schema workspace.json --json`,
		Args: one("FILE", ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			return errors.Join(f.run(cmd.Context(), a), f.input.close())
		},
	}
	f.add(cmd, "the mapping's, else ")
	cmd.Flags().StringVar(&f.mapping, "mapping", "", "a mapping `FILE`; without one, headers are matched to attributes")
	cmd.Flags().StringVar(&f.mode, "mode", "create", "check for an import in this `MODE`: create, upsert or update")
	cmd.Flags().StringVar(&f.match, "match", "",
		"for upsert and update: the unique `ATTR` that identifies a record (default the mapping's, else the only one)")
	completeFlag(cmd, "mode", completeWords("create", "upsert", "update"))
	completeFlag(cmd, "match", completeUnique(&f.client, &f.object))
	return cmd
}

func (f *mappingCheckFlags) run(ctx context.Context, a *app) error {
	as := importFlags{object: f.object, mode: f.mode, match: f.match}
	if _, err := as.check(); err != nil {
		return refused(err)
	}
	file, err := readMapping(f.mapping)
	if err != nil {
		return refused(err)
	}
	in, err := f.open(ctx, file)
	if err != nil {
		return err
	}
	object := as.objectOf(file)
	schema, err := f.read(ctx, a, object)
	if err != nil {
		return err
	}
	report, err := check.File(ctx, in, func(s source.Survey) (*mapping.Plan, error) {
		return mapping.Bind(file, in.Describe(f.name(), s), schema,
			mapping.BindOptions{Object: object, Match: f.match, Mode: mapping.Mode(f.mode)})
	})
	if err != nil {
		return startError(err)
	}
	for _, note := range append(report.Survey.Notes, report.Plan.Notes...) {
		a.say("  %s", note)
	}
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
func (f *mappingCheckFlags) text(r *check.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s for %s\n", f.name(), count(r.Rows, "row"), r.Plan.Object.Slug)
	for _, n := range []struct {
		name string
		n    int
	}{{"would be sent", r.Importable}, {"would be rejected", r.Rejected}, {"in the file twice", r.Conflicts},
		{"nothing mapped", r.Skipped}} {
		if n.n > 0 {
			fmt.Fprintf(&b, "  %-18s %9s\n", n.name, grouped(int64(n.n)))
		}
	}
	f.findings(&b, "error", r.Errors)
	f.findings(&b, "twice", r.InFile)
	f.findings(&b, "left out", r.Dropped)
	f.findings(&b, "warning", r.Warnings)
	if len(r.Creates) > 0 {
		b.WriteString("\noptions that would be created:\n")
		for _, c := range r.Creates {
			fmt.Fprintf(&b, "  %s: %q for %s\n", c.Attribute, c.Option, count(c.Rows, "row"))
		}
	}
	if len(r.Unproven) > 0 {
		b.WriteString("\nnot checked, since only Attio knows (import --dry-run asks):\n")
		for _, text := range r.Unproven {
			fmt.Fprintf(&b, "  %s\n", text)
		}
	}
	return b.String()
}

// findings shows each kind of mistake with its examples, what would be accepted and the line to change.
func (f *mappingCheckFlags) findings(b *strings.Builder, kind string, list []check.Finding) {
	for _, one := range list {
		where := ""
		if one.Column != "" {
			where = fmt.Sprintf(" column %q", one.Column)
		}
		fmt.Fprintf(b, "\n%s %s%s, %s: %s\n", kind, one.Code, where, count(one.Rows, "row"), one.Text)
		accepted := ""
		for _, e := range one.Examples {
			fmt.Fprintf(b, "  %s: %s\n", place(f.name(), e), e.Text)
			from, to := e.From, e.To
			if e.Cell != nil {
				from, to = e.Cell.From, e.Cell.To
				if accepted == "" { // of the first, as the line to add is
					accepted = e.Cell.Accepted
				}
			}
			lines := cellLines(e.Value, from, to)
			if e.Column == 0 && len(lines) > 0 { // the row as a whole, which has no one place
				lines = lines[:1]
			}
			for _, line := range lines {
				fmt.Fprintf(b, "  %s\n", line)
			}
		}
		if accepted == "" {
			accepted = acceptedRows[one.Code]
		}
		if accepted != "" {
			fmt.Fprintf(b, "  accepted: %s\n", accepted)
		}
		if one.Fix != "" {
			fmt.Fprintf(b, "  %s\n", fixLine(one.Column, one.Fix))
		}
	}
}

// place is file:line, with the column where there is one.
func place(file string, e check.Example) string {
	if e.Column > 0 {
		return fmt.Sprintf("%s:%d:%d", file, e.Line, e.Column)
	}
	return fmt.Sprintf("%s:%d", file, e.Line)
}
