package importer

import (
	"encoding/json"
	"errors"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// records is where outcomes go: the journal first, which is the truth, then the reports. It belongs to the loop.
type records struct {
	journal *Journal
	before  images
	reports []Recorder
	pending int   // outcomes since the last flush
	entry   entry // of the outcome being recorded
}

// flushRows is how many outcomes may wait for their flush.
const flushRows = 4096

// openRecords opens the reports of a run's directory. Where earlier legs left any, they are made anew from the journal first, since a
// crash may have torn them.
func openRecords(o *Options, info RunInfo, p *past, j *Journal) (*records, error) {
	rs := &records{journal: j, before: images{name: o.Dir.File(beforeFile)}}
	if p.lines > 0 {
		if err := rebuild(o, p, false); err != nil {
			return nil, err
		}
	}
	dir := o.Dir
	rs.reports = []Recorder{
		newResults(dir.File(resultsFile)),
		newConflicts(dir.File(conflictsFile)),
		newRejects(dir.File(o.Input.RejectsName()), o.Input),
	}
	return rs, nil
}

// intent appends a write that is about to be sent.
func (rs *records) intent(in *intent) error {
	if in.before != nil {
		if err := rs.before.add(in.before); err != nil {
			return err
		}
	}
	at := in.at.UTC()
	return rs.journal.append(&entry{Kind: kindIntent, Row: in.row, Write: string(in.write), Record: in.target, Send: in.send, At: &at})
}

// sync puts all intents so far on disk, with what their updates overwrite.
func (rs *records) sync() error { return errors.Join(rs.before.sync(), rs.journal.Sync()) }

// record appends an outcome to the journal and to the reports.
func (rs *records) record(out *Outcome) error {
	rs.entry = entryOf(out)
	if err := rs.journal.append(&rs.entry); err != nil {
		return err
	}
	for _, rep := range rs.reports {
		if err := rep.Record(out); err != nil {
			return err
		}
	}
	if rs.pending++; rs.pending >= flushRows {
		return rs.flush()
	}
	return nil
}

// flush makes the journal and the reports whole on disk.
func (rs *records) flush() error {
	rs.pending = 0
	if err := rs.journal.Sync(); err != nil {
		return err
	}
	for _, rep := range rs.reports {
		if err := rep.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// close flushes and closes everything.
func (rs *records) close() error {
	errs := []error{rs.flush(), rs.before.close()}
	for _, rep := range rs.reports {
		errs = append(errs, rep.Close())
	}
	return errors.Join(append(errs, rs.journal.Close())...)
}

// entryOf is an outcome as the journal keeps it.
func entryOf(out *Outcome) entry {
	e := entry{
		Kind: kindOutcome, Row: out.Row.Number, Line: out.Row.Line, Action: out.Action, Record: out.RecordID,
		URL: out.WebURL, Attempts: out.Attempts, Message: out.Message, Answer: out.Answer, Open: out.Open,
	}
	for _, c := range out.Conflicts {
		ec := entryConflict{
			Kind: c.Kind, Attribute: c.Attribute, Nth: c.Nth, Record: c.RecordID, URL: c.WebURL,
			FirstRow: c.FirstRow, Message: c.Message,
		}
		if c.Differences != nil {
			ec.Differences = json.RawMessage(differencesJSON(c.Differences))
		}
		e.Conflicts = append(e.Conflicts, ec)
	}
	for _, r := range out.Errors {
		er := entryReject{Column: r.Column, Code: r.Code, Message: r.Message}
		if r.Cell != nil {
			er.Message, er.Cell = "", true
		}
		e.Errors = append(e.Errors, er)
	}
	return e
}

// conflictValues are the values of a row, as in the file, that its conflict lines speak of.
func conflictValues(keys []mapping.Key, attribute string) []string {
	var out []string
	for _, k := range keys {
		if k.Attr.Slug == attribute {
			out = append(out, k.Text)
		}
	}
	return out
}
