package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

type mappingInitFlags struct {
	fileFlags
	out string
}

func newMappingInitCommand(a *app) *cobra.Command {
	var f mappingInitFlags
	cmd := f.command(a, "mapping-init", f.run)
	f.addSchema(cmd)
	cmd.Flags().StringVar(&f.out, "out", "", "")
	return cmd
}

// proposal is what --json prints.
type proposal struct {
	Object  string   `json:"object"`
	Mapping string   `json:"mapping"` // the text of the mapping file
	Asks    []asked  `json:"asks"`
	Lacking []string `json:"lacking"` // attributes that a new record needs and nothing fills
}

type asked struct {
	Column string `json:"column"`
	Ask    string `json:"ask"`
}

func (f *mappingInitFlags) run(ctx context.Context, a *app, _ []string) (err error) {
	if f.out != "" {
		if _, err := os.Lstat(f.out); !errors.Is(err, fs.ErrNotExist) {
			return refused(fmt.Errorf("--out %s: there is such a file already, and answers in it would be lost", f.out))
		}
	}
	in, err := f.open(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	object := f.objectOf(nil)
	schema, err := f.read(ctx, a, object)
	if err != nil {
		return err
	}
	survey, profiles, err := in.Profile(ctx)
	if err != nil {
		return startError(err)
	}
	p, err := propose.Propose(in.Describe(f.name(), survey), profiles, schema, object)
	if err != nil {
		return refused(err)
	}
	for _, note := range survey.Notes {
		a.say("  %s", note)
	}
	err = f.write(a, p)
	if err == nil {
		f.next(a, p)
	}
	return err
}

func (f *mappingInitFlags) write(a *app, p *propose.Proposal) error {
	text := p.YAML()
	if f.out != "" {
		if err := durable.Replace(f.out, bytes.NewReader(text)); err != nil {
			return err
		}
	}
	if a.json {
		out := proposal{p.Object.Slug, string(text), []asked{}, append([]string{}, p.Lacking...)}
		for _, s := range p.Asks() {
			out.Asks = append(out.Asks, asked{s.Header, s.Ask})
		}
		return a.printJSON(out)
	}
	if f.out == "" {
		_, err := a.out.Write(text)
		return err
	}
	return nil
}

// next says what is asked and what to type once it is answered.
func (f *mappingInitFlags) next(a *app, p *propose.Proposal) {
	name, asks := cmp.Or(f.out, "FILE.yaml"), p.Asks()
	for _, s := range asks {
		a.warn("%s: column %q: %s", f.name(), s.Header, s.Ask)
	}
	for _, slug := range p.Lacking {
		a.warn("%s: a new record of %s needs %s, and no column seems to hold it", f.name(), p.Object.Slug, slug)
	}
	if n := len(asks) + len(p.Lacking); n > 0 {
		which := "the question"
		if n > 1 {
			which = "each of the " + count(n, "question")
		}
		a.hint(fmt.Sprintf(`for %s marked "decide" in %s, remove the "# " in front of the answer you want`, which, name))
	}
	a.hint("then: " + quoted("attio-bulk", "mapping", "check", f.input.Path, "--mapping", name))
}
