package exporter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

func TestExport(t *testing.T) {
	b := newSandbox(t, 130, attiotest.Options{})
	m := b.must(Options{Out: "users.csv", Version: "v1"})
	require.Equal(t, Complete, m.Verdict)
	require.Equal(t, 130, m.Records)
	require.Equal(t, []string{"record_id", "created_at", "web_url"}, m.Columns[:3])
	require.Zero(t, m.Changes)
	require.Equal(t, "unsorted", m.Order)

	created := b.column("users.csv", "created_at")
	require.Len(t, created, 130)
	require.True(t, sort.StringsAreSorted(created), "the file stands by created_at")
	require.Contains(t, b.column("users.csv", "source"), "line 1\nline; \"7\"")

	var onDisk map[string]any
	require.NoError(t, json.Unmarshal([]byte(b.read("users.csv.manifest.json")), &onDisk))
	for _, key := range []string{"schema", "object", "records", "pages", "columns", "bytes", "sha256", "filter",
		"for_spreadsheet", "workspace",
		"started_at", "finished_at", "duplicates_dropped", "changes", "verdict"} {
		require.Contains(t, onDisk, key)
	}
	require.Nil(t, onDisk["filter"])
	require.Equal(t, "sandbox", onDisk["workspace"])

	info, err := os.Stat(b.path("users.csv"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	checked, err := Check(b.path("users.csv"))
	require.NoError(t, err)
	require.Empty(t, checked.Problems)
	require.Equal(t, 130, checked.Records)
}

func TestFormats(t *testing.T) {
	b := newSandbox(t, 45, attiotest.Options{})
	for _, name := range []string{"a.csv", "a.csv.gz", "a.csv.zst", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "nothing"} {
		for _, raw := range []bool{false, true} {
			o := Options{Out: name, Raw: raw}
			if raw && strings.Contains(name, "csv") {
				o.Format = "jsonl"
			}
			m := b.must(o)
			require.Equal(t, 45, m.Records)
			checked, err := Check(b.path(name))
			require.NoError(t, err)
			require.Empty(t, checked.Problems, "%s raw %t", name, raw)
			require.Equal(t, 45, checked.Records)
		}
	}
	require.Equal(t, "\x1f\x8b", b.read("a.csv.gz")[:2])
	require.Equal(t, "\x28\xb5\x2f\xfd", b.read("a.csv.zst")[:4])
	require.Contains(t, b.lines("a.jsonl")[0], "values", "the last export of it was raw")
}

func TestStandardOutput(t *testing.T) {
	b := newSandbox(t, 3, attiotest.Options{})
	var out bytes.Buffer
	m := b.must(Options{Out: "-", Stdout: &out, Columns: []string{"user_id"}})
	require.Equal(t, "user_id\nU0\nU1\nU2\n", out.String())
	require.EqualValues(t, out.Len(), m.Bytes)

	_, err := b.run(t.Context(), Options{Out: "-", Stdout: failing{}})
	require.ErrorIs(t, err, errFull)
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestSortAndLimit(t *testing.T) {
	b := newSandbox(t, 60, attiotest.Options{})
	for text, want := range map[string][]string{
		"":                       {"U0", "U1", "U2"},
		"created_at:desc":        {"U59", "U58", "U57"},
		"mrr:desc,user_id":       {"U57", "U14", "U28"},
		"user_id:desc":           {"U9", "U8", "U7"},
		"last_seen_at,user_id":   {"U0", "U1", "U10"}, // nowhere set
		"mrr.currency_code,mrr":  {"U0", "U43", "U29"},
		"full_name.last_name":    nil,
		"newsletter,created_at":  {"U0", "U1", "U2"},
		"primary_email_address":  {"U0", "U10", "U11"},
		"web_url,record_id:desc": nil,
	} {
		keys, err := ParseSort(text)
		require.NoError(t, err, text)
		m := b.must(Options{Out: "s.csv", Sort: keys, Limit: 3})
		require.Equal(t, 3, m.Records)
		require.Equal(t, 60, m.Read)
		if want != nil {
			require.Equal(t, want, b.column("s.csv", "user_id"), text)
		}
	}
}

// A value of a type that this version does not know stands in its cell as JSON, with one warning.
func TestUnknownType(t *testing.T) {
	b := newSandbox(t, 30, attiotest.Options{})
	b.schema.Object("users").Attribute("source").Type = "quaternion"
	b.must(Options{Out: "users.csv"})
	require.Equal(t, `{"value":"line 1\nline; \"7\""}`, b.column("users.csv", "source")[7])
	require.Len(t, b.warned, 1)
}

func TestReferences(t *testing.T) {
	b := newSandbox(t, 0, attiotest.Options{})
	company, err := b.server.Insert("companies", map[string]any{"name": "Acme", "domains": []any{"example.com"}})
	require.NoError(t, err)
	to := func(object, id string) map[string]any {
		return map[string]any{"target_object": object, "target_record_id": id}
	}
	var people []string
	for i := range 250 {
		id, err := b.server.Insert("people", map[string]any{"company": to("companies", company),
			"email_addresses": []any{fmt.Sprintf("P%d@example.com", i)},
			"name": map[string]any{"first_name": "P", "last_name": fmt.Sprint(i),
				"full_name": fmt.Sprintf("P %d", i)}})
		require.NoError(t, err)
		people = append(people, id)
	}
	for i, id := range people {
		_, err := b.server.Insert("users", map[string]any{"user_id": fmt.Sprintf("%03d", i),
			"primary_email_address": fmt.Sprintf("u%d@example.com", i), "person": to("people", id)})
		require.NoError(t, err)
	}
	sorted := []SortKey{{Attribute: "user_id"}}
	b.must(Options{Out: "id.csv", PageSize: 500, Sort: sorted})
	require.Equal(t, people, b.column("id.csv", "person"))

	before := b.client.Stats().Reads
	m := b.must(Options{Out: "key.csv", PageSize: 500, Sort: sorted, References: flat.ByKey})
	require.Equal(t, "p7@example.com", b.column("key.csv", "person")[7])
	require.LessOrEqual(t, b.client.Stats().Reads-before, int64(m.Pages+9), "references are looked up in batches")

	b.must(Options{Out: "name.csv", Sort: sorted, References: flat.ByName})
	require.Equal(t, people[7], b.column("name.csv", "person")[7])
	require.Equal(t, "P 7", b.column("name.csv", "person.name")[7])

	require.NoError(t, b.server.Remove("people", people[0]))
	b.must(Options{Out: "key.csv", Sort: sorted, References: flat.ByKey})
	require.Equal(t, "", b.column("key.csv", "person")[0])
}

func TestRefusedBeforeTheFirstRequest(t *testing.T) {
	b := newSandbox(t, 3, attiotest.Options{})
	require.NoError(t, os.Mkdir(b.path("folder"), 0o700))
	require.NoError(t, os.Symlink(os.DevNull, b.path("null.csv")))
	before := b.server.Counts().Requests
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"object": {Options{Object: "user"}, `Object: the workspace has no object "user"; the nearest is "users"`},
		"column": {Options{Columns: []string{"user_idd"}}, `users has no column "user_idd"`},
		"sort": {Options{Sort: []SortKey{{Attribute: "mr"}}},
			`Sort: users has no attribute "mr"; the nearest is "mrr"`},
		"sort part": {Options{Sort: []SortKey{{Attribute: "full_name", Field: "middle"}}},
			`full_name has no part "middle"`},
		"no folder":      {Options{Out: "nowhere/users.csv"}, "Out: the folder " + b.path("nowhere") + " does not exist"},
		"a folder":       {Options{Out: "folder"}, "is a folder"},
		"a device":       {Options{Out: "null.csv"}, "is not a plain file"},
		"no slug":        {Options{Object: "../evil", Out: "{object}.csv"}, `Object: "../evil" is not the slug of an object`},
		"long name":      {Options{Out: strings.Repeat("x", 255)}, "Out: a name is too long"},
		"long manifest":  {Options{Out: strings.Repeat("x", 240)}, "Out: a name is too long"},
		"format":         {Options{Format: "xml"}, `Format: "xml" is neither csv nor jsonl`},
		"raw csv":        {Options{Raw: true, Format: "csv"}, "Raw"},
		"references":     {Options{References: "mail"}, "References"},
		"filter":         {Options{Filter: json.RawMessage(`[1]`)}, "Filter: not a JSON object"},
		"share":          {Options{MinRecords: "120%"}, "MinRecords"},
		"no number":      {Options{MinRecords: "many"}, "MinRecords"},
		"since nothing":  {Options{ChangesSince: b.path("none.csv")}, "is not a whole export"},
		"since and raw":  {Options{ChangesSince: "x", Raw: true, Format: "jsonl"}, "ChangesSince"},
		"stdout, floor":  {Options{Out: "-", MinRecords: "5"}, "MinRecords"},
		"negative limit": {Options{Limit: -1}, "Limit"},
	} {
		if c.o.Out == "" {
			c.o.Out = "out.csv"
		}
		_, err := b.run(t.Context(), c.o)
		require.ErrorContains(t, err, c.want, name)
	}
	require.Equal(t, before, b.server.Counts().Requests)
}

func TestParseSortRefuses(t *testing.T) {
	for _, text := range []string{"a:up", ",", "a,,b", ":desc"} {
		_, err := ParseSort(text)
		var bad *OptionError
		require.ErrorAs(t, err, &bad, text)
	}
}

// What goes wrong on the way leaves the earlier file and its manifest as they were.
func TestFailureKeepsTheEarlierFile(t *testing.T) {
	b := newSandbox(t, 100, attiotest.Options{})
	b.must(Options{Out: "users.csv"})
	file, manifest := b.read("users.csv"), b.read("users.csv.manifest.json")
	unchanged := func() {
		t.Helper()
		require.Equal(t, file, b.read("users.csv"))
		require.Equal(t, manifest, b.read("users.csv.manifest.json"))
		require.NoFileExists(t, b.path("users.csv.incomplete"))
	}

	_, err := b.run(t.Context(), Options{Out: "users.csv", Filter: json.RawMessage(`{"emial":"x"}`)})
	var refused *attio.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "unknown_filter_attribute_slug", refused.Code)
	unchanged()

	stop := errors.New("interrupted")
	for n := 1; ; n++ {
		ctx, cancel := context.WithCancelCause(t.Context())
		fault := attiotest.Fault{Path: "/query", N: n, Before: func() { cancel(stop) }}
		b.server.AddFault(fault)
		_, err := b.run(ctx, Options{Out: "users.csv", Limit: n}) // another file, were it written
		b.server.ClearFaults()
		reached := ctx.Err() != nil
		cancel(nil)
		if !reached {
			require.NoError(t, err)
			require.Greater(t, n, 6)
			return
		}
		if err != nil {
			require.ErrorIs(t, err, stop)
			unchanged()
			continue
		}
		b.must(Options{Out: "users.csv"}) // its last answers were not waited for
		file, manifest = b.read("users.csv"), b.read("users.csv.manifest.json")
	}
}

var errFull = errors.New("no space left on device")

// fullAt makes the disk fail at its n-th step, and returns how many steps it took. That names last comes when all is
// written.
func fullAt(t *testing.T, n int, only string) *int {
	t.Helper()
	steps := 0
	durable.Fault = func(step, _ string) error {
		if only != "" && step != only || step == "sync folder" {
			return nil
		}
		if steps++; steps == n {
			return errFull
		}
		return nil
	}
	t.Cleanup(func() { durable.Fault = func(string, string) error { return nil } })
	return &steps
}

func TestFullDiskAtEveryStep(t *testing.T) {
	for _, name := range []string{"u.csv", "u.jsonl.gz", "u.csv.zst"} {
		b := newSandbox(t, 40, attiotest.Options{})
		b.must(Options{Out: name})
		then := b.folder()
		_, err := b.server.Insert("users", map[string]any{"user_id": "new", "primary_email_address": "new@example.com"})
		require.NoError(t, err)
		for n := 1; ; n++ {
			steps := fullAt(t, n, "")
			m, err := b.run(t.Context(), Options{Out: name, ChangesSince: b.path(name)})
			durable.Fault = func(string, string) error { return nil }
			if *steps < n {
				require.NoError(t, err)
				require.Equal(t, 41, m.Records)
				require.Greater(t, n, 15)
				break
			}
			require.Error(t, err, "step %d of %s", n, name)
			require.Equal(t, then, b.folder(), "step %d of %s", n, name)
		}
	}
}

func TestServersOfManyMinds(t *testing.T) {
	for name, o := range map[string]attiotest.Options{
		"by creation":          {Readings: attiotest.Readings{Order: attiotest.ByCreation}},
		"shuffled":             {Readings: attiotest.Readings{Order: attiotest.Shuffled}},
		"unstable ties":        {Readings: attiotest.Readings{Order: attiotest.Shuffled, Ties: attiotest.TiesUnstable}},
		"clamped":              {Readings: attiotest.Readings{MaxQueryLimit: 7, ClampQueryLimit: true}},
		"large pages refused":  {Readings: attiotest.Readings{MaxQueryLimit: 7}},
		"attribute is earlier": {Readings: attiotest.Readings{Order: attiotest.ByCreation, CreatedEarlier: time.Minute}},
		"short of reads":       {ReadLimit: 100},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newSandbox(t, 150, o)
				m := b.must(Options{Out: "users.csv"})
				require.Equal(t, Complete, m.Verdict, m.Doubts)
				ids := b.column("users.csv", "record_id")
				slices.Sort(ids)
				require.Len(t, slices.Compact(ids), 150)
			})
		})
	}
}

// A budget of scores too small for sorted pages one after the other slows the walk down, and no more.
func TestScoreBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newSandbox(t, 150, attiotest.Options{Readings: attiotest.Readings{ScoreLimit: 600}})
		m := b.must(Options{Out: "users.csv"})
		require.Equal(t, Complete, m.Verdict, m.Doubts)
		require.Less(t, m.Score, 600, "an unsorted walk costs nothing but its witnesses")
	})
}

func TestStormThroughHTTP(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			b := newSandbox(t, 200, attiotest.Options{Latency: 20 * time.Millisecond, Jitter: 50 * time.Millisecond,
				Readings: attiotest.Readings{Order: attiotest.Order(seed % 3)}})
			rng := rand.New(rand.NewPCG(seed, 1))
			lasting := map[string]bool{}
			for _, r := range b.server.Records("users") {
				lasting[r.ID] = true
			}
			var mu sync.Mutex
			n := 0
			b.server.AddFault(attiotest.Fault{Path: "/query", Before: func() {
				mu.Lock()
				defer mu.Unlock()
				if rng.IntN(2) == 0 {
					n++
					_, err := b.server.Insert("users", map[string]any{"user_id": fmt.Sprint("n", n),
						"primary_email_address": fmt.Sprintf("n%d@example.com", n)})
					require.NoError(t, err)
				}
				if rng.IntN(2) == 0 {
					all := b.server.Records("users")
					id := all[rng.IntN(len(all))].ID
					delete(lasting, id)
					require.NoError(t, b.server.Remove("users", id))
				}
			}})
			m := b.must(Options{Out: "users.csv", PageSize: 12 + int(seed)%20})
			require.NotEqual(t, Incomplete, m.Verdict, "seed %d: %q", seed, m.Doubts)
			ids := b.column("users.csv", "record_id")
			slices.Sort(ids)
			require.Len(t, slices.Compact(slices.Clone(ids)), len(ids))
			for id := range lasting {
				_, there := slices.BinarySearch(ids, id)
				require.True(t, there, "seed %d lost %s", seed, id)
			}
		})
	}
}

func TestExpand(t *testing.T) {
	at := time.Date(2026, 11, 22, 1, 2, 3, 0, time.FixedZone("", 2*3600))
	require.Equal(t, "x/users-2026-11-21-230203.csv.gz", Expand("x/{object}-{date}-{time}.csv.gz", "users", at))
	require.Equal(t, "{other}", Expand("{other}", "users", at))
}
