package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// addLayout adds the flags that say where in a file its table stands, and how it is written.
func (f *fileFlags) addLayout(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.input.Quote, "quote", "", "")
	flags.StringVar(&f.input.Escape, "escape", "", "")
	flags.StringVar(&f.input.HeaderRow, "header-row", "", "")
	flags.IntVar(&f.skipFooter, "skip-footer", 0, "")
	completeFlag(cmd, "quote", completeWords(`"`, "'", "none"))
	completeFlag(cmd, "escape", completeWords("double", "backslash"))
	completeFlag(cmd, "header-row", completeWords("1", "none"))
}

// pins are the flags that say what a dialect says.
func pins(d source.Dialect) (flags []string) {
	for _, f := range []struct{ name, value string }{
		{"format", d.Format}, {"sheet", d.Sheet}, {"delimiter", d.Delimiter}, {"encoding", d.Encoding},
		{"quote", d.Quote}, {"escape", d.Escape}, {"header-row", d.HeaderRow},
	} {
		if f.value != "" {
			flags = append(flags, "--"+f.name+"="+f.value)
		}
	}
	if d.SkipFooter != nil {
		flags = append(flags, "--skip-footer="+strconv.Itoa(*d.SkipFooter))
	}
	return flags
}

// sayInput says how a file was read: first the flags that read it so again, then what else was decided.
func (a *app) sayInput(s source.Survey, more ...string) {
	a.say("  read with %s", quoted(pins(s.Pinned)...))
	for _, note := range append(s.Notes, more...) {
		a.say("  %s", note)
	}
}

// warnFooter warns of rows at the end that are probably none.
func (f *fileFlags) warnFooter(a *app, s source.Survey) {
	for i, one := range s.Suspects {
		a.warn("%s:%d: %q %s, and is read as a row; to leave it out: --skip-footer %d", f.name(), one.Line, one.Text, one.Why,
			len(s.Suspects)-i)
	}
}

// choiceHints are the flags of each way to read a file.
func choiceHints(all []source.Choice) (hints []string) {
	for _, c := range all {
		hints = append(hints, fmt.Sprintf("%s: %s", quoted(pins(c.With)...), c.Means))
	}
	return hints
}

// saidInMapping are the lines of a mapping file that say what the flags have said.
func saidInMapping(d source.Dialect) []string {
	t := mapfile.Table{Sheet: d.Sheet, HeaderRow: d.HeaderRow, SkipFooter: d.SkipFooter, Delimiter: d.Delimiter,
		Encoding: d.Encoding, Quote: d.Quote, Escape: d.Escape}
	return strings.FieldsFunc(t.YAML(), func(r rune) bool { return r == '\n' })
}

// decide are the lines of a mapping file that ask how the file is to be read.
func decide(in *source.File) (lines []string) {
	for i, c := range in.Choices() {
		said := saidInMapping(c.With)
		if i == 0 {
			lines = append(lines, mapfile.DecideMark+strings.Split(said[0], ":")[0]+": "+in.Doubt())
		}
		lines = append(lines, "# "+strings.Join(said, ", ")+"   # "+c.Means)
	}
	return lines
}

// undecided adds to the error of a file that can be read in several ways how its mapping would say which is meant.
func (f *fileFlags) undecided(err error, file *mapfile.File) error {
	e, ok := errors.AsType[*source.Error](err)
	if !ok || len(e.Choices) == 0 || file == nil {
		return err
	}
	var lines []string
	for _, c := range e.Choices {
		lines = append(lines, strings.Join(saidInMapping(c.With), " and "))
	}
	if q := file.Asked(strings.Split(lines[0], ":")[0]); q != nil {
		return withHints(err, "to answer in the mapping file, remove the \"# \" in front of one line:\n"+
			strings.Join(q.Problem("").Hint, "\n"))
	}
	return withHints(err, "or say it in "+f.mapping+": "+strings.Join(lines, ", or "))
}
