package attio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Verdict is what a probe found out about an assumption.
type Verdict int

// The verdicts.
const (
	CannotTell Verdict = iota // the workspace holds too little to tell, or the key may not ask
	AsAssumed
	Different
)

// String returns the verdict in words: "as assumed".
func (v Verdict) String() string { return [...]string{"cannot tell", "as assumed", "different"}[v] }

// MarshalText writes the verdict in words.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Finding is what a probe found out.
type Finding struct {
	Assumption
	Verdict  Verdict `json:"finding"`
	Detail   string  `json:"detail"`   // what was seen, or why it cannot be told; "" where nothing is to be added
	Requests int     `json:"requests"` // that were sent, repeats aside: three at most
}

// prober asks one workspace. What one probe has read, the next one need not.
type prober struct {
	ctx      context.Context
	c        *Client
	object   *Object // with attributes and their options
	requests int

	limit                int      // of a page: what Attio did not refuse
	sample, sorted       []Record // the first page, unsorted and by created_at; nil until they are read
	sampleErr, sortedErr error
}

// fewer is the size of a page where Attio refuses a whole one.
const fewer = 50

// Probe asks, for each assumption, whether it holds in this workspace. It writes nothing, keeps nothing, and sends
// three requests at most for each. object is one of a Schema's that was read with its options; the more records it
// holds, the more can be told. The error is that of a key or a network that cannot ask at all, or of a long pause.
func (c *Client) Probe(ctx context.Context, object *Object) ([]Finding, error) {
	p := &prober{ctx: ctx, c: c, object: object, limit: MaxPageRecords}
	var findings []Finding
	for _, a := range Assumptions() {
		p.requests = 0
		f, err := a.probe(p)
		var e *Error
		switch api := errors.As(err, &e); {
		case ctx.Err() != nil:
			return findings, context.Cause(ctx)
		case errors.Is(err, ErrForbidden):
			f = cannotTell("the key lacks a scope")
		case api && e.Status != 0 && !errors.Is(err, ErrUnauthorized) && !(e.limited() && e.Class == Fatal):
			f = cannotTell("%s", e.Brief())
		case err != nil:
			return findings, err
		}
		f.Assumption, f.Requests = a, p.requests
		findings = append(findings, f)
	}
	return findings, nil
}

func asAssumed() (Finding, error) { return judge(true, nil, "") }

func different(format string, args ...any) (Finding, error) {
	return Finding{Verdict: Different, Detail: fmt.Sprintf(format, args...)}, nil
}

func cannotTell(format string, args ...any) Finding {
	return Finding{Verdict: CannotTell, Detail: fmt.Sprintf(format, args...)}
}

// query reads the first records that a query finds. Its error is Refused where Attio does not take the query.
func (p *prober) query(q Query) ([]Record, error) {
	p.requests++
	var page Page
	err := p.c.readPage(p.ctx, p.object.Slug, q, &page)
	return page.Records, err
}

// isRefused reports whether Attio does not take what was asked.
func isRefused(err error) bool { return err != nil && ClassOf(err) == Refused }

// call sends a call whose answer does not matter, and reports whether Attio refuses it.
func (p *prober) call(call Call) (refused bool, err error) {
	p.requests++
	_, err = p.c.Do(p.ctx, call, nil)
	if isRefused(err) {
		return true, nil
	}
	return false, err
}

// judge is the finding of an assumption that holds or does not.
func judge(holds bool, err error, otherwise string, args ...any) (Finding, error) {
	switch {
	case err != nil:
		return Finding{}, err
	case holds:
		return Finding{Verdict: AsAssumed}, nil
	}
	return different(otherwise, args...)
}

// records returns the first page of an unsorted query. Where a whole page is refused, it is a smaller one.
func (p *prober) records() ([]Record, error) {
	if p.sample == nil && p.sampleErr == nil {
		p.sample, p.sampleErr = p.query(Query{Limit: p.limit})
		if (Query{Limit: p.limit}).tooLong(p.sampleErr) { // as every query learns it
			p.limit = fewer
			p.sample, p.sampleErr = p.query(Query{Limit: p.limit})
		}
	}
	return p.sample, p.sampleErr
}

var byCreation = json.RawMessage(`[{"attribute":"created_at","direction":"asc"}]`)

// recordsByCreation returns the first page of a query that is sorted by created_at.
func (p *prober) recordsByCreation() ([]Record, error) {
	if p.sorted == nil && p.sortedErr == nil {
		p.sorted, p.sortedErr = p.query(Query{Sorts: byCreation, Limit: p.limit})
	}
	return p.sorted, p.sortedErr
}
