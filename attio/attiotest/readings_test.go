package attiotest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReadingsByName(t *testing.T) {
	var r Readings
	for _, c := range [][2]string{{"order", "random"}, {"ties", "record-id"}, {"max-query-limit", "100"}, {"idn-domains",
		"true"},
		{"created-earlier", "-185ms"}, {"strip-www", "true"}, {"multi-match", "uniqueness_conflict"}, {"time-filters",
			"none"}} {
		require.NoError(t, r.Set(c[0], c[1]))
	}
	require.Equal(t, Readings{Order: Unordered, Ties: TiesByID, MaxQueryLimit: 100, IDNDomains: true,
		CreatedEarlier: -185 * time.Millisecond, StripWWW: true, MultiMatch: "uniqueness_conflict", TimeFilters: NoTimes}, r)
	for _, c := range [][3]string{
		{"ordre", "random", "there is no reading \"ordre\"; there are order, ties, "},
		{"order", "any", "reading order wants one of record-id, creation, shuffled, random, not \"any\""},
		{"strip-www", "yes", "reading strip-www wants true or false, not \"yes\""},
		{"options-page", "-1", "reading options-page wants a number, not \"-1\""},
		{"created-earlier", "1", "reading created-earlier wants a duration such as 13s, not \"1\""},
	} {
		require.ErrorContains(t, r.Set(c[0], c[1]), c[2])
	}
}

// Every reading can be set by its name, to each of its words.
func TestEveryReadingHasAName(t *testing.T) {
	for _, name := range ReadingNames() {
		set := false
		for _, value := range []string{"true", "7", "3s", "record-id", "utc", "honoured", "refused", "2026"} {
			var r Readings
			set = set || r.Set(name, value) == nil
		}
		require.True(t, set, name)
	}
}

func TestReadingsOfQueries(t *testing.T) {
	many := make([]string, 0, 20)
	with := func(r Readings) *api {
		a := unlimited(t, Options{Readings: r})
		many = many[:0]
		for i := range 20 {
			many = append(many, a.create("people", fmt.Sprintf(`{"email_addresses":["p%d@example.com"]}`, i)))
		}
		return a
	}
	order := func(a *api) []string { return a.found("people", `{"filter":{"email_addresses":{"$contains":"p"}}}`) }

	a := with(Readings{})
	slices.Sort(many)
	require.Equal(t, many, order(a), "ascending record_id")
	a = with(Readings{Order: Unordered})
	require.ElementsMatch(t, many, order(a))
	before := order(a)
	require.NotEqual(t, before, order(a), "another order each time")

	const byMail = `{"sorts":[{"attribute":"email_addresses","direction":"asc"}],"limit":2}`
	const byCreation = `{"sorts":[{"attribute":"created_at","direction":"asc"}]}`
	since := func(zone string) string {
		return `{"filter":{"created_at":{"$gte":"2000-01-01T00:00:00` + zone + `"}}}`
	}
	for _, c := range []struct {
		name    string
		thrown  Readings
		body    string
		usually int
	}{
		{"sorts by created_at", Readings{NoCreatedSorts: true}, byCreation, 200},
		{"sorts without a field", Readings{DefaultSortFields: true}, byMail, 400},
		{"times with an offset", Readings{TimeFilters: TimesWithOffsets}, since("+00:00"), 400},
		{"times without a zone", Readings{TimeFilters: TimesWithOffsets}, since(""), 400},
		{"no times", Readings{TimeFilters: NoTimes}, since("Z"), 200},
	} {
		require.Equal(t, c.usually, with(Readings{}).query("people", c.body).status, c.name)
		require.Equal(t, 600-c.usually, with(c.thrown).query("people", c.body).status, c.name)
	}
}

func TestAbsentStandardObjects(t *testing.T) {
	seed := &Workspace{Objects: Standard().Objects[:1]}
	seed.Objects[0].Attributes = seed.Objects[0].Attributes[:2] // without references to others
	for slug, want := range map[string][2]int{"deals": {400, 404}, "users": {400, 404}, "companies": {404, 404},
		"planets": {404, 404}} {
		require.Equal(t, want[0], unlimited(t, Options{Seed: seed}).query(slug, `{}`).status, slug)
		r := unlimited(t, Options{Seed: seed, Readings: Readings{AbsentNotFound: true}}).query(slug, `{}`)
		require.Equal(t, want[1], r.status, slug)
		require.Equal(t, "The referenced object was not found.", r.at("message"))
	}
}

func TestReadingsOfShowArchived(t *testing.T) {
	const path = "/v2/objects/specimens/attributes/kind/options"
	for reading, want := range map[ShowArchived]int{ArchivedShown: 3, ArchivedHidden: 2, ArchivedRefused: -1} {
		a := unlimited(t, Options{Readings: Readings{ShowArchived: reading}})
		a.do("PATCH", path+"/Plant", `{"data":{"is_archived":true}}`)
		require.Len(t, a.do("GET", path, "").tree["data"], 2)
		r := a.do("GET", path+"?show_archived=true", "")
		if want < 0 {
			require.Equal(t, 400, r.status)
			continue
		}
		require.Len(t, r.tree["data"], want)
	}
}

func TestPagesOfOptions(t *testing.T) {
	const path = "/v2/objects/specimens/attributes/tags/options"
	titles := func(a *api, query string) (list []any) {
		r := a.do("GET", path+query, "")
		require.Equal(t, 200, r.status, r.text)
		for _, o := range r.tree["data"].([]any) {
			list = append(list, o.(map[string]any)["title"])
		}
		return list
	}
	all := []any{"Rare", "Fragile", "On loan", "Red, dried"}
	a := unlimited(t, Options{})
	require.Equal(t, all, titles(a, ""))
	require.Equal(t, 400, a.do("GET", path+"?offset=1", "").status, "paging is not documented")

	a = unlimited(t, Options{Readings: Readings{OptionsPage: 3}})
	require.Equal(t, all[:3], titles(a, ""))
	require.Equal(t, all[3:], titles(a, "?offset=3"))
	require.Equal(t, all[1:2], titles(a, "?offset=1&limit=1"))

	a = unlimited(t, Options{Readings: Readings{OptionsPage: 3, OptionsCut: true}})
	require.Equal(t, all[:3], titles(a, ""))
	require.Equal(t, all[:3], titles(a, "?offset=3&limit=500"))
}

// TestOpenBodies sends what official documents allow and nobody recorded.
func TestOpenBodies(t *testing.T) {
	const extra = `"note":"x"`
	for _, c := range []struct {
		name, path, body string
		thrown           Readings
	}{
		{"a name", "people", wrap(`{"name":{"first_name":"A","last_name":"B","full_name":"A B",` + extra + `}}`),
			Readings{ExtraKeys: true}},
		{"an address", "people", wrap(`{"email_addresses":[{"email_address":"a@x.com",` + extra + `}]}`),
			Readings{ExtraKeys: true}},
		{"a domain", "companies", wrap(`{"domains":[{"domain":"x.com",` + extra + `}]}`), Readings{ExtraKeys: true}},
		{"a number", "people", wrap(`{"phone_numbers":[{"original_phone_number":"+442079460958",` + extra + `}]}`),
			Readings{ExtraKeys: true}},
		{"a body", "people", `{"data":{"values":{},` + extra + `}}`, Readings{ExtraBodyKeys: true}},
		{"a member", "specimens", wrap(`{"keeper":"NOOR@example.com"}`), Readings{FoldMembers: true}},
	} {
		path := "/v2/objects/" + c.path + "/records"
		require.Equal(t, 400, unlimited(t, Options{}).do("POST", path, c.body).status, c.name)
		require.Equal(t, 200, unlimited(t, Options{Readings: c.thrown}).do("POST", path, c.body).status, c.name)
	}
	a := unlimited(t, Options{Readings: Readings{ExtraKeys: true, ExtraBodyKeys: true}})
	require.Equal(t, 400, a.do("POST", ask1, wrap(`{"label":{"value":"x",`+extra+`}}`)).status, "a text is closed")
	id := a.create("people", `{}`)
	body := `{"data":{"values":{},` + extra + `}}`
	require.Equal(t, 400, a.do("PATCH", "/v2/objects/people/records/"+id, body).status, "so is a PATCH")
}
