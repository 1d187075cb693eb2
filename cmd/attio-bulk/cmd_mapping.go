package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
)

func newMappingCommand(a *app) *cobra.Command {
	cmd := a.command("mapping", cobra.NoArgs, nil)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(newMappingInitCommand(a), newMappingCheckCommand(a))
	return cmd
}

// read reads the schema of an object, from a file or from the workspace; "": of all objects.
func (f *fileFlags) read(ctx context.Context, a *app, object string) (*attio.Schema, error) {
	if f.schema != "" {
		s, err := readSavedSchema(f.schema)
		return s, refused(err)
	}
	c, err := f.client.open(a.observe)
	if err != nil {
		return nil, refused(err)
	}
	if object == "" {
		return readAll(ctx, c)
	}
	return readSchema(ctx, c, object, scopeReadObjects)
}

// readAll reads the schema of all objects.
func readAll(ctx context.Context, c *attio.Client) (*attio.Schema, error) {
	objects, err := readObjects(ctx, c, nil, scopeReadObjects)
	if err != nil {
		return nil, err
	}
	s, err := c.Schema(ctx, slugs(objects)...)
	return s, startError(err)
}

// readSavedSchema reads what schema --save wrote.
func readSavedSchema(name string) (*attio.Schema, error) {
	text, err := readNamed("schema file", name)
	if err != nil {
		return nil, err
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
