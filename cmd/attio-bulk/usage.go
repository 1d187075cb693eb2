package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// What is wrong with how a command was called is said in the words of its help, not in those of the libraries that read
// the line.

// one is the rule of a command with one argument, called name in its help. A missing one is told with what to name.
func one(name string, hint ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return &hinted{errors.New(name + " is missing"), hint}
		case len(args) > 1:
			return fmt.Errorf("one %s is wanted, and there are %d: %s", name, len(args), quoted(args...))
		}
		return nil
	}
}

// misused says what is wrong with a call, and what to type.
func misused(cmd *cobra.Command, args []string, err error) ([]string, error) {
	help := "see " + cmd.CommandPath() + " --help"
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		return append(didYouMean(unknown.GetSpecifiedName(), names), help), err
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		wanted := map[string]string{"bool": "true or false", "int": "a whole number", "float64": "a number",
			"duration": "a time such as 150ms or 3s"}[invalid.GetFlag().Value.Type()]
		err = fmt.Errorf("--%s %q is not %s", invalid.GetFlag().Name, invalid.GetValue(),
			cmp.Or(wanted, "a value that it takes"))
	}
	if word := unknownCommand(err); word != "" {
		return misplaced(cmd, word, help)
	}
	return append(hints(err), help), err
}

// didYouMean is the hint about a misspelt name, where any of the names that there are is like it.
func didYouMean(name string, names []string) []string {
	near := problem.Nearest(name, names)
	if len(near) == 0 {
		return nil
	}
	return []string{"did you mean " + strings.Join(near, " or ") + "?"}
}

// aboveZero refuses numbers that nobody can mean: 0 rows, calls or requests a second would be read as no limit at all.
func aboveZero(flags *pflag.FlagSet) error {
	for _, name := range []string{"limit", "workers", "read-rate", "write-rate"} {
		if f := flags.Lookup(name); flags.Changed(name) {
			if n, err := strconv.ParseFloat(f.Value.String(), 64); err != nil || !(n > 0) {
				return fmt.Errorf("--%s %s is not above 0; leave the flag out for its default", name, f.Value)
			}
		}
	}
	return nil
}

// typedFlags are the flags that somebody typed, one word each.
func typedFlags(flags *pflag.FlagSet) []string {
	var out []string
	flags.Visit(func(f *pflag.Flag) {
		word := "--" + f.Name
		if f.Value.Type() != "bool" || f.Value.String() != "true" {
			word += "=" + f.Value.String()
		}
		out = append(out, word)
	})
	return out
}

// without leaves out flags that the next command must not have.
func without(given []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(given), func(word string) bool {
		name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
		return slices.Contains(names, name)
	})
}

// parseMaxRejects reads a number of rows or a share in per cent.
func parseMaxRejects(s string) (m journal.MaxRejects, err error) {
	share, inShares := strings.CutSuffix(s, "%")
	switch m = (journal.MaxRejects{Set: s != "", Share: inShares}); {
	case inShares:
		m.Percent, err = strconv.ParseFloat(share, 64)
	case m.Set:
		m.Rows, err = strconv.Atoi(s)
	}
	if err != nil || m.Rows < 0 || !(m.Percent >= 0 && m.Percent <= 100) {
		return m, fmt.Errorf("--max-rejects %q is neither a number of rows such as 100 nor a share such as 2%%", s)
	}
	return m, nil
}
