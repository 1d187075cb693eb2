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
func messages(err error) []string {
	var problems problem.Problems
	if errors.As(err, &problems) {
		shown := first(problems)
		var out []string
		for _, p := range shown {
			out = append(out, p.String())
		}
		if more := len(problems) - len(shown); more > 0 {
			out = append(out, fmt.Sprintf("and %s more of the kind", grouped(int64(more))))
		}
		return out
	}
	var lines []string
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

// hints are what a person can do about an error: its own ones, or those for the errors of packages.
func hints(err error) []string {
	var (
		own      hinter
		input    *source.Error
		busy     *journal.BusyError
		problems problem.Problems
		api      *attio.Error
		changed  *journal.ChangedError
		taken    *journal.UndoneError
		stop     *importer.Stop
		signal   *importer.Interrupted
		few      *exporter.TooFewError
		folder   *exporter.NoFolderError
		whole    *exporter.NotWholeError
	)
	switch {
	case errors.As(err, &signal): // whatever was cut short by it is not at fault
		return nil
	case errors.As(err, &own):
		return own.hints()
	case errors.As(err, &changed):
		return changedHints(changed)
	case errors.As(err, &stop) && stop.MaxRejects:
		return []string{"resume applies the same limit again; to raise it: attio-bulk resume RUN_DIR --max-rejects N (100% " +
			"for no limit)"}
	case errors.As(err, &stop) && stop.OneReason:
		return []string{"if the cause is in Attio or in the key, fix it there; then try those rows again: " +
			"attio-bulk resume RUN_DIR --retry rejected"}
	case errors.As(err, &taken):
		return []string{"to undo the rest: " + quoted("attio-bulk", "undo", taken.Path) +
			"\nthen import its file again, if its rows should be in Attio after all"}
	case errors.As(err, &input):
		return sourceHints(input)
	case errors.As(err, &busy):
		return []string{"wait until that process has ended, then try again"}
	case errors.As(err, &folder):
		return []string{"to make it: " + quoted("mkdir", "-p", folder.Path)}
	case errors.As(err, &problems):
		return problemHints(first(problems))
	case errors.As(err, &few):
		return []string{"if that many records are right, export without --min-records, or with a smaller number"}
	case errors.As(err, &whole):
		return []string{"to start again, export once without --changes-since"}
	case errors.As(err, &api):
		return apiHints(api)
	case errors.Is(err, syscall.ENOSPC):
		return []string{"make room on the disk"}
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
	var input *source.Error
	if errors.As(err, &input) && errors.Is(err, fs.ErrNotExist) {
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
func problemHints(ps problem.Problems) []string {
	var lines, answers []string
	seen := make(map[string]bool)
	for _, p := range ps {
		if p.Open {
			answers = append(answers, p.Hint...)
			continue
		}
		if h := strings.Join(p.Hint, "\n"); h != "" && !seen[h] {
			seen[h] = true
			lines = append(lines, h)
		}
	}
	var out []string
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
	switch {
	case e.Status == http.StatusUnauthorized:
		return []string{"the key may have been revoked or copied in part: make another in Attio under Workspace settings " +
			"> Developers"}
	case e.Status == http.StatusForbidden:
		return []string{"in Attio, under Workspace settings > Developers, look at the key's scopes; the answer above names " +
			"what is missing"}
	case e.Status == http.StatusTooManyRequests, e.RetryAfter > 0:
		return []string{"Attio took no request for a while: see whether something else uses the workspace, and try " +
			"again in a minute"}
	case e.Status == 0:
		return []string{"no answer came: check the network and " + baseVariable + " or --base-url, then try again"}
	case e.Status == http.StatusNotFound && e.Path == "/v2/self":
		return []string{"nothing of Attio is at this address: check " + baseVariable + " or --base-url"}
	case e.Status >= http.StatusInternalServerError:
		return []string{"Attio is in trouble (see its status page); try again later, and name execution " + e.ExecutionID +
			" to its support"}
	}
	return nil
}
