// Package attiotest is a strict Attio in memory, as net/http/httptest is to net/http: an http.Handler that answers the
// part of Attio's REST API that reading and writing records needs, checks every value as Attio does, limits its
// clients as Attio does, and goes wrong on demand.
//
//	server := attiotest.NewServer(t, attiotest.Options{}) // on a loopback port: server.URL
//	server := attiotest.New(attiotest.Options{})          // in process: server.Client(), server.Transport()
//	err := server.Listen("127.0.0.1:0")                   // in a program; then: defer server.Close()
//
// Any key of 64 characters is taken, and a shorter one gets a 401. A client of package attio comes to it so:
//
//	key := attio.Secret(strings.Repeat("k", 64))
//	client, err := attio.New(attio.Options{Key: key, BaseURL: server.URL})
//	client, err := attio.New(attio.Options{Key: key, Transport: server.Transport()}) // in process, without Listen
//
// A Server may be used from several goroutines. What it holds can be looked at (Find, Records, Requests, Counts) and
// changed behind its clients' back (Insert, Set, Remove) at any time; who made it with New and Listen closes it.
//
// It stands in for an API that people's data depend on, so where the truth is not known it is the stricter of two
// readings: what passes here should pass there, not the other way round.
//
// # Known and kept
//
// Envelopes, error bodies and their words; 401, 403 and the rules of /v2/self; shapes, key order and times of nine
// digits of which three count; PATCH adding in front and ignoring [], PUT replacing, assert adding to the attribute
// it matches by and replacing all others of several values; asserts making version 5 ids; unique rules (case counts
// in texts, not in e-mail addresses and domains) with a 400; missing_value naming an attribute's id; two-way
// relationships; checkboxes that are never unset; bare option ids in arrays being ignored with a 200; filters by
// type, with the path to what is wrong; 25 writes and 100 reads a second of the clock, a 429 with an HTTP date; at
// most 100 values in a filter; scores of sorted queries.
//
// # Unknown, and what was chosen
//
// Each of these is a field of Readings, or stands here because there is no switch for it. The strict one is the
// default.
//
//   - The largest limit of a query: 500, and more is refused (MaxQueryLimit, ClampQueryLimit). Values in a filter:
//     counted all together (ValuesPerIn).
//   - Whether a query counts as a read: it does (QueriesAreWrites). What a score counts, and its budget: all records
//     that match; no budget (ScoreByRows, ScoreLimit).
//   - Order without sorts: ascending record_id, as seen (Order). Ties: fixed, but not by record_id (Ties). Sorts by
//     created_at: taken, as seen (NoCreatedSorts). By e-mail address, domain or phone number: only with a field
//     (DefaultSortFields).
//   - Times in filters: with Z; +00:00 was seen to be refused (TimeFilters). Paths over parent_record: taken, as
//     documented (NoParentPaths).
//   - A query of a standard object that is switched off: 400, as seen, with words of our own (AbsentNotFound).
//   - show_archived: honoured (ShowArchived). Options: all at once (OptionsPage, OptionsCut). Threads of a whole
//     workspace: refused (FreeThreads).
//   - Order of several values: as written (ShuffleValues). The attribute created_at: the record's own (CreatedEarlier).
//   - "" for a text: refused (EmptyText). null: refused. A text with U+0000: refused.
//   - A fifth decimal: refused (Decimals). Numeric strings for a number: refused (NumericStrings); for a currency they
//     are documented. A rating that is not whole: refused.
//   - Titles of options: exactly (FoldOptionTitles). Archived options: refused on write (ArchivedOptions).
//   - A location as text: refused, though official examples send it (LocationText).
//   - Domains: lower-cased, path and query cut off, as documented; www. kept (StripWWW); a scheme, a port or letters
//     beyond ASCII refused (DomainSchemes, IDNDomains); so are hosts whose ending nobody runs.
//   - E-mail addresses likewise; phone extensions and letters, and a country code that is not the number's: refused.
//   - More than one value for a single-valued attribute, and writes to read-only attributes: 400 validation_type.
//     Attio's words for these are not on record. Unknown keys in values: refused, also where the OpenAPI document does
//     not close the type (ExtraKeys); so are keys beside "values" (ExtraBodyKeys).
//   - A reference to nothing: 400 value_not_found. A member's e-mail address: exactly as stored (FoldMembers).
//   - PATCH with [] of a single value: ignored, as it is of several. PUT with [] of a required one: missing_value.
//   - An assert that fits several records: 400 multiple_match_results (MultiMatch). One without its matching value: 400
//     missing_value.
//   - The wording of a uniqueness_conflict: of 2026 (Conflict); two older ones are on record.
//   - References to a record that is deleted go with it. Values that a filter names and no option has: value_not_found.
//   - A JSON key that stands twice, anything behind the JSON, another content type, and unknown query parameters:
//     refused.
//   - Attio's enrichment of new people is off (Options.Enrich); of companies it is not modelled, nor is merging, of
//     which the code merge_in_progress can be had as a fault.
//
// Object people, companies, deals, users and workspaces have Attio's own attributes (categories abridged); to users
// some custom ones are added, such as teams add. An Idempotency-Key header is answered with a 500 and remembered:
// Attio knows none, and Go's transport takes it as leave to repeat a POST.
package attiotest
