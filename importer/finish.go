package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// newRunInfo is what run.json says of a new run. The input is hashed already.
func newRunInfo(o *Options) (RunInfo, error) {
	text := o.Plan.File.YAML()
	info := journal.NewInfo()
	info.Version = o.Version
	info.Input = InputIdentity{Path: o.Input.Path(), SHA256: o.Survey.SHA256, Bytes: o.Survey.Bytes}
	info.Mapping, info.MappingSHA256 = string(text), sha256Hex(text)
	info.Object, info.Mode = o.Plan.Object.Slug, o.Plan.Mode
	info.WorkspaceID, info.WorkspaceSlug = o.Plan.Schema.Self.WorkspaceID, o.Plan.Schema.Self.WorkspaceSlug
	info.DryRun, info.NoPreflight, info.Limit, info.Workers = o.DryRun, o.NoPreflight, o.Limit, o.Workers
	info.MaxRejects, info.ImportKey = o.MaxRejects, o.ImportKey
	if o.Plan.Match != nil {
		info.Match = o.Plan.Match.Slug
	}
	in := o.Input.Options()
	info.Dialect = in.Dialect
	if in.Path != "-" {
		abs, err := filepath.Abs(in.Path)
		if err != nil {
			return info, fmt.Errorf("input: %w", err)
		}
		info.InputAbsolute = abs
	}
	return info, nil
}

func sha256Hex(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// finish closes the reports and writes the summary.
func (r *run) finish(cause error) (Summary, error) {
	seconds := time.Since(r.started).Seconds()
	s := r.summary(cause, seconds)
	reason := ""
	if cause != nil {
		reason = cause.Error()
	}
	err := r.rec.journal.Record(&journal.End{
		At: now(), Requests: r.requests(), Seconds: seconds, Reason: reason, Taken: r.taken, Changed: inputChanged(cause),
	})
	err = errors.Join(err, r.rec.close())
	if err == nil && (r.onlySettle != nil || r.past.SawAfter(r.taken)) {
		err = r.reinstate(&s)
	}
	if err != nil && cause == nil { // the journal may lack the last outcomes, whatever the accounts say
		s.ExitCode, s.Reason, s.Finished = ExitStopped, err.Error(), false
	}
	if werr := s.Write(r.Dir); werr != nil {
		s.ExitCode = ExitStopped
		err = errors.Join(err, werr)
	}
	return s, err
}

// inputChanged reports whether a run stopped since somebody wrote to its input.
func inputChanged(cause error) bool {
	var fault *source.Error
	return errors.As(cause, &fault) && fault.Code == "FIL009"
}

// reinstate has the rows that earlier legs had come to, and this one not, count as before.
func (r *run) reinstate(s *Summary) error {
	p, err := journal.ReadHistory(r.Dir.Path(), &r.info, nil, nil)
	if err != nil {
		return err
	}
	now := p.Summary(&r.info, r.Survey.Rows, r.Survey.BlankRows)
	s.Rows = now.Rows
	if r.onlySettle != nil && r.halt == nil {
		s.Finished, s.ExitCode, s.Reason = now.Finished, now.ExitCode, now.Reason
	}
	return errors.Join(rebuild(context.WithoutCancel(r.stop), &r.Options, p, true), p.Close())
}

// requests counts this leg's requests.
func (r *run) requests() Requests {
	st := r.Client.Stats()
	return Requests{Reads: st.Reads, Writes: st.Writes, Retries: st.Retries, RateLimited: st.RateLimited}
}

func (r *run) summary(cause error, seconds float64) Summary {
	s := r.past.Summary(&r.info, r.Survey.Rows, r.Survey.BlankRows)
	s.RunDir = r.Dir.Path()
	s.Rows, s.FinishedAt, s.Reason = r.counts, time.Now().UTC(), ""
	s.Finished = cause == nil && s.Rows.Pending == 0 && s.Rows.Read >= r.Survey.Rows
	s.Seconds += seconds
	s.Requests.Add(r.requests())
	for kind, n := range r.also {
		if s.AlsoCreated == nil {
			s.AlsoCreated = make(map[string]int)
		}
		s.AlsoCreated[kind] += n
	}
	s.Bounded = bounded(r.Client.Stats(), r.held, time.Since(r.started), s.Requests.Writes > 0)
	if s.StartedAt.IsZero() {
		s.StartedAt = r.started.UTC()
	}
	var sig *Interrupted
	switch {
	case errors.As(cause, &sig):
		s.ExitCode, s.Reason = sig.ExitCode, cause.Error()
	case cause != nil:
		s.ExitCode, s.Reason = ExitStopped, cause.Error()
	default:
		s.ExitCode = r.counts.ExitCode()
	}
	return s
}

// total is how many rows the run is about.
func (r *run) total() int {
	if r.Limit > 0 {
		return min(r.Survey.Rows, r.Limit)
	}
	return r.Survey.Rows
}

// report tells whoever watches.
func (r *run) report() {
	if r.Progress == nil {
		return
	}
	total := r.total()
	p := Progress{Total: total, Counts: r.counts, Planned: len(r.toWrite) + r.writing, Phase: "writing"}
	p.Writes = int64(r.counts.Created + r.counts.Updated - r.past.Counts.Created - r.past.Counts.Updated)
	if p.Rate = r.speed.rate(time.Now(), r.counts.Finished()); p.Rate > 0 {
		p.ETA = time.Duration(float64(total-r.counts.Finished()) / p.Rate * float64(time.Second))
	}
	switch {
	case r.DryRun:
		p.Phase = "checking"
	case len(r.toWrite)+r.writing == 0 && r.looking > 0:
		p.Phase = "looking up"
	case r.halt != nil:
		p.Phase = "finishing"
	}
	r.Progress(p)
}
