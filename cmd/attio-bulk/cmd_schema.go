package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gocarina/gocsv"
	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
)

type schemaFlags struct {
	client clientFlags
	save   string
	csv    bool
}

func newSchemaCommand(a *app) *cobra.Command {
	var f schemaFlags
	cmd := &cobra.Command{
		Use:   "schema [OBJECT]",
		Short: "List the workspace's objects, or one object's attributes",
		Long: `List the workspace's objects, or one object's attributes: slug, title, type, whether an
attribute is required, unique, takes several values and can be written, and its options.

With --save, what mapping check needs to work without a network is written to a file
instead: it holds the names and addresses of the workspace's members, so it is private.

The key needs the scope Object configuration: Read.`,
		Example: `  attio-bulk schema
  attio-bulk schema users
  attio-bulk schema users --csv > users-attributes.csv
  attio-bulk schema --save workspace.schema.json`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeObjects(&f.client),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), a, args)
		},
	}
	f.client.add(cmd.Flags())
	cmd.Flags().BoolVar(&f.csv, "csv", false, "print the table as CSV")
	cmd.Flags().StringVar(&f.save, "save", "", "write the schema to `FILE`, for mapping check without a network")
	return cmd
}

func (f *schemaFlags) run(ctx context.Context, a *app, args []string) error {
	if f.csv && a.json {
		return refused(errors.New("--csv and --json exclude each other"))
	}
	c, err := f.client.open(a.observe)
	if err != nil {
		return refused(err)
	}
	self, err := whoami(ctx, c, scopeReadObjects)
	if err != nil {
		return startError(err)
	}
	objects, err := c.Objects(ctx)
	if err != nil {
		return startError(err)
	}
	if err := checkObjects(self, objects, args...); err != nil {
		return refused(err)
	}
	if f.save != "" {
		return f.saveSchema(ctx, a, c, objects, args)
	}
	if len(args) == 0 {
		return f.listObjects(a, objects)
	}
	attributes, err := c.Attributes(ctx, args[0], true)
	if err != nil {
		return startError(err)
	}
	return f.listAttributes(a, attributes)
}

// saveSchema writes the schema of the named objects, or of all, and says where.
func (f *schemaFlags) saveSchema(ctx context.Context, a *app, c *attio.Client, objects []attio.Object, names []string) error {
	if len(names) == 0 {
		for _, o := range objects {
			names = append(names, o.Slug)
		}
	}
	schema, err := c.Schema(ctx, names...)
	if err != nil {
		return startError(err)
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return err
	}
	if err := writeWhole(f.save, append(text, '\n')); err != nil {
		return err
	}
	a.say("saved the schema of %s to %s", strings.Join(names, ", "), f.save)
	return nil
}

// writeWhole writes a private file that is either the old one or all of the new one.
func writeWhole(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// objectRow is a line of `schema --csv`.
type objectRow struct {
	Slug     string `csv:"slug"`
	Singular string `csv:"singular"`
	Plural   string `csv:"plural"`
	ID       string `csv:"id"`
}

func (f *schemaFlags) listObjects(a *app, objects []attio.Object) error {
	if a.json {
		return a.printJSON(objects)
	}
	rows := make([]objectRow, len(objects))
	for i, o := range objects {
		rows[i] = objectRow{o.Slug, o.Singular, o.Plural, o.ID}
	}
	slices.SortFunc(rows, func(x, y objectRow) int { return cmp.Compare(x.Slug, y.Slug) })
	if f.csv {
		return gocsv.Marshal(rows, a.out)
	}
	return a.table(func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "OBJECT\tSINGULAR\tPLURAL")
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\n", r.Slug, r.Singular, r.Plural)
		}
	})
}

// attributeRow is a line of `schema OBJECT --csv`.
type attributeRow struct {
	Slug     string `csv:"slug"`
	Title    string `csv:"title"`
	Type     string `csv:"type"`
	Required bool   `csv:"required"`
	Unique   bool   `csv:"unique"`
	Multi    bool   `csv:"multi"`
	Writable bool   `csv:"writable"`
	Options  string `csv:"options"`
}

func (f *schemaFlags) listAttributes(a *app, attributes []attio.Attribute) error {
	if a.json {
		return a.printJSON(attributes)
	}
	rows := make([]attributeRow, len(attributes))
	for i, t := range attributes {
		var options []string
		for _, o := range t.Options {
			if !o.Archived {
				options = append(options, o.Title)
			}
		}
		rows[i] = attributeRow{t.Slug, t.Title, string(t.Type), t.Required, t.Unique, t.Multi, t.Writable, strings.Join(options, "; ")}
	}
	if f.csv {
		return gocsv.Marshal(rows, a.out)
	}
	return a.table(func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "ATTRIBUTE\tTITLE\tTYPE\tREQUIRED\tUNIQUE\tMULTI\tWRITABLE\tOPTIONS")
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Slug, r.Title, r.Type, yes(r.Required), yes(r.Unique), yes(r.Multi), yes(r.Writable), cmp.Or(shortened(r.Options, 60), "-"))
		}
	})
}

// table prints aligned columns on standard output.
func (u *ui) table(rows func(*tabwriter.Writer)) error {
	w := tabwriter.NewWriter(u.out, 0, 0, 2, ' ', 0)
	rows(w)
	return w.Flush()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "-"
}

// shortened cuts a text to n letters.
func shortened(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
