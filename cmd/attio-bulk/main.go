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
	var interrupted *importer.Interrupted
	if err == nil || errors.As(err, &interrupted) {
		return err
	}
	return &exit{exitRefused, err}
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
	var known *exit
	if errors.As(err, &known) {
		if known.err == nil {
			return code
		}
		err = known.err
	}
	if !closedPipe(err) { // whoever read our output has gone: there is nobody to tell
		a.fail(err)
		a.hint(hints(err)...)
	}
	return code
}

// exitCode is the code that an error stands for.
func exitCode(err error) int {
	var known *exit
	var busy *journal.BusyError
	var interrupted *importer.Interrupted
	switch {
	case errors.As(err, &known):
		return known.code
	case errors.As(err, &busy):
		return exitBusy
	case errors.As(err, &interrupted):
		return interrupted.ExitCode
	}
	return exitStopped
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "attio-bulk",
		Short: "Bulk import into Attio and export from it",
		Long: `Bulk import into Attio and export from it, at the speed that Attio allows,
without a lost row and without a duplicate.

The key is read from ATTIO_API_KEY or from --api-key-file. Try it without one:

  attio-bulk demo

` + exitCodesHelp(nil),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.began = true
			return a.adopt(cmd.Flags())
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.DisableSuggestions = true // they are hints
	setHelp(root, a.columns)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.AddCommand(newImportCommand(a), newResumeCommand(a), newUndoCommand(a), newVerifyCommand(a), newExportCommand(a),
		newMappingCommand(a), newSchemaCommand(a), newRunsCommand(a), newDoctorCommand(a), newSandboxCommand(a),
		newDemoCommand(a), newVersionCommand(a))
	return root
}

// adopt takes the flags of the terminal from whichever command has them.
func (a *app) adopt(flags *pflag.FlagSet) error {
	for name, into := range map[string]*bool{"quiet": &a.quiet, "verbose": &a.verbose, "json": &a.json} {
		if flags.Lookup(name) == nil {
			continue
		}
		value, err := flags.GetBool(name)
		if err != nil {
			return refused(err)
		}
		*into = value
	}
	if a.quiet && a.verbose {
		return refused(errors.New("--quiet and --verbose exclude each other"))
	}
	return refused(aboveZero(flags))
}

// addOutputFlags adds the flags of commands that print a result.
func addOutputFlags(flags *pflag.FlagSet) {
	flags.Bool("json", false, "print the result as JSON on standard output")
	flags.BoolP("quiet", "q", false, "print nothing but results, warnings and errors")
}
