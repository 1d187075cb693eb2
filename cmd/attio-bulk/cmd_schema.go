package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
)

type schemaFlags struct {
	client clientFlags
	save   string
	csv    bool
	// writable leaves out the attributes that Attio alone fills.
	writable bool
}

func newSchemaCommand(a *app) *cobra.Command {
	var f schemaFlags
	cmd := a.command("schema", cobra.MaximumNArgs(1), f.run)
	cmd.ValidArgsFunction = firstArg(completeObjects(&f.client))
	f.client.add(cmd.Flags())
	cmd.Flags().BoolVar(&f.csv, "csv", false, "")
	cmd.Flags().BoolVar(&f.writable, "writable", false, "")
	cmd.Flags().StringVar(&f.save, "save", "", "")
	return cmd
}

func (f *schemaFlags) run(ctx context.Context, a *app, args []string) error {
	if f.csv && a.json {
		return refused(errors.New("--csv and --json exclude each other"))
	}
	if f.writable && (len(args) == 0 || f.save != "") {
		return refused(&hinted{errors.New("--writable is about the list of one object's attributes"),
			[]string{"name the object, such as: attio-bulk schema users --writable"}})
	}
	c, err := f.client.open(a.observe)
	if err != nil {
		return refused(err)
	}
	objects, err := readObjects(ctx, c, args, scopeReadObjects)
	if err != nil {
		return err
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
	if f.writable {
		attributes = slices.DeleteFunc(attributes, func(t attio.Attribute) bool { return !t.Writable })
	}
	return f.listAttributes(a, attributes)
}

// saveSchema writes the schema of the named objects, or of all, and says where.
func (f *schemaFlags) saveSchema(
	ctx context.Context, a *app, c *attio.Client, objects []attio.Object, names []string) error {
	if len(names) == 0 {
		names = slugs(objects)
	}
	schema, err := c.Schema(ctx, names...)
	if err != nil {
		return startError(err)
	}
	if err := durable.ReplaceJSON(f.save, schema); err != nil {
		return err
	}
	a.say("saved the schema of %s to %s", strings.Join(names, ", "), f.save)
	return nil
}

func (f *schemaFlags) listObjects(a *app, objects []attio.Object) error {
	rows := make([][]any, len(objects))
	for i, o := range objects {
		rows[i] = []any{o.Slug, o.Singular, o.Plural, o.ID}
	}
	slices.SortFunc(rows, func(x, y []any) int { return cmp.Compare(x[0].(string), y[0].(string)) })
	return f.print(a, objects, rows, []string{"slug", "singular", "plural", "id"}, "OBJECT", "SINGULAR", "PLURAL")
}

func (f *schemaFlags) listAttributes(a *app, attributes []attio.Attribute) error {
	rows := make([][]any, len(attributes))
	for i, t := range attributes {
		var options []string
		for _, o := range t.Options {
			if !o.Archived {
				options = append(options, o.Title)
			}
		}
		rows[i] = []any{t.Slug, t.Title, t.Type, t.Required, t.Unique, t.Multi, t.Writable, strings.Join(options, "; ")}
	}
	return f.print(a, attributes, rows,
		[]string{"slug", "title", "type", "required", "unique", "multi", "writable", "options"},
		"ATTRIBUTE", "TITLE", "TYPE", "REQUIRED", "UNIQUE", "MULTI", "WRITABLE", "OPTIONS")
}

// print prints what was read: v as JSON, or rows as CSV or as a table, each with its own header.
func (f *schemaFlags) print(a *app, v any, rows [][]any, csv []string, header ...string) error {
	switch {
	case a.json:
		return a.printJSON(v)
	case f.csv:
		return a.csv(rows, csv...)
	}
	return a.list(rows, header...)
}
