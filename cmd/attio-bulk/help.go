package main

import (
	"cmp"
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
