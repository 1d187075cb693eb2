package attio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
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

// Finding is what a probe found out.
type Finding struct {
	Assumption
	Verdict  Verdict
	Detail   string // what was seen, or why it cannot be told; "" where nothing is to be added
	Requests int    // that were sent, repeats aside: three at most
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

func asAssumed() (Finding, error) { return Finding{Verdict: AsAssumed}, nil }

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

// probeFilterValues asks for ids that no record has: 101 in two conditions, 101 in one, 100 in one.
func probeFilterValues(p *prober) (Finding, error) {
	const most = MaxFilterValues
	refused := func(sizes ...int) (bool, error) {
		parts, n := make([]string, len(sizes)), 0
		for i, size := range sizes {
			ids := make([]string, size)
			for j := range ids {
				ids[j] = fmt.Sprintf(`"00000000-0000-4000-8000-%012d"`, n)
				n++
			}
			parts[i] = `{"record_id":{"$in":[` + strings.Join(ids, ",") + `]}}`
		}
		_, err := p.query(Query{Filter: json.RawMessage(`{"$or":[` + strings.Join(parts, ",") + `]}`), Limit: 1})
		if isRefused(err) && p.c.filters.Refused(p.object.Slug, n, err) { // as every look-up learns it
			return true, nil
		}
		return false, err
	}
	whole, err := refused(most/2, most/2+1)
	if err != nil {
		return Finding{}, err
	}
	if !whole {
		one, err := refused(most + 1)
		if err == nil && one {
			return different("each $in is counted by itself")
		} else if err != nil {
			return Finding{}, err
		}
		return different("more than %d are taken", most)
	}
	fewer, err := refused(most)
	if err == nil && fewer {
		return different("%d are refused", most)
	} else if err != nil {
		return Finding{}, err
	}
	return asAssumed()
}

func probePageSize(p *prober) (Finding, error) {
	records, err := p.records()
	switch n := len(records); {
	case err != nil:
		return Finding{}, err
	case p.limit < MaxPageRecords:
		return different("a query for %d records is refused", MaxPageRecords)
	case n >= MaxPageRecords:
		return asAssumed()
	case n > 0:
		behind, err := p.query(Query{Limit: 1, Offset: n})
		if err != nil {
			return Finding{}, err
		}
		if len(behind) > 0 {
			return different("pages have %d records", n)
		}
	}
	return cannotTell("%s has %d records, less than a page", p.object.Slug, len(records)), nil
}

// fewRecords are too few to tell an order from chance.
const fewRecords = 5

func probeUnsortedOrder(p *prober) (Finding, error) {
	records, err := p.records()
	switch {
	case err != nil:
		return Finding{}, err
	case len(records) < fewRecords:
		return cannotTell("%s has %d records", p.object.Slug, len(records)), nil
	case slices.IsSortedFunc(records, func(a, b Record) int { return strings.Compare(a.ID, b.ID) }):
		return asAssumed()
	case slices.IsSortedFunc(records, func(a, b Record) int { return strings.Compare(a.CreatedAt, b.CreatedAt) }):
		return different("they come by ascending created_at")
	}
	return different("they come in another order")
}

func probeCreatedSorts(p *prober) (Finding, error) {
	records, err := p.recordsByCreation()
	switch {
	case isRefused(err):
		return different("it is refused")
	case err != nil:
		return Finding{}, err
	case len(records) < fewRecords:
		return cannotTell("it is taken, but %s has %d records", p.object.Slug, len(records)), nil
	case !slices.IsSortedFunc(records, func(a, b Record) int { return strings.Compare(createdAt(&a), createdAt(&b)) }):
		return different("it is taken, but the records come in another order")
	}
	return asAssumed()
}

// createdAt is the attribute's value, by which Attio sorts: it may be earlier than the record's own.
func createdAt(r *Record) string {
	for v := range rawjson.Elements(r.Values["created_at"]) {
		text, _ := rawjson.Unquote(rawjson.Member(v, "value"))
		return text
	}
	return r.CreatedAt
}

func probeTies(p *prober) (Finding, error) {
	records, err := p.recordsByCreation()
	if isRefused(err) {
		return cannotTell("sorts by created_at are refused"), nil
	} else if err != nil {
		return Finding{}, err
	}
	ties := 0
	for i := 1; i < len(records); i++ {
		if createdAt(&records[i-1]) == createdAt(&records[i]) {
			ties++
		}
	}
	if ties < fewRecords {
		return cannotTell("too few records of %s have the same created_at", p.object.Slug), nil
	}
	again, err := p.query(Query{Sorts: byCreation, Limit: p.limit})
	if err != nil {
		return Finding{}, err
	}
	if !slices.EqualFunc(records, again, func(a, b Record) bool { return a.ID == b.ID }) {
		return different("two answers have them in different orders")
	}
	return asAssumed()
}

func probeTimeFilters(p *prober) (Finding, error) {
	after := func(time string) ([]Record, error) {
		return p.query(Query{Filter: json.RawMessage(`{"created_at":{"$gte":"` + time + `"}}`), Limit: 1})
	}
	found, err := after("2999-12-31T00:00:00.000Z")
	switch {
	case isRefused(err):
		return different("records cannot be filtered by created_at")
	case err != nil:
		return Finding{}, err
	case len(found) > 0:
		return different("a filter by created_at is not kept to")
	}
	if _, err = after("2999-12-31T00:00:00.000+00:00"); err == nil {
		return different("+00:00 is taken as well")
	} else if !isRefused(err) {
		return Finding{}, err
	}
	return asAssumed()
}

func probeParentPaths(p *prober) (Finding, error) {
	var lists struct {
		Data []struct {
			Slug    string   `json:"api_slug"`
			Parents []string `json:"parent_object"`
		} `json:"data"`
	}
	p.requests++
	if _, err := p.c.Do(p.ctx, Call{Method: http.MethodGet, Path: "/v2/lists"}, &lists); err != nil {
		return Finding{}, err
	}
	if len(lists.Data) == 0 || len(lists.Data[0].Parents) == 0 {
		return cannotTell("the workspace has no list"), nil
	}
	list, parent := lists.Data[0].Slug, lists.Data[0].Parents[0]
	body := map[string]any{"limit": 1, "filter": map[string]any{
		"path":        [][]string{{list, "parent_record"}, {parent, "record_id"}},
		"constraints": map[string]string{"value": "00000000-0000-4000-8000-000000000000"},
	}}
	p.requests++
	_, err := p.c.Do(p.ctx, Call{
		Method: http.MethodPost, Path: "/v2/lists/" + url.PathEscape(list) + "/entries/query", Body: body, Read: true,
	}, nil)
	if isRefused(err) {
		return different("such a path is refused")
	} else if err != nil {
		return Finding{}, err
	}
	return asAssumed()
}

func probeThreads(p *prober) (Finding, error) {
	p.requests++
	_, err := p.c.Do(p.ctx, Call{Method: http.MethodGet, Path: "/v2/threads", Query: url.Values{"limit": {"1"}}}, nil)
	if isRefused(err) {
		return asAssumed()
	} else if err != nil {
		return Finding{}, err
	}
	return different("those of the whole workspace are listed")
}
