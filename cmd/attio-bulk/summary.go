package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// nextSteps is what the commands that may come after a run are made of.
type nextSteps struct {
	dir    string // the run directory
	path   string // the input as it was typed
	total  int    // how many rows the run is about; 0 where that is not known
	given  []string
	unique []*attio.Attribute // in create mode
	shown  notSent            // the first rows that were not sent
	rows   []mapping.Preview  // of a dry run
	// proposal makes the mapping file that lines of rejects speak of; "" where there is one.
	proposal string
	// mapping is the mapping's text where its file is not known any more: it is written into the run directory for the
	// next command.
	mapping string
}

// closeRun prints what became of a run and what to type next, and gives the error that carries its exit code. cause is
// why the run stopped early; nil when it did not.
func (a *app) closeRun(s journal.Summary, next nextSteps, cause error) error {
	if s.Schema == 0 { // the run ended before it had accounts
		return cause
	}
	s.RunDir = next.dir
	if err := a.result(s); err != nil {
		cause, s.ExitCode = errors.Join(cause, err), exitStopped
	}
	if text := amiss(s); text != "" && a.quiet && !a.json {
		a.warn("%s", text)
	}
	a.say("%s", accounts(s, next.total))
	a.say("%s", effort(s))
	a.say("reports in %s: %s", next.dir, strings.Join(reportFiles(next.dir), ", "))
	if !a.verbose && !a.json { // then standard error is a log, where no cell may stand
		a.sayRows(next.shown.rejects, s.Rows.Rejected, filepath.Base(rejectsFile(next.dir)))
		a.sayRows(next.shown.conflicts, s.Rows.Conflict, journal.ConflictsFile)
		if text := previewText(next.rows); text != "" {
			a.say("%s", text)
		}
	}
	if text := withoutUnique(s); text != "" {
		a.warn("%s", text)
	}
	if cause != nil {
		a.explain(cause)
	}
	a.hint(next.hints(s)...)
	return exitWith(s.ExitCode)
}

// accounts is the table of a run's rows, which adds up. total is how many rows the run is about, 0 where that is not
// known.
func accounts(s journal.Summary, total int) string {
	var rows [][2]string
	column := 10
	for _, action := range journal.Actions {
		if n := s.Rows.Of(action); n != 0 {
			row := [2]string{string(action), grouped(int64(n))}
			if s.DryRun && (action == journal.Created || action == journal.Updated) {
				row[0] = "would be " + row[0]
			}
			rows, column = append(rows, row), max(column, len(row[0]))
		}
	}
	var b strings.Builder
	b.WriteString(whatBecame(s, total))
	for _, row := range rows {
		fmt.Fprintf(&b, "\n  %-*s %9s", column, row[0], row[1])
	}
	fmt.Fprintf(&b, "\n  %s\n  %-*s %9s", strings.Repeat("-", column+10), column, "read", grouped(int64(s.Rows.Read)))
	if s.BlankRows > 0 {
		fmt.Fprintf(&b, "   and %s", count(s.BlankRows, "blank row"))
	}
	for _, what := range slices.Sorted(maps.Keys(s.AlsoCreated)) {
		fmt.Fprintf(&b, "\n  also created, %s: %s", what, grouped(int64(s.AlsoCreated[what])))
	}
	if s.Dropped.Values > 0 {
		b.WriteString("\n  " + leftOut(s.Dropped))
	}
	return b.String()
}

// leftOut counts the values that were left out.
func leftOut(d journal.Dropped) string {
	return count(d.Values, "value") + " left out, see " + journal.DroppedFile
}

// withoutUnique warns of rows that nothing finds again; "" where there are none.
func withoutUnique(s journal.Summary) string {
	switch n := s.WithoutUnique; {
	case n == 0:
		return ""
	case s.DryRun:
		return fmt.Sprintf("%s without a unique value would be created: a second import would create %s again",
			count(n, "row"), them(n))
	default:
		return fmt.Sprintf("%s without a unique value %s created: a second import creates %s again",
			count(n, "row"), map[bool]string{true: "was", false: "were"}[n == 1], them(n))
	}
}

func them(n int) string { return map[bool]string{true: "it", false: "them"}[n == 1] }

// whatBecame is the line above the accounts: what was done, and how much is left of it.
func whatBecame(s journal.Summary, total int) string {
	stopped := "stopped"
	switch {
	case s.Reason == "" && s.DryRun:
		return "dry run of " + s.Input.Path + " into " + s.Object
	case s.Reason == "":
		return "imported " + s.Input.Path + " into " + s.Object
	case s.ExitCode > 128:
		stopped = "interrupted"
	}
	done := s.Rows.Read - s.Rows.Pending - s.Rows.Unknown
	if total == 0 {
		return fmt.Sprintf("%s: %s of %s done", stopped, count(done, "row"), s.Input.Path)
	}
	return fmt.Sprintf("%s: %s of %s of %s done, %s left",
		stopped, grouped(int64(done)), count(total, "row"), s.Input.Path, grouped(int64(total-done-s.Rows.Unknown)))
}

// amiss counts the rows that somebody has to look at, in one line; "" where there are none.
func amiss(s journal.Summary) string {
	c, parts := s.Rows, list{fmt.Sprintf("%s into %s: %s read", s.Input.Path, s.Object, count(s.Rows.Read, "row"))}
	parts.add(c.Conflict, count(c.Conflict, "conflict"))
	parts.add(c.Rejected, grouped(int64(c.Rejected))+" rejected")
	parts.add(c.Unknown, grouped(int64(c.Unknown))+" unknown")
	if len(parts) == 1 {
		return ""
	}
	return parts.String()
}

// effort says how long it took, with how many requests, and what limited the speed.
func effort(s journal.Summary) string {
	r := s.Requests
	parts := list{fmt.Sprintf("%.1f s", s.Seconds), count(r.Reads, "read"), count(r.Writes, "write")}
	parts.add(int(r.Retries), grouped(r.Retries)+" of them repeated")
	parts.add(int(r.RateLimited), grouped(r.RateLimited)+" put off by Attio's rate limit")
	if s.Bounded != "" {
		return parts.String() + "; speed limited by " + s.Bounded
	}
	return parts.String()
}

// reportFiles are the reports that a run has left, those that a person reads first.
func reportFiles(dir string) []string {
	names := []string{journal.ConflictsFile, "rejects.csv", "rejects.jsonl", journal.DroppedFile, journal.ResultsFile,
		undo.File, journal.SummaryFile}
	return slices.DeleteFunc(names, func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err != nil
	})
}

// hints are the exact commands that may come next.
func (n nextSteps) hints(s journal.Summary) []string {
	var out []string
	if !s.Finished && !s.DryRun {
		where := "where it stopped"
		if s.Reason == "" && s.Rows.Pending == 0 {
			where = "after the limit"
		}
		out = append(out, "to continue "+where+": "+quoted("attio-bulk", "resume", n.dir))
	}
	if s.Rows.Unknown > 0 && s.Finished {
		out = append(out, fmt.Sprintf(
			"the outcome of %s is unknown; to look again: %s\nwhere %s gives a filter, look the record up with: %s "+
				"--filter 'FILTER'\nwhere rows have no unique value, --import-key ATTRIBUTE gives them one in the next import",
			count(s.Rows.Unknown, "row"), quoted("attio-bulk", "resume", n.dir, "--retry", "unknown"),
			quoted(filepath.Join(n.dir, "results.csv")),
			quoted("attio-bulk", "export", "--object", s.Object)))
	}
	if s.Rows.Conflict > 0 {
		out = append(out, n.conflictHint(s))
	}
	if s.Rows.Rejected > 0 {
		out = append(out, n.rejectHint(s))
	}
	if n.proposal != "" && strings.Contains(strings.Join(n.shown.rejects.lines, ""), inTheMapping) {
		out = append(out, "to have a mapping file proposed: "+n.proposal)
	}
	if s.DryRun && s.Reason == "" {
		out = append(out, "to import: "+n.command(n.path, "dry-run"))
	}
	return out
}

func (n nextSteps) conflictHint(s journal.Summary) string {
	name := filepath.Join(n.dir, "conflicts.csv")
	report := "which rows are conflicts, and why: " + quoted(name)
	if s.DryRun || s.Mode != mapping.Create || len(n.unique) == 0 || !anyExisting(name) {
		return report
	}
	return report + "\nto update the existing records from the file: " +
		n.command(n.path, "mode", "match", "no-preflight") +
		" --mode=upsert --match=" + n.unique[0].Slug
}

// anyExisting reports whether some row of a conflict report is like a record in Attio: an upsert changes nothing for
// the others.
func anyExisting(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	rows := csv.NewReader(f)
	rows.ReuseRecord = true
	for row, err := rows.Read(); err == nil; row, err = rows.Read() {
		if len(row) > 2 && row[2] == journal.Existing {
			return true
		}
	}
	return false
}

func (n nextSteps) rejectHint(s journal.Summary) string {
	name := rejectsFile(n.dir)
	if s.DryRun {
		return "which rows are refused, and why: " + quoted(name)
	}
	return "repair the rows in " + quoted(name) + ", then: " +
		n.command(name, "limit", "format", "sheet", "quote", "escape", "header-row",
			"skip-footer")
}

// rejectsFile is where the refused rows of a run are.
func rejectsFile(dir string) string {
	name := filepath.Join(dir, "rejects.csv")
	if _, err := os.Stat(name); err != nil {
		name = filepath.Join(dir, "rejects.jsonl")
	}
	return name
}

// command is the same import of a file, without the flags that do not belong to it.
func (n nextSteps) command(path string, drop ...string) string {
	if n.mapping != "" {
		name := filepath.Join(n.dir, "mapping.yaml")
		if err := durable.Replace(name, strings.NewReader(n.mapping)); err == nil {
			n.given = append([]string{"--mapping=" + name}, n.given...)
		}
	}
	args := append([]string{"attio-bulk", "import", path},
		without(n.given, append(drop, "run-dir", "preview", "json", "quiet", "verbose")...)...)
	return quoted(args...)
}
