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
	out, from    string // out: "-" is standard output; "" where JSON holds the mapping
	force, noAsk bool
}

func newMappingInitCommand(a *app) *cobra.Command {
	var f mappingInitFlags
	cmd := f.command(a, "mapping-init", f.run)
	f.addSchema(cmd)
	cmd.Flags().StringVar(&f.out, "out", "", "")
	cmd.Flags().BoolVar(&f.force, "force", false, "")
	cmd.Flags().BoolVar(&f.noAsk, "no-ask", false, "")
	cmd.Flags().StringVar(&f.from, "from", "", "")
	completeFlag(cmd, "from", completeWords(propose.Presets()...))
	return cmd
}

// proposal is what --json prints.
type proposal struct {
	Object  string   `json:"object"`
	Mapping string   `json:"mapping"` // the text of the mapping file
	Asks    []asked  `json:"asks"`
	Rest    []string `json:"rest"`    // columns that fit no attribute, which one question is about
	Lacking []string `json:"lacking"` // attributes that a new record needs and nothing fills
}

type asked struct {
	Column  string   `json:"column"` // "" where the question is about what records lack
	Ask     string   `json:"ask"`
	Answers []string `json:"answers"` // lines of the mapping file, the likeliest first
}

func (f *mappingInitFlags) run(ctx context.Context, a *app, _ []string) (err error) {
	if err := f.place(a); err != nil {
		return refused(err)
	}
	f.input.Undecided = true
	in, err := f.open(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	schema, err := f.read(ctx, a, f.object)
	if err != nil {
		return err
	}
	survey, profiles, err := in.Profile(ctx)
	if err != nil {
		return startError(err)
	}
	described := in.Describe(f.name(), survey)
	described.Numbered = in.Doubt() != ""
	p, err := propose.Propose(described, profiles, schema,
		propose.Options{Object: f.object, From: f.from})
	if err != nil {
		return refused(err)
	}
	if p.Guessed {
		a.say("  the columns fit %s; to propose for another object, add --object", p.Object.Slug)
	}
	if p.Preset != "" {
		a.say("  the columns are those of an export of %s", p.Preset)
	}
	if f.ignoreRest {
		p.LeaveRest()
	}
	p.Table = append(saidInMapping(f.input.Dialect), decide(in)...)
	a.sayInput(survey)
	f.warnFooter(a, survey)
	if a.talks && !f.noAsk && !a.json {
		if err := newInterview(a, f.name(), p).run(ctx); err != nil {
			return refused(err)
		}
	}
	err = f.write(a, p)
	if err == nil {
		f.next(a, p, in.Doubt())
	}
	return err
}

// place chooses the file that the mapping is written to, which must not be there yet.
func (f *mappingInitFlags) place(a *app) error {
	if f.out == "" && !a.json {
		if f.out = mappingName(f.input.Path); f.input.Path == "-" {
			f.out = "-"
		}
	}
	if f.out == "" || f.out == "-" {
		return nil
	}
	there, err := os.Lstat(f.out)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("--out %s: %w", f.out, err)
	}
	if in, err := os.Stat(f.input.Path); err == nil && os.SameFile(in, there) {
		return fmt.Errorf("--out %s is the file of rows itself", f.out)
	}
	if f.force {
		return nil
	}
	return &hinted{fmt.Errorf("%s: there is such a file already, and answers in it would be lost", f.out), []string{
		"to check the mapping that is there: " + f.check(f.out),
		"to write another one: --out FILE; to replace this one: --force",
	}}
}

// check is the command that checks the file with a mapping.
func (f *mappingInitFlags) check(name string) string {
	return f.follow([]string{"mapping", "check"}, []string{"object", "ignore-rest"}, []string{"--mapping=" + name})
}

func (f *mappingInitFlags) write(a *app, p *propose.Proposal) error {
	text := p.YAML()
	if f.out != "" && f.out != "-" {
		if err := durable.Replace(f.out, bytes.NewReader(text)); err != nil {
			return err
		}
		a.say("wrote %s", f.out)
	}
	if a.json {
		out := proposal{p.Object.Slug, string(text), []asked{}, []string{}, append([]string{}, p.Lacking...)}
		for _, s := range append(p.Asks(), p.Lacks...) {
			one := asked{s.Header, s.Ask, []string{}}
			for _, answer := range s.Answers {
				one.Answers = append(one.Answers, answer.Line())
			}
			out.Asks = append(out.Asks, one)
		}
		for _, s := range p.Rest {
			out.Rest = append(out.Rest, s.Header)
		}
		return a.printJSON(out)
	}
	if f.out == "-" {
		_, err := a.out.Write(text)
		return err
	}
	return nil
}

// next says what is asked and what to type once it is answered.
func (f *mappingInitFlags) next(a *app, p *propose.Proposal, doubt string) {
	name := f.out
	if name == "" || name == "-" {
		name = "FILE.yaml"
	}
	for _, s := range p.Asks() {
		a.warn("%s: column %q: %s", f.name(), s.Header, s.Ask)
	}
	if ask := p.RestAsk(); ask != "" {
		a.warn("%s: %s", f.name(), ask)
	}
	for _, s := range p.Lacks {
		a.warn("%s: %s", f.name(), s.Ask)
	}
	n := p.Questions()
	if doubt != "" {
		a.warn("%s: %s", f.name(), doubt)
		n++
	}
	if n > 0 {
		which := "the question"
		if n > 1 {
			which = "each of the " + count(n, "question")
		}
		a.hint(fmt.Sprintf(`for %s marked "decide" in %s, remove the "# " in front of the answer you want`, which, name))
	}
	a.hint("then: " + f.check(name))
}
