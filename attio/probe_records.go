package attio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// The probes of queries, and of what else is asked by a query.

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
	if err != nil || whole {
		fewer := false
		if err == nil {
			fewer, err = refused(most)
		}
		return judge(!fewer, err, "%d are refused", most)
	}
	one, err := refused(most + 1)
	if one {
		return different("each $in is counted by itself")
	}
	return judge(false, err, "more than %d are taken", most)
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
		if err != nil || len(behind) > 0 {
			return judge(false, err, "pages have %d records", n)
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
	}
	inOrder := slices.IsSortedFunc(records, func(a, b Record) int { return strings.Compare(createdAt(&a), createdAt(&b)) })
	return judge(inOrder, nil, "it is taken, but the records come in another order")
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
	same := slices.EqualFunc(records, again, func(a, b Record) bool { return a.ID == b.ID })
	return judge(same, err, "two answers have them in different orders")
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
	if _, err = after("2999-12-31T00:00:00.000+00:00"); isRefused(err) {
		return asAssumed()
	}
	return judge(false, err, "+00:00 is taken as well")
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
	refused, err := p.call(Call{Method: http.MethodPost, Path: route("lists", list, "entries", "query"), Body: body,
		Read: true})
	return judge(!refused, err, "such a path is refused")
}

func probeThreads(p *prober) (Finding, error) {
	refused, err := p.call(Call{Method: http.MethodGet, Path: "/v2/threads", Query: url.Values{"limit": {"1"}}})
	return judge(refused, err, "those of the whole workspace are listed")
}
