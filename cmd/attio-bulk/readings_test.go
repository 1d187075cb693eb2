package main

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// otherReadings are the values of each reading beside the strict one; where one needs another, that follows it.
var otherReadings = map[string][]string{
	"order":               {"creation", "shuffled", "random"},
	"ties":                {"record-id", "random"},
	"max-query-limit":     {"7"},
	"clamp-query-limit":   {"true max-query-limit=7"},
	"values-per-in":       {"true"},
	"no-created-sorts":    {"true"},
	"default-sort-fields": {"true"},
	"time-filters":        {"offsets", "none"},
	"no-parent-paths":     {"true"},
	"queries-are-writes":  {"true"},
	"score-limit":         {"600"},
	"score-by-rows":       {"true"},
	"absent-not-found":    {"true"},
	"shuffle-values":      {"true"},
	"created-earlier":     {"13s", "-185ms"},
	"show-archived":       {"ignored", "refused"},
	"options-page":        {"2"},
	"options-cut":         {"true options-page=2"},
	"free-threads":        {"true"},
	"empty-text":          {"clears", "stored"},
	"decimals":            {"rounded", "stored"},
	"numeric-strings":     {"true"},
	"fold-option-titles":  {"true"},
	"bare-option-id":      {"true"},
	"archived-options":    {"true"},
	"location-text":       {"true"},
	"strip-www":           {"true"},
	"domain-schemes":      {"true"},
	"idn-domains":         {"true"},
	"extra-keys":          {"true"},
	"extra-body-keys":     {"true"},
	"fold-members":        {"true"},
	"conflict":            {"no-ids", "2025"},
	"multi-match":         {"uniqueness_conflict"},
}

// TestEachReadingOfAttio: whichever way Attio is read, export, import, verify and undo do the same. Where options come
// in small pages, the rejects say why they do not.
func TestEachReadingOfAttio(t *testing.T) {
	require.ElementsMatch(t, attiotest.ReadingNames(), slices.Collect(maps.Keys(otherReadings)))
	for name, values := range otherReadings {
		for _, value := range values {
			t.Run(name+"="+value, func(t *testing.T) {
				var readings attiotest.Readings
				for _, pair := range strings.Fields(name + "=" + value) {
					n, v, _ := strings.Cut(pair, "=")
					require.NoError(t, readings.Set(n, v))
				}
				tripThrough(t, readings)
			})
		}
	}
}

// TestCellsThatAttioMayReadInSeveralWays: what is sent is the same whichever way Attio reads a cell that is not in its
// own form.
func TestCellsThatAttioMayReadInSeveralWays(t *testing.T) {
	for _, name := range []string{
		"empty-text", "decimals", "numeric-strings", "fold-option-titles", "bare-option-id", "archived-options",
		"location-text", "strip-www", "domain-schemes", "idn-domains", "extra-keys", "extra-body-keys", "fold-members",
	} {
		for _, value := range otherReadings[name] {
			t.Run(name+"="+value, func(t *testing.T) {
				p := scriptParams("readings")
				setup := p.Setup
				p.Setup = func(env *testscript.Env) error {
					env.Setenv("READING", "--reading="+name+"="+value)
					env.Setenv("COLUMNS", "domains,name,description,primary_location.locality,"+
						"primary_location.country_code,annual_contract,segment")
					return setup(env)
				}
				testscript.Run(t, p)
			})
		}
	}
}

func tripThrough(t *testing.T, readings attiotest.Readings) {
	from := newTripWith(t, targets(1), readings)
	s := &specimen{rand.New(rand.NewPCG(3, 1))}
	for n := range tripRecords {
		_, err := from.server.Insert("specimens", s.values(from, n))
		require.NoError(t, err)
	}
	path := filepath.Join(t.TempDir(), "out.csv")
	from.export(path, flat.ByKey)
	to := newTripWith(t, targets(2), readings)
	sum, run := to.importsInto(filepath.Join(t.TempDir(), "run"), path, mapping.Create)
	if readings.OptionsPage > 0 { // nothing shows that an answer of two options is not all of them
		require.Equal(t, tripRecords, sum.Rows.Created+sum.Rows.Rejected)
		require.Equal(t, journal.ExitReports, sum.ExitCode)
		rejects, err := os.ReadFile(filepath.Join(run, "rejects.csv"))
		require.NoError(t, err)
		require.Positive(t, sum.Rows.Rejected)
		require.GreaterOrEqual(t, strings.Count(string(rejects), "has no option"), sum.Rows.Rejected)
		return
	}
	require.Equal(t, journal.Counts{Read: tripRecords, Created: tripRecords}, sum.Rows)
	require.Equal(t, from.content(), to.content())
	require.Equal(t, journal.Counts{Read: tripRecords, Conflict: tripRecords}, to.imports(path, mapping.Create).Rows)
	again := from.imports(path, mapping.Update)
	require.Equal(t, journal.Counts{Read: tripRecords, Unchanged: tripRecords}, again.Rows)

	dir, err := journal.Open(run)
	require.NoError(t, err)
	defer dir.Close()
	verified, err := importer.Verify(t.Context(), to.client, dir, importer.VerifyOptions{Schema: to.schema})
	require.NoError(t, err)
	require.Equal(t, importer.VerifySummary{Same: tripRecords}, verified)
	undone, err := undo.Run(t.Context(), to.client, dir, undo.Options{Schema: to.schema})
	require.NoError(t, err)
	require.Zero(t, undone.ExitCode)
	require.Zero(t, to.server.Count("specimens"))
	require.Empty(t, append(from.server.Unhandled(), to.server.Unhandled()...))
}
