package main

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// The help of a command, laid out for the terminal that it is read in.

// helpFiles hold what is said of each command: its line of use, what it does in one line and in several, examples.
//
//go:embed help/*.txt
var helpFiles embed.FS

// described is a command as help/NAME.txt has it, which does nothing yet. A file that is missing shows in every test.
func described(name string) *cobra.Command {
	text, _ := helpFiles.ReadFile("help/" + name + ".txt")
	about, examples, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), "\n\nExamples:\n")
	use, about, _ := strings.Cut(about, "\n")
	short, long, _ := strings.Cut(about, "\n\n")
	return &cobra.Command{Use: use, Short: short, Long: long, Example: examples}
}

// describeFlags has the flags of a command, and of those below it, do what help/flags.txt says.
func describeFlags(cmd *cobra.Command) {
	text, _ := helpFiles.ReadFile("help/flags.txt")
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		for _, at := range []string{"\n--", "\n" + cmd.Name() + " --"} {
			if _, found, ok := strings.Cut(string(text), at+f.Name+": "); ok {
				f.Usage, _, _ = strings.Cut(found, "\n")
			}
		}
	})
	for _, sub := range cmd.Commands() {
		describeFlags(sub)
	}
}

// setHelp has all commands print their help by the functions of this file.
func setHelp(root *cobra.Command, columns int) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		fmt.Fprint(cmd.OutOrStdout(), helpText(cmd, columns))
	})
	root.SetHelpCommand(&cobra.Command{
		Use:               "help [COMMAND]",
		Short:             "Help about any command",
		ValidArgsFunction: completeCommands,
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, _ := root.Find(args) // what it does not find is the rest
			if len(rest) > 0 {
				hint, err := misplaced(found, rest[0], "see attio-bulk --help")
				return refused(&hinted{err, hint})
			}
			return found.Help()
		},
	})
}

// completeCommands offers the commands below the one that is typed.
func completeCommands(cmd *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
	if found, _, err := cmd.Root().Find(args); err == nil {
		for _, c := range found.Commands() {
			if c.IsAvailableCommand() {
				names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// helpText is the help of a command, in lines of at most so many columns; 0: as they are written.
func helpText(cmd *cobra.Command, columns int) string {
	var b strings.Builder
	b.WriteString(reflowed(cmp.Or(cmd.Long, cmd.Short), columns) + "\n\nUsage:\n")
	if cmd.Runnable() {
		b.WriteString("  " + cmd.UseLine() + "\n")
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("  " + cmd.CommandPath() + " COMMAND\n")
	}
	if cmd.Example != "" {
		b.WriteString("\nExamples:\n" + cmd.Example + "\n")
	}
	var rows [][]string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			rows = append(rows, []string{"  " + c.Name(), c.Short})
		}
	}
	if rows != nil {
		b.WriteString("\nCommands:\n" + aligned(rows, columns))
	}
	b.WriteString("\nFlags:\n" + aligned(flagRows(cmd.Flags()), columns))
	return b.String()
}

// flagRows are the flags of a command with what they do.
func flagRows(flags *pflag.FlagSet) (rows [][]string) {
	flags.VisitAll(func(f *pflag.Flag) {
		placeholder, usage := pflag.UnquoteUsage(f)
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		if placeholder != "" {
			name += " " + placeholder
		}
		if !slices.Contains([]string{"", "0", "0s", "false", "[]"}, f.DefValue) {
			usage += " (default " + f.DefValue + ")"
		}
		rows = append(rows, []string{name, usage})
	})
	return rows
}

// reflowed breaks the lines of a text anew. A line that begins with a blank keeps its place, and goes on below the text
// behind its last gap.
func reflowed(text string, columns int) string {
	if columns == 0 {
		return text
	}
	var out, paragraph []string
	flush := func() {
		if paragraph != nil {
			out = append(out, wrapped(strings.Join(paragraph, " "), min(columns, 100))...)
			paragraph = nil
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && !strings.HasPrefix(line, " ") {
			paragraph = append(paragraph, line)
			continue
		}
		flush()
		hang := len(line) - len(strings.TrimLeft(line, " "))
		if gap := strings.LastIndex(line, "  "); gap > hang {
			hang = gap + 2
		}
		lead := line[:hang]
		for _, part := range wrapped(line[hang:], max(narrowest, columns-hang)) {
			out = append(out, lead+part)
			lead = strings.Repeat(" ", hang)
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// unknownCommand is what was typed where a command or nothing belongs; "" where err is of another kind.
func unknownCommand(err error) (name string) {
	if _, scan := fmt.Sscanf(err.Error(), "unknown command %q", &name); scan != nil {
		return ""
	}
	return name
}

// misplaced says what is wrong with a word that is no command.
func misplaced(cmd *cobra.Command, word, help string) ([]string, error) {
	if !cmd.HasAvailableSubCommands() {
		return []string{help}, fmt.Errorf("%s takes no argument, and there is %s", cmd.CommandPath(), quoted(word))
	}
	err := fmt.Errorf("unknown command %q for %q", word, cmd.CommandPath())
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	hint := didYouMean(word, names)
	if _, stat := os.Stat(word); hint == nil && stat == nil && !cmd.HasParent() {
		hint = []string{"to import a file: " + quoted("attio-bulk", "import", word)}
	}
	return append(hint, help), err
}

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
