package importer

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
)

const peopleMapping = `version: 1
object: people
columns:
  - column: Name
    attribute: name
  - column: Email
    attribute: email_addresses
  - column: Domain
    attribute: company
    reference: companies.domains
    missing: MISSING
  - column: About
    attribute: company.description
    reference: companies.domains
`

const peopleText = `Name,Email,Domain,About
"Lovelace, Ada",ada@example.com,acme.com,Makes anvils
"Hopper, Grace",grace@example.com,acme.com,Never read
"Turing, Alan",alan@example.com,there.org,
"Noether, Emmy",emmy@example.com,,
`

func TestMissingTargets(t *testing.T) {
	tests := []struct {
		missing string
		want    journal.Counts
		also    map[string]int
		people  int
	}{
		{"reject", journal.Counts{Read: 4, Created: 2, Rejected: 2}, nil, 2},
		{"blank", journal.Counts{Read: 4, Created: 4}, nil, 4},
		{"create", journal.Counts{Read: 4, Created: 4}, map[string]int{"companies": 1}, 4},
	}
	for _, tt := range tests {
		for _, dry := range []bool{true, false} {
			t.Run(tt.missing, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, attiotest.Options{})
					_, err := w.server.Insert("companies", map[string]any{"name": "There", "domains": []any{"there.org"}})
					require.NoError(t, err)
					m := strings.Replace(peopleMapping, "MISSING", tt.missing, 1)
					if tt.missing != "create" { // only a target that is made can be filled
						m = m[:strings.Index(m, "  - column: About")] + "ignore: [About]\n"
					}
					var notices []string
					sum, dir, err := w.run(t.Context(), job{object: "people", text: peopleText, mapping: m, edit: func(o *Options) {
						o.DryRun = dry
						o.Notice = func(s string) { notices = append(notices, s) }
					}})
					require.NoError(t, err)
					require.Equal(t, tt.want, sum.Rows, column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "message"))
					require.Equal(t, tt.also, sum.AlsoCreated)
					if dry {
						require.Zero(t, w.server.Count("people"))
						require.Equal(t, 1, w.server.Count("companies"))
						return
					}
					require.Equal(t, tt.people, w.server.Count("people"))
					if tt.missing == "create" {
						require.Contains(t, strings.Join(notices, "\n"), "making 1 record of companies")
						acme := w.server.Find("companies", "domains", "acme.com")
						require.Len(t, acme, 1, "made once, however many rows want it")
						require.Contains(t, toText(t, acme[0].Values), "Makes anvils")
						require.NotContains(t, toText(t, acme[0].Values), "Never read", "the first row fills it")
					}
				})
			})
		}
	}
}

// A cell whose target is missing is shown like any other that is refused: where, which part, and the line that would
// make it.
func TestMissingTargetIsShownInItsCell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, err := w.server.Insert("people", map[string]any{"email_addresses": []any{"ada@example.com"}})
		require.NoError(t, err)
		var shown []*mapping.CellError
		_, _, err = w.run(t.Context(), job{object: "companies", text: "Domain,Team\nacme.com,ada@example.com; Bob@example.com\n", mapping: `version: 1
object: companies
columns:
  - {column: Domain, attribute: domains}
  - {column: Team, attribute: team, reference: people.email_addresses}
`, edit: func(o *Options) {
			o.NotSent = func(out *journal.Outcome) { shown = append(shown, out.Errors[0].Cell) }
		}})
		require.NoError(t, err)
		require.Len(t, shown, 1)
		e := shown[0]
		require.Equal(t, []any{"REF001",
			`2:10: row 1, column "Team": no record of people has email_addresses "bob@example.com"`,
			"Bob@example.com", "a record that is in Attio", "missing: create # or blank"},
			[]any{e.Code, e.Error(), e.Value[e.From:e.To], e.Accepted, e.Fix})
	})
}

const specimensMapping = `version: 1
object: specimens
columns:
  - column: Name
    attribute: name
  - column: Kind
    attribute: ATTR
    missing: create
`

func TestMissingOptionsAreMadeOnceAndUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		schema, err := w.client.Schema(t.Context(), "specimens")
		require.NoError(t, err)
		var slug string
		for _, a := range schema.Object("specimens").Attributes {
			if a.Type == "select" && !a.Multi {
				slug = a.Slug
			}
		}
		require.NotEmpty(t, slug)
		text := "Name,Kind\na,Brand new\nb,brand NEW\nc,\n"
		m := strings.Replace(specimensMapping, "ATTR", slug, 1)
		m = strings.Replace(m, "attribute: name", "attribute: "+textAttribute(t, schema.Object("specimens")), 1)
		sum, dir, err := w.run(t.Context(), job{object: "specimens", text: text, mapping: m})
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 3, Created: 3}, sum.Rows,
			column(readRows(t, filepath.Join(dir, journal.ResultsFile)), "message"))
		require.Equal(t, map[string]int{"options": 1}, sum.AlsoCreated)
		require.Equal(t, 3, w.server.Count("specimens"))

		plan, err := w.planUndo(dir)
		require.NoError(t, err)
		require.Equal(t, undo.Plan{Delete: 3, Objects: map[string]int{"specimens": 3}, Archive: 1}, plan)
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, map[string]int{journal.UndoDeleted: 3, journal.UndoArchived: 1}, u.Counts)
		require.Zero(t, w.server.Count("specimens"))
	})
}
