package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// Reports are made anew from the journal and the input: a crash may have torn them, and rows that are tried again must not stand in them twice.
// They come in the order of the file then, and not in that of finishing.

// Rebuild makes the reports and the summary of a run anew from its journal and its input, without a request: the schema that the run was
// bound to lies in its directory. Options used: Dir, Input.
func Rebuild(ctx context.Context, o ResumeOptions) (Summary, error) {
	info, last, err := LoadRun(o.Dir.Path())
	if err != nil {
		return Summary{}, err
	}
	p, err := readPast(o.Dir.File(journalFile), nil)
	if err != nil {
		return Summary{}, err
	}
	if err := checkHead(info, p.head); err != nil {
		return Summary{}, err
	}
	in, survey, err := reopen(ctx, o, info)
	if err != nil {
		return Summary{}, err
	}
	var schema attio.Schema
	if err := readJSON(o.Dir.File(schemaFile), &schema); err != nil {
		return Summary{}, err
	}
	plan, err := rebind(&schema, info, survey)
	if err != nil {
		return Summary{}, err
	}
	if err := rebuild(&Options{Plan: plan, Input: in, Survey: survey, Dir: o.Dir}, p, true); err != nil {
		return Summary{}, err
	}
	if !info.DryRun {
		if err := rebuildUndo(o.Dir); err != nil {
			return Summary{}, err
		}
	}
	s := p.summary(info, survey)
	s.RunDir = o.Dir.Path()
	if last != nil { // what the journal does not know
		s.Reason, s.ExitCode, s.Finished, s.FinishedAt = last.Reason, last.ExitCode, last.Finished, last.FinishedAt
	}
	return s, durable.ReplaceJSON(o.Dir.File(summaryFile), s)
}

// endedSilently is the reason of a leg that was killed.
const endedSilently = "the run ended without a word: it can be resumed"

// summary is what a journal alone says of a run.
func (p *past) summary(info RunInfo, survey source.Survey) Summary {
	s := Summary{
		Schema: 1, Command: "import", Object: info.Object, Mode: info.Mode, DryRun: info.DryRun, Input: info.Input,
		Rows: p.counts, BlankRows: survey.BlankRows, Requests: p.requests, AlsoCreated: p.also,
		StartedAt: p.started, FinishedAt: p.ended, Seconds: p.seconds,
	}
	for row := range p.intents {
		if p.action(row) == "" { // sent, and nothing was heard of it yet
			s.Rows.Read++
			s.Rows.Unknown++
		}
	}
	if n := p.taken - s.Rows.Read; n > 0 { // read, and not begun
		s.Rows.Read += n
		s.Rows.Pending += n
	}
	wanted := survey.Rows
	if info.Limit > 0 {
		wanted = min(wanted, info.Limit)
	}
	s.Finished = p.counts.Read >= survey.Rows && len(p.intents) == 0
	if p.counts.Read >= wanted && len(p.intents) == 0 {
		s.ExitCode = p.counts.exitCode()
	} else {
		s.ExitCode, s.Reason = ExitStopped, endedSilently
	}
	return s
}

// rebuild replaces the reports of a run by what its journal says. open has the rows in them that resume would look up first; a leg that
// is about to do so leaves them out.
func rebuild(o *Options, p *past, open bool) error {
	last, err := lastOutcomes(o.Dir.File(journalFile), p, open)
	if err != nil {
		return err
	}
	names := []string{resultsFile, conflictsFile, o.Input.RejectsName()}
	for _, n := range names {
		if err := durable.Remove(o.Dir.File(n + newSuffix)); err != nil {
			return err
		}
	}
	reports := []Recorder{
		newResults(o.Dir.File(names[0] + newSuffix)), newConflicts(o.Dir.File(names[1] + newSuffix)), newRejects(o.Dir.File(names[2]+newSuffix), o.Input),
	}
	err = replay(o, last, reports)
	for _, r := range reports {
		err = errors.Join(err, r.Close())
	}
	if err != nil {
		return fmt.Errorf("make the reports anew: %w", err)
	}
	for _, n := range names {
		if err := durable.ReplaceBy(o.Dir.File(n), o.Dir.File(n+newSuffix)); err != nil {
			return err
		}
	}
	return nil
}

// lastOutcomes are the entries of the rows that are done.
func lastOutcomes(journal string, p *past, open bool) (map[int]*entry, error) {
	last := make(map[int]*entry)
	_, err := readJournal(journal, func(e *entry) error {
		if e.Kind == kindOutcome && (p.action(e.Row) != "" || open && e.Open && p.reopened[e.Row]) {
			last[e.Row] = e
		}
		return nil
	})
	return last, err
}

// replay tells the reports of every row that is done, reading the input once.
func replay(o *Options, last map[int]*entry, reports []Recorder) error {
	var rec mapping.Record
	for row, err := range o.Input.Rows(context.Background()) {
		if err != nil {
			return err
		}
		e := last[row.Number]
		if e == nil {
			continue
		}
		var refused []*mapping.CellError
		var keys []mapping.Key
		if row.Bad == nil {
			refused = o.Plan.Values(row, &rec)
			keys = keysOf(o.Plan, nil, &rec)
		}
		out, err := e.outcome(row, refused, keys)
		if err != nil {
			return err
		}
		for _, r := range reports {
			if err := r.Record(out); err != nil {
				return err
			}
		}
	}
	return nil
}

// outcome is an entry with what the input says of its row.
func (e *entry) outcome(row *mapping.Row, refused []*mapping.CellError, keys []mapping.Key) (*Outcome, error) {
	out := &Outcome{
		Row: row, Action: e.Action, RecordID: e.Record, WebURL: e.URL, Attempts: e.Attempts, Message: e.Message, Answer: e.Answer, Open: e.Open,
	}
	for _, c := range e.Conflicts {
		line := Conflict{
			Kind: c.Kind, Attribute: c.Attribute, Nth: c.Nth, RecordID: c.Record, WebURL: c.URL, FirstRow: c.FirstRow, Message: c.Message,
		}
		if values := conflictValues(keys, c.Attribute); c.Nth < len(values) {
			line.Value = values[c.Nth]
		}
		if len(c.Differences) > 0 {
			var err error
			if line.Differences, err = differencesOf(c.Differences); err != nil {
				return nil, err
			}
		}
		out.Conflicts = append(out.Conflicts, line)
	}
	for i, r := range e.Errors {
		reject := Reject{Column: r.Column, Code: r.Code, Message: r.Message}
		if r.Cell && i < len(refused) {
			reject.Message, reject.Cell = refused[i].Message, refused[i]
		}
		out.Errors = append(out.Errors, reject)
	}
	return out, nil
}

// differencesOf reads what differencesJSON wrote.
func differencesOf(text json.RawMessage) ([]mapping.Difference, error) {
	var m map[string]struct {
		File  json.RawMessage `json:"file"`
		Attio json.RawMessage `json:"attio"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	out := make([]mapping.Difference, 0, len(m))
	for slug, d := range m {
		out = append(out, mapping.Difference{Slug: slug, File: d.File, Attio: d.Attio})
	}
	return out, nil
}
