package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// What export writes, import reads back: records of every attribute type, made up by a seed, are exported from one
// workspace and imported into an empty one of the same schema, where they have the same values; and imported as an
// update into the one they came from, where nothing is left to change.

// trip is one workspace with a client and a schema.
type trip struct {
	t      *testing.T
	server *attiotest.Server
	client *attio.Client
	schema *attio.Schema
}

func newTrip(t *testing.T, seed *attiotest.Workspace) *trip {
	return newTripWith(t, seed, attiotest.Readings{})
}

func newTripWith(t *testing.T, seed *attiotest.Workspace, readings attiotest.Readings) *trip {
	t.Helper()
	server := attiotest.New(attiotest.Options{Seed: seed, WriteLimit: -1, ReadLimit: -1, Readings: readings})
	client, err := attio.New(
		attio.Options{Key: attio.Secret(sandboxKey), Transport: server.Transport(), ReadRate: 5000, WriteRate: 5000})
	require.NoError(t, err)
	schema, err := client.Schema(context.Background(), "specimens")
	require.NoError(t, err)
	return &trip{t, server, client, schema}
}

// targets is a workspace that has what specimens refer to; the ids of its records follow from salt.
func targets(salt int) *attiotest.Workspace {
	w := attiotest.Standard()
	for i := range w.Objects {
		o := &w.Objects[i]
		for n := range 4 {
			id := fmt.Sprintf("%08d-0000-4000-8000-%04d%08d", salt, i, n)
			switch o.Slug {
			case "people":
				o.Records = append(o.Records,
					attiotest.Record{ID: id,
						Values: raw(map[string]any{"email_addresses": []string{fmt.Sprintf("person%d@example.com", n)}})})
			case "companies":
				o.Records = append(o.Records,
					attiotest.Record{ID: id, Values: raw(map[string]any{"domains": []string{fmt.Sprintf("company%d.com", n)}})})
			}
		}
	}
	return w
}

func raw(values map[string]any) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage)
	for slug, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		out[slug] = text
	}
	return out
}

// pieces are the bits that texts are made of: what CSV, JSON and the flat form have to escape.
var pieces = []string{"a", "ß", "é", "日本", "👩‍🚀", " ", "  ", "\n", ";", `\`, `"`, ",", "'", "=1+1", "-5", "+44", "@x",
	"#", "\t", "null", "0012", "1.23E+11"}

func (s *specimen) text() string {
	var b strings.Builder
	for range 1 + s.IntN(6) {
		b.WriteString(pieces[s.IntN(len(pieces))])
	}
	return "x" + b.String() // no text is blank: Attio's meaning of a blank text is not known
}

// specimen makes records up.
type specimen struct{ *rand.Rand }

func pick[V any](s *specimen, values ...V) V { return values[s.IntN(len(values))] }

// some is up to n of the values, none twice.
func some[V any](s *specimen, values ...V) []V {
	out := slices.Clone(values)
	s.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:s.IntN(len(out)+1)]
}

func (s *specimen) values(t *trip, n int) map[string]any {
	ids := func(object string) (out []any) {
		for _, r := range t.server.Records(object) {
			out = append(out, map[string]any{"target_object": object, "target_record_id": r.ID})
		}
		return out
	}
	var members []any
	for _, m := range t.schema.Members {
		members = append(members, map[string]any{"referenced_actor_type": "workspace-member", "referenced_actor_id": m.ID})
	}
	part := func(of ...string) any { return pick[any](s, append([]any{nil}, any(of[s.IntN(len(of))]))...) }
	phones := []any{"+442079460958", "+14155552671", "+4930901820", "+33142685300"}
	for i, p := range phones {
		phones[i] = map[string]any{"original_phone_number": p}
	}
	all := map[string]any{
		"label": s.text(), "serial": n, "amount": pick[any](s, 0, -1.5, 3.1415, 1e6, 9007199254740991.0),
		"verified": s.IntN(2) == 0, "price": pick[any](s, 0, 9.99, -100, 12345678.9012),
		"collected_on": pick(s, "2024-02-29", "1969-12-31", "9999-12-31"),
		"observed_at":  pick(s, "2024-11-01T01:02:03.456789234Z", "2020-01-01T00:00:00Z", "1999-12-31T23:59:59.9Z"),
		"quality":      s.IntN(6),
		"state":        pick(s, "New", "In review", "Done"), "kind": pick(s, "Plant", "Animal", "Mineral"),
		"tags":   some(s, "Rare", "Fragile", "On loan", "Red, dried"),
		"finder": pick(s, ids("people")...), "related": some(s, append(ids("people"), ids("companies")...)...),
		"museums": some(s, ids("companies")...),
		"keeper":  pick(s, members...), "watchers": some(s, members...),
		"found_at": map[string]any{
			"line_1": part("1 Main St; rear", "Ünter den Linden 1"), "line_2": part("Floor 2"), "line_3": nil, "line_4": nil,
			"locality": pick(s, "Berlin", "Paris"),
			"region":   part("BE"), "postcode": part("01067", "SW1A 1AA"), "country_code": part("DE", "GB"),
			"latitude": part("52.5162748", "-33.865"), "longitude": part("13.3777041", "151.2099"),
		},
		"website": pick(s, "example.com", "app.example.org"),
		"mirrors": some(s, "a.example.com", "b.example.org", "c.example.net"),
		"contact": fmt.Sprintf("Contact%d@Example.com", n),
		"cc":      some(s, "a@example.com", "B.c+d@Example.org", "x_y@example.net"),
		"phone":   pick(s, phones...), "phones": some(s, phones...), "grade": pick(s, "A", "B"),
	}
	out := map[string]any{"code": fmt.Sprintf("c%d", n)}
	for slug, v := range all {
		if s.IntN(4) > 0 {
			out[slug] = v
		}
	}
	return out
}

// content is every specimen by its code: the values of each attribute as the sandbox holds them, references by key.
func (t *trip) content() map[string]map[string][]string {
	keys := make(map[string]string)
	for object, slug := range map[string]string{"people": "email_addresses", "companies": "domains"} {
		for _, r := range t.server.Records(object) {
			keys[r.ID] = string(r.Values[slug])
		}
	}
	out := make(map[string]map[string][]string)
	for _, r := range t.server.Records("specimens") {
		values := make(map[string][]string)
		for slug, raw := range r.Values {
			var several []any
			if json.Unmarshal(raw, &several) != nil {
				several = []any{raw}
			}
			for _, v := range several {
				text, err := json.Marshal(v)
				require.NoError(t.t, err)
				for id, key := range keys {
					text = bytes.ReplaceAll(text, []byte(id), []byte(key))
				}
				values[slug] = append(values[slug], string(text))
			}
			slices.Sort(values[slug])
		}
		out[string(r.Values["code"])] = values
	}
	return out
}

func (t *trip) export(path string, refs flat.References) {
	m, err := exporter.Run(context.Background(), t.client,
		exporter.Options{Schema: t.schema, Object: "specimens", Out: path, References: refs})
	require.NoError(t.t, err)
	require.Equal(t.t, exporter.Complete, m.Verdict)
}

func (t *trip) imports(path string, mode mapping.Mode) journal.Summary {
	sum, _ := t.importsInto(filepath.Join(t.t.TempDir(), "run"), path, mode)
	require.Zero(t.t, sum.Rows.Rejected)
	return sum
}

// importsInto imports into a run's folder, whose path it returns.
func (t *trip) importsInto(run, path string, mode mapping.Mode) (journal.Summary, string) {
	sum, err := importer.Run(context.Background(), t.client, importer.Options{
		In: source.Options{Path: path}, Object: "specimens", Mode: mode, RunDir: run,
		ReadSchema: func(context.Context, ...string) (*attio.Schema, error) { return t.schema, nil },
	})
	require.NoError(t.t, err)
	return sum, sum.RunDir
}

const tripRecords = 30

func TestRoundTrip(t *testing.T) {
	for seed := range uint64(6) {
		for _, name := range []string{"out.csv", "out.jsonl"} {
			for _, refs := range []flat.References{flat.ByID, flat.ByKey} {
				t.Run(fmt.Sprintf("%d %s %s", seed, name, refs), func(t *testing.T) {
					from := newTrip(t, targets(1))
					s := &specimen{rand.New(rand.NewPCG(seed, 1))}
					for n := range tripRecords {
						_, err := from.server.Insert("specimens", s.values(from, n))
						require.NoError(t, err)
					}
					path := filepath.Join(t.TempDir(), name)
					from.export(path, refs)

					salt := 1
					if refs == flat.ByKey {
						salt = 2 // other ids: only the keys can say what is meant
					}
					to := newTrip(t, targets(salt))
					sum := to.imports(path, mapping.Create)
					require.Equal(t, journal.Counts{Read: tripRecords, Created: tripRecords}, sum.Rows)
					require.Equal(t, from.content(), to.content())

					before := from.client.Stats().Writes
					sum = from.imports(path, mapping.Update)
					require.Equal(t, journal.Counts{Read: tripRecords, Unchanged: tripRecords}, sum.Rows)
					require.Equal(t, before, from.client.Stats().Writes, "no write for what agrees")
				})
			}
		}
	}
}
