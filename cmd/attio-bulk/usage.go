package main

import (
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

// seeRuns is where the name of a run directory is to be found.
const seeRuns = "to see the runs in attio-runs: attio-bulk runs"

// one is the rule of a command with one argument, called name in its help. A missing one is told with what to name.
func one(name, hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 1:
			return nil
		case 0:
			return &usageError{fmt.Sprintf("%s is missing", name), hint}
		}
		return &usageError{fmt.Sprintf("one %s is wanted, and there are %d: %s", name, len(args), quoted(args...)), ""}
	}
}

// usageError is a call that cannot be meant, with a hint where there is one.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

// misused says what is wrong with a call, and what to type.
func misused(cmd *cobra.Command, args []string, err error) ([]string, error) {
	help := "see " + cmd.CommandPath() + " --help"
	var (
		usage   *usageError
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &usage) && usage.hint != "":
		return []string{usage.hint, help}, err
	case errors.As(err, &unknown):
		return append(nearFlags(cmd, unknown.GetSpecifiedName()), help), err
	case errors.As(err, &invalid):
		return []string{help}, fmt.Errorf(
			"--%s %q is not %s", invalid.GetFlag().Name, invalid.GetValue(), wanted(invalid.GetFlag()))
	case unknownCommand(err) != "":
		return misplaced(cmd, unknownCommand(err), help)
	}
	return []string{help}, err
}

// didYouMean is the hint about a misspelt name, where any of the names that there are is like it.
func didYouMean(name string, names []string) []string {
	near := problem.Nearest(name, names)
	if len(near) == 0 {
		return nil
	}
	return []string{"did you mean " + strings.Join(near, " or ") + "?"}
}

// nearFlags hints at the flags of a command that are most like a misspelt one.
func nearFlags(cmd *cobra.Command, name string) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return didYouMean(name, names)
}

// wanted is what a flag's value should have been.
func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "float64":
		return "a number"
	case "duration":
		return "a time such as 150ms or 3s"
	}
	return "a value that it takes"
}

// aboveZero refuses numbers that nobody can mean: 0 rows, calls or requests a second would be read as no limit at all.
func aboveZero(flags *pflag.FlagSet) error {
	for _, name := range []string{"limit", "workers", "read-rate", "write-rate"} {
		f := flags.Lookup(name)
		if f == nil || !f.Changed {
			continue
		}
		if n, err := strconv.ParseFloat(f.Value.String(), 64); err != nil || !(n > 0) {
			return fmt.Errorf("--%s %s is not above 0; leave the flag out for its default", name, f.Value)
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
func parseMaxRejects(s string) (journal.MaxRejects, error) {
	if s == "" {
		return journal.MaxRejects{}, nil
	}
	if share, ok := strings.CutSuffix(s, "%"); ok {
		if p, err := strconv.ParseFloat(share, 64); err == nil && p >= 0 && p <= 100 {
			return journal.MaxRejects{Set: true, Share: true, Percent: p}, nil
		}
	} else if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return journal.MaxRejects{Set: true, Rows: n}, nil
	}
	return journal.MaxRejects{},
		fmt.Errorf("--max-rejects %q is neither a number of rows such as 100 nor a share such as 2%%", s)
}
