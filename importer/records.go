package importer

import (
	"context"
	"errors"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/report"
)

// records is where outcomes go: the journal first, which is the truth, then the reports. It belongs to the loop.
type records struct {
	journal *journal.Writer
	reports report.Set
	pending int // outcomes since the last flush
}

// flushRows is how many outcomes may wait for their flush.
const flushRows = 4096

// openRecords opens the reports of a run's directory. Where earlier sessions left any, they are made anew from the
// journal first, since a crash may have torn them.
func openRecords(ctx context.Context, o *Options, p *journal.History, w *journal.Writer) (*records, error) {
	if !p.Empty() {
		if err := rebuild(ctx, o, p, false); err != nil {
			return nil, err
		}
	}
	return &records{journal: w, reports: report.Open(o.Dir, o.Input)}, nil
}

// record appends an outcome to the journal and to the reports.
func (rs *records) record(out *Outcome) error {
	if err := rs.journal.Record(journal.ResultOf(out)); err != nil {
		return err
	}
	if err := rs.reports.Record(out); err != nil {
		return err
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
	return rs.reports.Flush()
}

// close flushes and closes everything.
func (rs *records) close() error {
	return errors.Join(rs.flush(), rs.reports.Close(), rs.journal.Close())
}
