package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"syscall"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Packages return typed errors; what a person should type instead is decided here and nowhere else. A hint names the exact flag,
// variable, line or command.

// scopeTitles are the names of scopes in Attio's settings.
var scopeTitles = map[string]string{
	scopeReadRecords:  "Records: Read",
	scopeWriteRecords: "Records: Read-write",
	scopeReadObjects:  "Object configuration: Read",
	scopeWriteObjects: "Object configuration: Read-write",
	scopeReadMembers:  "User management: Read",
}

// messages are the lines of an error, one for each thing that is wrong.
func messages(err error) []string {
	var problems mapping.Problems
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
	return []string{err.Error()}
}

// shownProblems is how many problems of a mapping are shown: a table with nothing mapped can have thousands of columns.
const shownProblems = 20

func first(ps mapping.Problems) mapping.Problems { return ps[:min(len(ps), shownProblems)] }

func hints(err error) []string {
	var (
		key      *noKey
		scopes   *missingScopes
		object   *unknownObject
		input    *source.Error
		busy     *importer.Busy
		problems mapping.Problems
		api      *attio.Error
		changed  *importer.Changed
		taken    *importer.TakenBack
		stop     *importer.Stop
		signal   *importer.Interrupted
		filter   *filterError
		few      *exporter.TooFewError
		columns  *columnsError
		folder   *exporter.NoFolderError
		whole    *exporter.NotWholeError
		table    *tableAsMapping
		inUse    *takenDir
		address  *listenError
	)
	switch {
	case errors.As(err, &signal): // whatever was cut short by it is not at fault
		return nil
	case errors.As(err, &changed):
		return changedHints(changed)
	case errors.As(err, &table):
		return []string{"a mapping file is YAML, and says what becomes of each column; to have one proposed: " + quoted("attio-bulk", "mapping", "init", table.path, "--out", mappingName(table.path))}
	case errors.As(err, &stop) && stop.MaxRejects:
		return []string{"resume keeps to that bound and stops at the next one; to go on with a larger one: attio-bulk resume RUN_DIR --max-rejects N, or 100% for none"}
	case errors.As(err, &stop) && stop.OneReason:
		return []string{"where the cause lies in Attio or in the key, mend it there; then, to try those rows again too: attio-bulk resume RUN_DIR --retry rejected"}
	case errors.As(err, &taken):
		return []string{"to take back the rest: " + quoted("attio-bulk", "undo", taken.Path) + "\nthen, to have its rows in Attio after all, import its file again"}
	case errors.As(err, &key):
		return []string{
			"make a key in Attio under Workspace settings > Developers, then type\n" + keyVariable + "=<the key>; export " + keyVariable + "\nor put it into a file and add --api-key-file FILE",
			"to try it without a key: attio-bulk demo",
		}
	case errors.As(err, &scopes):
		return []string{"in Attio, under Workspace settings > Developers, open the key and switch on " + titles(scopes.scopes)}
	case errors.As(err, &object):
		return objectHints(object)
	case errors.As(err, &input):
		return sourceHints(input)
	case errors.As(err, &address):
		return []string{"to listen on any port that is free, add --listen 127.0.0.1:0"}
	case errors.As(err, &inUse):
		return inUse.hints()
	case errors.As(err, &busy):
		return []string{"wait until that process has ended; to see how far it is: " + quoted("attio-bulk", "runs", busy.Path)}
	case errors.As(err, &columns):
		return []string{"to see the attributes: " + quoted("attio-bulk", "schema", columns.object)}
	case errors.As(err, &folder):
		return []string{"to make it: " + quoted("mkdir", "-p", folder.Path)}
	case errors.As(err, &problems):
		var bare *unmapped
		if errors.As(err, &bare) {
			return append(problemHints(first(problems)), bare.hint)
		}
		return problemHints(first(problems))
	case errors.As(err, &filter):
		return filter.hint
	case errors.As(err, &few):
		return []string{"if so many records are right, export without --min-records, or with a smaller one"}
	case errors.As(err, &whole):
		return []string{"to begin anew, export once without --changes-since"}
	case errors.As(err, &api):
		return apiHints(api)
	case errors.Is(err, syscall.ENOSPC):
		return []string{"make room on the disk"}
	}
	return nil
}

// takenDir is a run directory that is to be new and is not.
type takenDir struct {
	error
	path string
}

func (e *takenDir) Unwrap() error { return e.error }

func (e *takenDir) hints() []string {
	out := []string{"for a new run, leave --run-dir out or name a new folder"}
	if _, _, err := importer.LoadRun(e.path); err == nil {
		out = append([]string{"to go on with the run in it: " + quoted("attio-bulk", "resume", e.path)}, out...)
	}
	return out
}

func changedHints(e *importer.Changed) []string {
	switch {
	case e.Workspace != "":
		return []string{"use a key of the workspace " + e.Workspace}
	case e.Run != "":
		return []string{
			"a run is gone on with from the file that it began with; if that lies elsewhere now, add --input FILE",
			"to import this file instead, first take back what the run did: " + quoted("attio-bulk", "undo", e.Run),
		}
	}
	return []string{"run.json and journal.jsonl are not of one run: put the files back as they were"}
}

// moved adds to the error of an input that is not where it was how to say where it is now; command is what was typed.
func moved(err error, command ...string) error {
	var input *source.Error
	if errors.As(err, &input) && errors.Is(err, fs.ErrNotExist) {
		input.Remedy = append(input.Remedy, "where the file lies now: "+quoted(append([]string{"attio-bulk"}, command...)...)+" --input FILE")
	}
	return err
}

func titles(scopes []string) string {
	out := make([]string, len(scopes))
	for i, s := range scopes {
		if out[i] = scopeTitles[s]; out[i] == "" {
			out[i] = s
		}
	}
	return strings.Join(out, " and ")
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

func objectHints(e *unknownObject) []string {
	var out []string
	if near := mapping.Nearest(e.name, e.slugs); len(near) > 0 {
		out = append(out, "did you mean "+strings.Join(near, " or ")+"?")
	}
	switch e.name {
	case "users", "workspaces", "deals": // the standard objects that a workspace begins without
		out = append(out, "an admin can switch "+e.name+" on in Attio under Workspace settings > Objects")
	}
	return append(out, "the workspace has "+strings.Join(e.slugs, ", "))
}

// problemHints shows the answers to the file's own questions, and the mapping lines of all other problems as one, so that they can be pasted at once.
func problemHints(ps mapping.Problems) []string {
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
		out = append(out, "to answer, take the \"# \" off one line of each question; where none fits, change one:\n"+strings.Join(answers, "\n"))
	}
	if lines != nil {
		out = append(out, "in the mapping file (--mapping FILE), where every column stands:\n"+strings.Join(lines, "\n"))
	}
	return out
}

func apiHints(e *attio.Error) []string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return []string{"the key may have been revoked or copied in part: make another in Attio under Workspace settings > Developers"}
	case e.Status == http.StatusForbidden:
		return []string{"in Attio, under Workspace settings > Developers, look at the key's scopes; the answer above names what is missing"}
	case e.Status == http.StatusTooManyRequests:
		return []string{"Attio took no request for a while: see whether something else uses the workspace, and try again in a minute"}
	case e.Status == 0:
		return []string{"no answer came: check the network and " + baseVariable + " or --base-url, then try again"}
	case e.Status >= http.StatusInternalServerError:
		return []string{"Attio is in trouble (see its status page); try again later, and name execution " + e.ExecutionID + " to its support"}
	}
	return nil
}
