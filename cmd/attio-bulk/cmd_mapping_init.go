package main

import (
	"bytes"
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
	cmd := &cobra.Command{
		Use:   "init FILE",
		Short: "Propose a mapping file from the header, the cells and the workspace's attributes",
		Long: `Propose a mapping file from the header, the cells of the whole file and the workspace's attributes.

What is certain is filled in; what is likely has its reason beside it. What can be read in two ways,
such as 03/04/2024, and columns that fit nothing are asked about: as lines to take the "# " off, one
for each answer. Until they are answered nothing is imported. The headers of Attio's own templates
and of exports of HubSpot and Salesforce are known.

Nothing is written to the workspace. Without --schema the key needs the scope Object configuration:
Read, and User management: Read where the object has owners.

` + exitCodesHelp(map[string]string{
			"0": "the mapping is proposed, whether it asks something or not",
			"1": "stopped by an error, such as no answer from Attio",
			"2": "bad flags, key or schema, or a file that cannot be read as a whole",
			"3": "",
			"4": "",
			"5": "",
		}),
		Example: `  attio-bulk mapping init contacts.csv --object people --out contacts.yaml
  attio-bulk mapping init contacts.csv --object people --schema workspace.json`,
		Args: one("FILE", ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.path = args[0]
			return errors.Join(f.run(cmd.Context(), a), f.input.close())
		},
	}
	f.add(cmd, "")
	cmd.Flags().StringVar(&f.out, "out", "",
		"write the mapping to `FILE`, which must not exist yet (default standard output)")
	return cmd
}

// proposal is what --json prints.
type proposal struct {
	Object  string    `json:"object"`
	Mapping string    `json:"mapping"` // the text of the mapping file
	Asks    []askedOf `json:"asks"`
	Lacking []string  `json:"lacking"` // attributes that a new record needs and nothing fills
}

type askedOf struct {
	Column string `json:"column"`
	Ask    string `json:"ask"`
}

func (f *mappingInitFlags) run(ctx context.Context, a *app) error {
	if f.out != "" {
		if _, err := os.Lstat(f.out); !errors.Is(err, fs.ErrNotExist) {
			return refused(fmt.Errorf("--out %s: there is such a file already, and answers in it would be lost", f.out))
		}
	}
	in, err := f.open(ctx, nil)
	if err != nil {
		return err
	}
	if f.object == "" {
		f.object = defaultObject
	}
	schema, err := f.read(ctx, a, f.object)
	if err != nil {
		return err
	}
	survey, profiles, err := in.Profile(ctx)
	if err != nil {
		return startError(err)
	}
	p, err := propose.Propose(in.Describe(f.name(), survey), profiles, schema, f.object)
	if err != nil {
		return refused(err)
	}
	for _, note := range survey.Notes {
		a.say("  %s", note)
	}
	if err := f.write(a, p); err != nil {
		return err
	}
	f.next(a, p)
	return nil
}

func (f *mappingInitFlags) write(a *app, p *propose.Proposal) error {
	text := p.YAML()
	if f.out != "" {
		if err := durable.Replace(f.out, bytes.NewReader(text)); err != nil {
			return err
		}
	}
	if a.json {
		out := proposal{Object: p.Object.Slug, Mapping: string(text), Asks: []askedOf{},
			Lacking: append([]string{}, p.Lacking...)}
		for _, s := range p.Asks() {
			out.Asks = append(out.Asks, askedOf{s.Header, s.Ask})
		}
		return a.printJSON(out)
	}
	if f.out != "" {
		return nil
	}
	_, err := a.out.Write(text)
	return err
}

// next says what is asked and what to type once it is answered.
func (f *mappingInitFlags) next(a *app, p *propose.Proposal) {
	name := f.out
	if name == "" {
		name = "FILE.yaml"
	}
	asks := p.Asks()
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
	a.hint("then: " + quoted("attio-bulk", "mapping", "check", f.path, "--mapping", name))
}
