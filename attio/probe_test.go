package attio_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// workspace is a sandbox with enough in it to tell each assumption: more users than a page, made in one millisecond, an
// attribute with 152 options, some of which are archived and held, and a list.
func workspace(t *testing.T, o attiotest.Options) (*attio.Client, *attio.Object) {
	t.Helper()
	if o.FilterValues == 0 {
		o.FilterValues = 100
	}
	o.WriteLimit, o.ReadLimit = -1, -1
	o.Seed = attiotest.Standard()
	o.Seed.Lists = append(o.Seed.Lists, attiotest.List{Slug: "beta", Name: "Beta", Object: "users"})
	s := attiotest.New(o)
	c, err := attio.New(attio.Options{Key: key, Transport: s.Transport(), ReadRate: 1e6, WriteRate: 1e6})
	require.NoError(t, err)
	plan := attio.Attribute{Slug: "plan", Type: attio.TypeSelect}
	var last attio.Option
	var titles []string
	for i := range 152 {
		last, err = c.CreateOption(t.Context(), "users", plan, fmt.Sprintf("Plan %d", i))
		require.NoError(t, err)
		titles = append(titles, last.Title)
	}
	for i := range attio.MaxPageRecords + 5 {
		_, err := s.Insert("users", map[string]any{
			"user_id": fmt.Sprintf("U%d", i), "primary_email_address": fmt.Sprintf("u%d@acme.com", i),
			"plan": titles[len(titles)-1-i%2],
		})
		require.NoError(t, err)
	}
	_, err = c.SetArchived(t.Context(), "users", plan, last.ID, true)
	require.NoError(t, err)
	schema, err := c.Schema(t.Context(), "users")
	require.NoError(t, err)
	return c, schema.Object("users")
}

// TestProbes: each probe tells what it is for, as assumed and turned round, with three requests at most.
func TestProbes(t *testing.T) {
	for name, tc := range map[string]struct {
		o     attiotest.Options
		probe string // the one that differs; "" for none
		want  string // of its detail
		also  string // another one, where one leads to the other
	}{
		"as assumed": {},
		"filters of fewer values": {
			attiotest.Options{FilterValues: 60}, "filter-values", "100 are refused", "",
		},
		"filters counted by $in": {
			attiotest.Options{Readings: attiotest.Readings{ValuesPerIn: true}}, "filter-values",
			"each $in is counted by itself", "",
		},
		"filters of any size": {
			attiotest.Options{FilterValues: -1}, "filter-values", "more than 100 are taken", "",
		},
		"pages that are cut": {
			attiotest.Options{Readings: attiotest.Readings{MaxQueryLimit: 200, ClampQueryLimit: true}}, "page-size",
			"pages have 200 records", "",
		},
		"large pages refused": {
			attiotest.Options{Readings: attiotest.Readings{MaxQueryLimit: 200}}, "page-size",
			"a query for 500 records is refused", "",
		},
		"another order": {
			attiotest.Options{Readings: attiotest.Readings{Order: attiotest.Shuffled}}, "unsorted-order", "created_at", "",
		},
		"no order": {
			attiotest.Options{Readings: attiotest.Readings{Order: attiotest.Unordered}}, "unsorted-order", "created_at", "",
		},
		"sorts refused": {
			attiotest.Options{Readings: attiotest.Readings{NoCreatedSorts: true}}, "created-sorts", "it is refused", "",
		},
		"ties that change": {
			attiotest.Options{Readings: attiotest.Readings{Ties: attiotest.TiesUnstable}}, "ties", "in different orders", "",
		},
		"no times in filters": {
			attiotest.Options{Readings: attiotest.Readings{TimeFilters: attiotest.NoTimes}}, "time-filters",
			"cannot be filtered", "",
		},
		"times with offsets": {
			attiotest.Options{Readings: attiotest.Readings{TimeFilters: attiotest.TimesWithOffsets}}, "time-filters", "+00:00",
			"",
		},
		"no paths over parents": {
			attiotest.Options{Readings: attiotest.Readings{NoParentPaths: true}}, "parent-paths", "refused", "",
		},
		"archived options refused": {
			attiotest.Options{Readings: attiotest.Readings{ShowArchived: attiotest.ArchivedRefused}}, "show-archived",
			"is refused", "",
		},
		"archived options hidden": {
			attiotest.Options{Readings: attiotest.Readings{ShowArchived: attiotest.ArchivedHidden}}, "show-archived",
			"not listed", "",
		},
		"pages of options": {
			attiotest.Options{Readings: attiotest.Readings{OptionsPage: 50}}, "options-page", "in pages of 50", "",
		},
		"options cut off": {
			attiotest.Options{Readings: attiotest.Readings{OptionsPage: 50, OptionsCut: true}}, "options-page",
			"an option of plan is not listed", "show-archived",
		},
		"threads of all": {
			attiotest.Options{Readings: attiotest.Readings{FreeThreads: true}}, "threads", "whole workspace", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, users := workspace(t, tc.o)
				before := c.Stats().Writes
				findings, err := c.Probe(t.Context(), users)
				require.NoError(t, err)
				require.Len(t, findings, len(attio.Assumptions()))
				for _, f := range findings {
					require.LessOrEqual(t, f.Requests, 3, f.Name)
					if f.Name == tc.probe {
						require.Equal(t, attio.Different, f.Verdict, f.Detail)
						require.Contains(t, f.Detail, tc.want)
						continue
					}
					if f.Name == tc.also {
						continue
					}
					require.NotEqual(t, attio.Different, f.Verdict, "%s: %s", f.Name, f.Detail)
					if tc.probe == "" {
						require.Equal(t, "as assumed", f.Verdict.String(), "%s: %s", f.Name, f.Detail)
					}
				}
				require.Equal(t, before, c.Stats().Writes, "nothing is written")
			})
		})
	}
}

// TestProbeSaysWhyItCannotTell: a workspace that holds next to nothing, and a key that may do next to nothing.
func TestProbeSaysWhyItCannotTell(t *testing.T) {
	probe := func(t *testing.T, o attiotest.Options) map[string]attio.Finding {
		t.Helper()
		s := attiotest.New(o)
		c := newClient(t, s.Transport())
		findings, err := c.Probe(t.Context(), &attio.Object{Slug: "users"})
		require.NoError(t, err)
		byName := make(map[string]attio.Finding)
		for _, f := range findings {
			byName[f.Name] = f
			require.NotEqual(t, attio.Different, f.Verdict, f.Name)
		}
		return byName
	}
	found := probe(t, attiotest.Options{FilterValues: 100})
	require.Equal(t, attio.AsAssumed, found["filter-values"].Verdict, "that needs no record")
	require.Equal(t, "users has 0 records, less than a page", found["page-size"].Detail)
	require.Equal(t, "users has 0 records", found["unsorted-order"].Detail)
	require.Equal(t, "users has no attribute with options", found["options-page"].Detail)
	require.Equal(t, "the workspace has no list", found["parent-paths"].Detail)

	found = probe(t, attiotest.Options{Scopes: []string{"object_configuration:read"}})
	for name, f := range found {
		if name != "show-archived" && name != "options-page" {
			require.Equal(t, "the key lacks a scope", f.Detail, name)
		}
	}
	found = probe(t, attiotest.Options{FilterValues: 100,
		Faults: []attiotest.Fault{{Path: "/v2/lists", Status: 400, Code: "odd"}}})
	require.Equal(t, "GET /v2/lists: 400 odd", found["parent-paths"].Detail)
}

// TestProbesOfABusyWorkspace: a refusal for the rate says nothing of what was asked.
func TestProbesOfABusyWorkspace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := attiotest.New(attiotest.Options{Faults: []attiotest.Fault{{Path: "/query", Status: 429}}})
		c := newClient(t, s.Transport())
		findings, err := c.Probe(t.Context(), &attio.Object{Slug: "users"})
		require.NoError(t, err)
		for _, f := range findings {
			if f.Name != "threads" { // asks no query
				require.Equal(t, attio.CannotTell, f.Verdict, "%s: %s", f.Name, f.Detail)
			}
		}
		require.Equal(t, attio.MaxFilterValues, c.Filters().Of("users"), "nothing is learned from it")
	})
}

// TestProbesEndWhereNobodyAnswers: the network that is gone for one of them is gone for the others.
func TestProbesEndWhereNobodyAnswers(t *testing.T) {
	for name, fault := range map[string]attiotest.Fault{
		"no connection":   {Refuse: true},
		"no answer":       {Drop: true},
		"an hour's pause": {Status: 429, RetryAfter: "3600"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := attiotest.New(attiotest.Options{})
				c := newClient(t, s.Transport())
				_, err := c.Self(t.Context())
				require.NoError(t, err)
				s.AddFault(fault)
				began := time.Now()
				findings, err := c.Probe(t.Context(), &attio.Object{Slug: "users"})
				require.Error(t, err)
				require.Empty(t, findings)
				require.Less(t, time.Since(began), 3*time.Minute)
			})
		})
	}
}
