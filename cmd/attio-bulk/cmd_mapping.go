package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

func newMappingCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "mapping",
		Short: "Propose a mapping file, or check a file against one",
		Long: `Propose a mapping file, or check a file against one.

A mapping file says which attribute each column fills and how its cells are read. Begin with init,
answer what it asks in the file that it writes, then check, then import.`,
		Example: `  attio-bulk mapping init users.xlsx --object users --out users.yaml
  attio-bulk mapping check users.xlsx --mapping users.yaml
  attio-bulk import users.xlsx --mapping users.yaml --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMappingInitCommand(a), newMappingCheckCommand(a))
	return cmd
}

// fileFlags say which file to read and what it is to be compared with; mapping init and mapping check share them.
type fileFlags struct {
	client               clientFlags
	input                inputFlags
	path, object, schema string
}

func (f *fileFlags) add(cmd *cobra.Command, object string) {
	flags := cmd.Flags()
	flags.StringVar(&f.object, "object", "", "the object that the rows become, by `SLUG` (default "+object+"users)")
	flags.StringVar(&f.schema, "schema", "",
		"read the schema from `FILE`, written by schema --save, instead of the workspace: needs no key and no network")
	f.input.add(flags)
	f.client.add(flags)
	completeFlag(cmd, "format", completeWords("csv", "tsv", "jsonl", "json", "xlsx"))
	completeFlag(cmd, "object", completeObjectFlag(&f.client))
}

// open opens the input, to be read with a mapping where there is one.
func (f *fileFlags) open(ctx context.Context, file *mapfile.File) (*source.File, error) {
	return f.input.open(ctx, f.path, file)
}

// name is what the input is called in messages.
func (f *fileFlags) name() string {
	if f.path == "-" {
		return "standard input"
	}
	return f.path
}

// read reads the schema of an object, from a file or from the workspace.
func (f *fileFlags) read(ctx context.Context, a *app, object string) (*attio.Schema, error) {
	if f.schema != "" {
		s, err := readSavedSchema(f.schema)
		return s, refused(err)
	}
	c, err := f.client.open(a.observe)
	if err != nil {
		return nil, refused(err)
	}
	return readSchema(ctx, c, object, scopeReadObjects)
}

// readSavedSchema reads what schema --save wrote.
func readSavedSchema(name string) (*attio.Schema, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("schema file %s: %w", name, err)
	}
	var s attio.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("schema file %s: %w", name, err)
	}
	if len(s.Objects) == 0 {
		return nil, fmt.Errorf("schema file %s: it holds no objects; write one with: attio-bulk schema --save %s", name,
			quoted(name))
	}
	return &s, nil
}
