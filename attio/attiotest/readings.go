package attiotest

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Readings are the choices where nobody outside of Attio knows what it does, or where it may change. The zero value
// takes the stricter reading of each: a client that passes with it should pass with all others. A client that must
// work either way is tested with each reading turned.
type Readings struct {
	// Order of a query without sorts. Seen: ascending record_id. Not promised.
	Order Order `words:"record-id creation shuffled random"`
	// Ties is the order of records that a query's sorts leave equal.
	Ties Ties `words:"fixed record-id random"`
	// MaxQueryLimit is the largest limit of a query; 0: 500, the documented default. One program asks for 1,000.
	MaxQueryLimit int
	// ClampQueryLimit answers a larger limit with MaxQueryLimit rows; else it is refused.
	ClampQueryLimit bool
	// ValuesPerIn counts Options.FilterValues for each $in by itself; else all values of a filter count together.
	ValuesPerIn bool
	// NoCreatedSorts refuses sorts by created_at. Recorded queries sort by it.
	NoCreatedSorts bool
	// DefaultSortFields sorts by e-mail address, domain and phone number where no field is named; else a field is
	// required.
	DefaultSortFields bool
	// TimeFilters says which times a filter takes. Seen: +00:00 is refused.
	TimeFilters TimeFilters `words:"utc offsets none"`
	// NoParentPaths refuses filters by a path that begins with the parent_record of a list.
	NoParentPaths bool
	// QueriesAreWrites counts POST …/query against the writes. Programs take it for a read.
	QueriesAreWrites bool
	// ScoreLimit is the budget of query scores in any ten seconds; 0: none. Attio has one and does not publish it.
	ScoreLimit int
	// ScoreByRows lets the score of a sorted query follow the rows of its page; else all that match, which costs more.
	ScoreByRows bool
	// AbsentNotFound answers a query of a standard object that is switched off with the documented 404; else with the 400
	// that was seen.
	AbsentNotFound bool

	// ShuffleValues answers several values of one attribute in an order that nothing explains, as was seen.
	ShuffleValues bool
	// CreatedEarlier is how much earlier the attribute created_at is than the record's own; filters and sorts follow
	// the attribute. Seen: 11 to 118 s of records made in the app; of those made by the API 0, and once -185 ms.
	CreatedEarlier time.Duration
	// ShowArchived says what becomes of show_archived=true.
	ShowArchived ShowArchived `words:"honoured ignored refused"`
	// OptionsPage is how many options or statuses are answered at once; 0: all. Seen: 152 of them.
	OptionsPage int
	// OptionsCut keeps the options behind the first page for itself, whatever offset is asked for; else offset reaches
	// them.
	OptionsCut bool
	// FreeThreads lists the threads of a whole workspace; else the list wants a record or an entry.
	FreeThreads bool

	EmptyText        EmptyText `words:"refused clears stored"`  // what "" does to a text; a program clears with it
	Decimals         Decimals  `words:"refused rounded stored"` // what a fifth decimal does
	NumericStrings   bool      // takes "17" for a number, as currency does
	FoldOptionTitles bool      // finds options without regard to case
	BareOptionID     bool      // takes option ids as bare strings inside arrays; else they are ignored with a 200
	ArchivedOptions  bool      // takes archived options and statuses
	LocationText     bool      // takes a text as a location's first line, as official examples send it
	StripWWW         bool      // stores www.x.com as x.com
	DomainSchemes    bool      // takes https://x.com as x.com
	IDNDomains       bool      // takes münchen.de as xn--mnchen-3ya.de
	ExtraKeys        bool      // takes unknown keys in names, e-mail addresses, domains and phone numbers
	ExtraBodyKeys    bool      // takes keys beside "values" in the body of a POST
	FoldMembers      bool      // finds members by e-mail address without regard to case

	// Conflict is the wording of a uniqueness_conflict; three are on record.
	Conflict ConflictWording `words:"2026 no-ids 2025"`
	// MultiMatch is the code when an assert matches several records; "": multiple_match_results.
	MultiMatch string
}

// Set sets one reading by its name in words, as the sandbox's command line has it: "empty-text", "clears".
func (r *Readings) Set(name, value string) error {
	v := reflect.ValueOf(r).Elem()
	i := slices.Index(ReadingNames(), name)
	if i < 0 {
		return fmt.Errorf("there is no reading %q; there are %s", name, strings.Join(ReadingNames(), ", "))
	}
	words := strings.Fields(v.Type().Field(i).Tag.Get("words"))
	var err error
	want := "one of " + strings.Join(words, ", ")
	switch into := v.Field(i).Addr().Interface().(type) {
	case *string:
		*into = value
	case *bool:
		want = "true or false"
		*into, err = strconv.ParseBool(value)
	case *time.Duration:
		want = "a duration such as 13s"
		*into, err = time.ParseDuration(value)
	case *int:
		want = "a number"
		var n uint64
		n, err = strconv.ParseUint(value, 10, 31)
		*into = int(n)
	default:
		n := slices.Index(words, value)
		if v.Field(i).SetInt(int64(max(n, 0))); n < 0 {
			err = strconv.ErrRange
		}
	}
	if err != nil {
		return fmt.Errorf("reading %s wants %s, not %q", name, want, value)
	}
	return nil
}

// ReadingNames returns the names that Set takes: those of the fields of Readings in lower case, "empty-text".
func ReadingNames() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Readings]()) {
		var name strings.Builder
		for i, c := range f.Name {
			upper := c >= 'A' && c <= 'Z'
			if upper && i > 0 && (f.Name[i-1] >= 'a' || i+1 < len(f.Name) && f.Name[i+1] >= 'a') {
				name.WriteByte('-')
			}
			name.WriteRune(c)
		}
		names = append(names, strings.ToLower(name.String()))
	}
	return names
}

// Order is the order of a query that asks for none.
type Order int

// The orders.
const (
	ByRecordID Order = iota
	ByCreation       // ascending created_at
	Shuffled         // fixed, and like no attribute
	Unordered        // another one in every query
)

// Ties is how records stand that a query's sorts leave equal.
type Ties int

// The orders of ties.
const (
	TiesFixed    Ties = iota // the same in every query, but not ascending record_id
	TiesByID                 // ascending record_id
	TiesUnstable             // another one in every query
)

// TimeFilters are the times that a filter takes.
type TimeFilters int

// The readings of a time in a filter.
const (
	TimesInUTC       TimeFilters = iota // with Z only
	TimesWithOffsets                    // +00:00 and other zones as well
	NoTimes                             // none: created_at cannot be filtered by
)

// ShowArchived is what show_archived=true does where attributes, options and statuses are listed.
type ShowArchived int

// The readings of show_archived.
const (
	ArchivedShown ShowArchived = iota
	ArchivedHidden
	ArchivedRefused
)

// EmptyText is what an empty string does to a text attribute.
type EmptyText int

// The readings of "".
const (
	EmptyRefused EmptyText = iota
	EmptyClears
	EmptyStored
)

// Decimals is what happens to a number with more than four decimals.
type Decimals int

// The readings of a fifth decimal.
const (
	DecimalsRefused Decimals = iota
	DecimalsRounded
	DecimalsKept
)

// ConflictWording is a variant of the uniqueness_conflict message.
type ConflictWording int

// The variants that are on record.
const (
	Wording2026   ConflictWording = iota // names the slug and the conflicting record ids
	WordingNoIDs                         // September 2026, seen on PATCH and PUT: names the slug only
	WordingOf2025                        // names the value and the attribute's id
)
