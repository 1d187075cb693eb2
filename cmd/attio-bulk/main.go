// Command attio-bulk imports files into Attio and exports Attio's records to files.
package main

import (
	"context"
	"errors"
	"os"
	"slices"
	_ "time/tzdata" // the zones of a mapping, on machines that have none

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// The exit codes. Those of an interruption are 128 and the signal's number.
const (
	exitStopped = 1 // stopped by an error
	exitRefused = 2 // nothing was begun: flags, key, mapping, file or schema
	exitRows    = 3 // finished, and some rows are conflicts or rejects
	exitUnsure  = 4 // finished, and something could not be proven
	exitBusy    = 5 // another process holds the run directory
)

// exit is an error with the code to end with. An err of nil means that everything has been said.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return "see above"
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// refused marks an error that came before anything was begun. An interruption keeps its own code.
func refused(err error) error {
	if _, interrupted := errors.AsType[*importer.Interrupted](err); interrupted || err == nil {
		return err
	}
	return &exit{exitRefused, err}
}

// exitWith ends a command that has said everything with a code.
func exitWith(code int) error {
	if code == 0 {
		return nil
	}
	return &exit{code: code}
}

// app is what the commands share.
type app struct {
	*ui
	// abort is cancelled by the second signal; the context that commands run under, by the first.
	abort context.Context
	began bool // a command's own code was reached: what failed before was how it was called
}

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	a := &app{ui: newUI(os.Stdout, os.Stderr)}
	stop, abort, release := signals(a.ui)
	defer release()
	a.abort = abort
	root := newRoot(a)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(stop)
	code := exitRefused
	if err != nil && !a.began {
		a.json = slices.Contains(args, "--json")
		hint, err := misused(cmd, args, err)
		a.fail(err)
		a.hint(hint...)
	} else {
		code = a.end(err)
	}
	a.printError(code)
	return code
}

// end says what went wrong, once, and chooses the exit code.
func (a *app) end(err error) int {
	if err == nil {
		return 0
	}
	code := exitCode(err)
	if known, ok := errors.AsType[*exit](err); ok {
		err = known.err
	}
	if err != nil && !closedPipe(err) { // where our reader has gone, there is nobody to tell
		a.explain(err)
	}
	return code
}

// exitCode is the code that an error stands for.
func exitCode(err error) int {
	if known, ok := errors.AsType[*exit](err); ok {
		return known.code
	}
	if _, ok := errors.AsType[*journal.BusyError](err); ok {
		return exitBusy
	}
	if interrupted, ok := errors.AsType[*importer.Interrupted](err); ok {
		return interrupted.ExitCode
	}
	return exitStopped
}

func newRoot(a *app) *cobra.Command {
	root := described("attio-bulk")
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		a.began = true
		return a.adopt(cmd.Flags())
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.DisableSuggestions = true // they are hints
	setHelp(root, a.columns)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.AddCommand(newImportCommand(a), newResumeCommand(a), newUndoCommand(a), newVerifyCommand(a), newExportCommand(a),
		newMappingCommand(a), newSchemaCommand(a), newRunsCommand(a), newDoctorCommand(a), newSandboxCommand(a),
		newDemoCommand(a), newVersionCommand(a))
	describeFlags(root)
	return root
}

// action is what a command does with its arguments once its flags are read.
type action = func(ctx context.Context, a *app, args []string) error

// command is the command that help/NAME.txt describes. rule says which arguments it takes. What its flags do stands in
// help/flags.txt.
func (a *app) command(name string, rule cobra.PositionalArgs, do action) *cobra.Command {
	cmd := described(name)
	cmd.Args = rule
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return do(cmd.Context(), a, args) }
	return cmd
}

// adopt takes the flags of the terminal from whichever command has them.
func (a *app) adopt(flags *pflag.FlagSet) error {
	for name, into := range map[string]*bool{"quiet": &a.quiet, "verbose": &a.verbose, "json": &a.json} {
		if f := flags.Lookup(name); f != nil {
			*into = f.Value.String() == "true"
		}
	}
	if a.quiet && a.verbose {
		return refused(errors.New("--quiet and --verbose exclude each other"))
	}
	if f := flags.Lookup("api-key-file"); f != nil {
		a.warnOfOpenKey(f.Value.String())
	}
	return refused(aboveZero(flags))
}

// addOutputFlags adds the flags of commands that print a result.
func addOutputFlags(flags *pflag.FlagSet) {
	flags.Bool("json", false, "")
	flags.BoolP("quiet", "q", false, "")
}
