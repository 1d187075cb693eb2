package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// Packages return typed errors; what a person should type instead is decided here for them, and by the command's own
// errors for themselves. A hint names the exact flag, variable, line or command.

// messages are the lines of an error, one for each thing that is wrong.
func messages(err error) (lines []string) {
	if problems, ok := errors.AsType[problem.Problems](err); ok {
		shown := first(problems)
		for _, p := range shown {
			lines = append(lines, p.String())
		}
		if more := len(problems) - len(shown); more > 0 {
			lines = append(lines, fmt.Sprintf("and %s more of the kind", grouped(int64(more))))
		}
		return lines
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if !slices.Contains(lines, line) { // a full disk refuses each file several times
			lines = append(lines, line)
		}
	}
	return []string{strings.Join(lines, "\n")}
}

// shownProblems is how many problems of a mapping are shown: a table with nothing mapped can have thousands of columns.
const shownProblems = 20

func first(ps problem.Problems) problem.Problems { return ps[:min(len(ps), shownProblems)] }

// hinter is an error of the command that knows what to type next.
type hinter interface {
	error
	hints() []string
}

// remedies are the hints about errors, by type; the first that has something to say is asked.
var remedies = []func(error) []string{
	about(hinter.hints),
	about(changedHints),
	about(stopHints),
	about(func(e *journal.UndoneError) []string {
		return []string{"to undo the rest: " + quoted("attio-bulk", "undo", e.Path) +
			"\nthen import its file again, if its rows should be in Attio after all"}
	}),
	about(sourceHints),
	about(func(e *importer.NothingUniqueError) []string {
		if len(e.Fit) == 0 {
			return []string{e.Object + " has no unique attribute that can be written: leave --require-unique out"}
		}
		return []string{"map a column to " + strings.Join(e.Fit, " or ") + ", or leave --require-unique out"}
	}),
	always[*journal.BusyError]("wait until that process has ended, then try again"),
	about(func(e *exporter.NoFolderError) []string {
		return []string{"to make it: " + quoted("mkdir", "-p", e.Path)}
	}),
	about(problemHints),
	always[*exporter.TooFewError](
		"if that many records are right, export without --min-records, or with a smaller number"),
	always[*exporter.NotWholeError]("to start again, export once without --changes-since"),
	about(apiHints),
}

// about is what say says of an error of type E, or of one that holds such a one.
func about[E error](say func(E) []string) func(error) []string {
	return func(err error) []string {
		if e, ok := errors.AsType[E](err); ok {
			return say(e)
		}
		return nil
	}
}

// always is the one hint about all errors of type E.
func always[E error](hint string) func(error) []string {
	return about(func(E) []string { return []string{hint} })
}

// hints are what a person can do about an error.
func hints(err error) []string {
	if _, signal := errors.AsType[*importer.Interrupted](err); signal { // whatever it cut short is not at fault
		return nil
	}
	for _, remedy := range remedies {
		if hint := remedy(err); hint != nil {
			return hint
		}
	}
	if errors.Is(err, syscall.ENOSPC) {
		return []string{"make room on the disk"}
	}
	return nil
}

func stopHints(e *importer.Stop) []string {
	switch {
	case e.MaxRejects:
		return []string{"resume applies the same limit again; to raise it: attio-bulk resume RUN_DIR --max-rejects N (100% " +
			"for no limit)"}
	case e.OneReason:
		return []string{"if the cause is in Attio or in the key, fix it there; then try those rows again: " +
			"attio-bulk resume RUN_DIR --retry rejected"}
	}
	return nil
}

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint []string
}

func (e *hinted) Unwrap() error { return e.error }

func (e *hinted) hints() []string { return e.hint }

// withHints adds hints to those that an error has already.
func withHints(err error, more ...string) error { return &hinted{err, append(hints(err), more...)} }

func changedHints(e *journal.ChangedError) []string {
	switch {
	case e.Workspace != "":
		return []string{"use a key of the workspace " + e.Workspace}
	case e.Run != "":
		return []string{
			"resume needs the original input; if the file moved, add --input FILE",
			"to import this file instead, undo the run first: " + quoted("attio-bulk", "undo", e.Run),
		}
	}
	return []string{"run.json and journal.jsonl are not of one run: put the files back as they were"}
}

// moved adds to the error of an input that is not where it was how to say where it is now; command is what was typed.
func moved(err error, command ...string) error {
	if _, input := errors.AsType[*source.Error](err); input && errors.Is(err, fs.ErrNotExist) {
		return withHints(err, "if the file moved: "+quoted(append([]string{"attio-bulk"}, command...)...)+" --input FILE")
	}
	return err
}

// takenDir is the error of a run directory that is to be new and is not.
func takenDir(err error, path string) error {
	out := []string{"for a new run, leave --run-dir out or name a new folder"}
	if info, _, err := journal.Load(path); err == nil && !info.DryRun {
		out = append([]string{"to continue the run in it: " + quoted("attio-bulk", "resume", path)}, out...)
	}
	return &hinted{err, out}
}

// sourceHints say what to do with a file that cannot be read, and which flag would help.
func sourceHints(e *source.Error) []string {
	if errors.Is(e, fs.ErrNotExist) {
		return append(e.Remedy, nearFiles(e.Path)...)
	}
	if e.Choices != nil {
		return append(e.Remedy, choiceHints(e.Choices)...)
	}
	if e.Setting == "" {
		return e.Remedy
	}
	flag := "--" + string(e.Setting)
	if len(e.Values) == 0 {
		return append(e.Remedy, "leave "+flag+" out")
	}
	var values []string
	for _, v := range e.Values {
		values = append(values, quoted(v))
	}
	last := len(values) - 1
	if last > 0 {
		values = append(values[:last-1], values[last-1]+" or "+values[last])
	}
	return append(e.Remedy, flag+" "+strings.Join(values, ", "))
}

// problemHints shows the answers to the file's own questions, and the mapping lines of all other problems as one, so
// that they can be pasted at once.
func problemHints(ps problem.Problems) (out []string) {
	var lines, answers []string
	for _, p := range first(ps) {
		if h := strings.Join(p.Hint, "\n"); p.Open {
			answers = append(answers, p.Hint...)
		} else if h != "" && !slices.Contains(lines, h) {
			lines = append(lines, h)
		}
	}
	if answers != nil {
		out = append(out, "to answer, remove the \"# \" in front of one line of each question; if none fits, "+
			"change one:\n"+strings.Join(answers, "\n"))
	}
	if lines != nil {
		out = append(out, "add these lines to the mapping file (--mapping FILE); it has to name every column:\n"+strings.Join(
			lines, "\n"))
	}
	return out
}

func apiHints(e *attio.Error) []string {
	var hint string
	switch {
	case e.Status == http.StatusUnauthorized:
		hint = "the key may have been revoked or copied in part: make another in Attio under Workspace settings > Developers"
	case e.Status == http.StatusForbidden:
		hint = "in Attio, under Workspace settings > Developers, look at the key's scopes; the answer above names what is " +
			"missing"
	case e.Status == http.StatusTooManyRequests, e.RetryAfter > 0:
		hint = "Attio took no request for a while: see whether something else uses the workspace, and try again in a minute"
	case e.Status == 0:
		hint = "no answer came: check the network and " + baseVariable + " or --base-url, then try again"
	case e.Status == http.StatusNotFound && e.Path == "/v2/self":
		hint = "nothing of Attio is at this address: check " + baseVariable + " or --base-url"
	case e.Status >= http.StatusInternalServerError:
		hint = "Attio is in trouble (see its status page); try again later, and name execution " + e.ExecutionID +
			" to its support"
	default:
		return nil
	}
	return []string{hint}
}
