package attio

// What this package takes Attio to do where its documentation promises nothing. Each of these has a probe, which asks a
// workspace (Probe); what follows where Attio differs is part of its text.

// MaxFilterValues is how many values the filter of a query may hold, all its conditions together. Attio refuses more
// with a 400, "too many constraint values used": two clients saw it in July 2026, the documentation does not say so.
// Whether one $in is counted or the whole filter is not on record; this is the stricter reading.
const MaxFilterValues = 100

// MaxPageRecords is how many records are asked for at a time at most: Attio's default. Its maximum is not documented;
// one program asks for 1,000. Where fewer are given or taken, ReadPage finds it out.
const MaxPageRecords = 500

// Assumption is one thing that is taken for granted.
type Assumption struct {
	Name   string `json:"name"`      // "filter-values"
	Text   string `json:"assumed"`   // what Attio is taken to do
	Source string `json:"source"`    // on whose word
	Else   string `json:"otherwise"` // what follows where it does something else
	probe  func(*prober) (Finding, error)
}

// Assumptions are all of them, in the order in which Probe asks.
func Assumptions() []Assumption {
	return []Assumption{
		{Name: "filter-values", Text: "a filter may hold 100 values, all its conditions together",
			Source: "two clients saw the refusal of more in July 2026",
			Else:   "a filter that is refused is halved, and asked again", probe: probeFilterValues},
		{Name: "page-size", Text: "a query gives 500 records at a time",
			Source: "docs.attio.com/rest-api/guides/pagination: 500 is the default; no maximum is documented",
			Else:   "exports follow the pages that come; a page that is refused is halved, and asked for again",
			probe:  probePageSize},
		{Name: "unsorted-order", Text: "a query without sorts gives records by ascending record_id",
			Source: "15 recorded answers; not documented",
			Else:   "exports ask for sorted pages, which cost more", probe: probeUnsortedOrder},
		{Name: "created-sorts", Text: "a query can be sorted by created_at",
			Source: "recorded queries", Else: "exports rest on the order of unsorted queries alone", probe: probeCreatedSorts},
		{Name: "ties", Text: "records with the same created_at stand in the same order in each answer",
			Source: "nobody's word", Else: "exports that are sorted by created_at may have to start again", probe: probeTies},
		{Name: "time-filters", Text: "a filter takes a time in UTC with Z, and no other zone",
			Source: "docs.attio.com/rest-api/guides/filtering-and-sorting; a connector saw +00:00 refused",
			Else:   "nothing: times are always written with Z", probe: probeTimeFilters},
		{Name: "parent-paths", Text: "entries can be filtered by a path that begins with parent_record",
			Source: "docs.attio.com/rest-api/guides/filtering-and-sorting",
			Else:   "entries are found by the ids of their records", probe: probeParentPaths},
		{Name: "show-archived", Text: "archived options are listed where they are asked for",
			Source: "docs.attio.com/rest-api/endpoint-reference/attributes/list-select-options",
			Else:   "an option whose title an archived one holds cannot be made, and is refused", probe: probeShowArchived},
		{Name: "options-page", Text: "the options of an attribute are listed all at once",
			Source: "152 came in one recorded answer; the endpoint has no limit and no offset",
			Else:   "pages of a round number are read on; options that are not listed count as missing",
			probe:  probeOptionsPage},
		{Name: "threads", Text: "threads are listed for one record or entry only",
			Source: "docs.attio.com/rest-api/endpoint-reference/threads/list-threads",
			Else:   "nothing: threads are always asked for by record or entry", probe: probeThreads},
	}
}
