package exporter

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// An attribute that is archived or renamed half-way leaves a column empty from there on: no export may call itself
// complete then.
func TestSchemaChangesDuringTheExport(t *testing.T) {
	const plan = "/v2/objects/users/attributes/mrr"
	archived, restored := `{"data":{"is_archived":true}}`, `{"data":{"is_archived":false}}`
	for name, c := range map[string]struct {
		patches []string // at the third and at the fifth page
		o       Options
		want    string
	}{
		"archived": {patches: []string{archived}, want: "the attribute mrr was archived"},
		"archived, of raw records": {patches: []string{archived}, o: Options{Raw: true},
			want: "the attribute mrr was archived"},
		"archived and brought back": {patches: []string{archived, restored},
			want: "the attribute mrr was missing from some pages"},
		"archived, without a column": {patches: []string{archived}, o: Options{Columns: []string{"record_id", "user_id"}}},
		"references looked up":       {o: Options{References: flat.ByKey}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newSandbox(t, 150, attiotest.Options{WriteLimit: -1})
				pages, sent := 0, 0
				b.server.AddFault(attiotest.Fault{Path: "/query", Before: func() {
					if pages++; sent < len(c.patches) && pages == 3+2*sent {
						sent++
						r, err := http.NewRequest(http.MethodPatch, "https://api.attio.com"+plan, strings.NewReader(c.patches[sent-1]))
						require.NoError(t, err)
						r.Header.Set("Authorization", "Bearer "+sandboxKey)
						r.Header.Set("Content-Type", "application/json")
						answer, err := b.server.Transport().RoundTrip(r)
						require.NoError(t, err)
						require.NoError(t, answer.Body.Close())
						require.Equal(t, http.StatusOK, answer.StatusCode)
					}
				}})
				c.o.Out, c.o.InFlight = "users.jsonl", 1
				m := b.must(c.o)
				require.Equal(t, len(c.patches), sent)
				if c.want == "" {
					require.Equal(t, Complete, m.Verdict)
					require.Empty(t, m.SchemaChanges)
					return
				}
				require.Equal(t, Changed, m.Verdict)
				require.Len(t, m.SchemaChanges, 1)
				require.Contains(t, m.SchemaChanges[0], c.want)
				kept, err := readManifest(b.path("users.jsonl"))
				require.NoError(t, err)
				require.Equal(t, m.SchemaChanges, kept.SchemaChanges)
			})
		})
	}
}

func TestWhatBecameOfAttributes(t *testing.T) {
	was := attio.Object{Attributes: []attio.Attribute{{ID: "1", Slug: "plan", Type: attio.TypeSelect}, {ID: "2",
		Slug: "name"}, {ID: "3", Slug: "old", Archived: true}}}
	for want, now := range map[string][]attio.Attribute{
		"plan was renamed to tier": {{ID: "1", Slug: "tier", Type: attio.TypeSelect}, {ID: "2", Slug: "name"}},
		"plan changed its type":    {{ID: "1", Slug: "plan", Type: attio.TypeSelect, Multi: true}, {ID: "2", Slug: "name"}},
		"plan was archived": {{ID: "1", Slug: "plan", Type: attio.TypeSelect, Archived: true}, {ID: "2",
			Slug: "name"}, {ID: "4", Slug: "new"}},
	} {
		changes := newSchemaWatch(&was, nil).changes(now)
		require.Len(t, changes, 1)
		require.Contains(t, changes[0], "the attribute "+want)
	}
}
