package importer

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// TestEstimate: what the writes will take is told once, before the first of them, and costs no request.
func TestEstimate(t *testing.T) {
	there := func(n int) func(*world) {
		return func(w *world) {
			for i := range n {
				_, err := w.server.Insert(
					"users", map[string]any{"user_id": fmt.Sprintf("u%d", i+1),
						"primary_email_address": fmt.Sprintf("user%d@example.com", i+1)})
				require.NoError(w.t, err)
			}
		}
	}
	slow := func(w *world) {
		w.server.AddFault(attiotest.Fault{Match: func(
			r *http.Request, _ []byte) bool {
			return strings.HasSuffix(r.URL.Path, "/query")
		}, Latency: 3 * time.Second})
	}
	tests := map[string]struct {
		seed func(*world)
		text string
		mode mapping.Mode
		edit func(*Options)
		want string
	}{
		"a short file, by its rows": {there(10), users(1, 40) + "u30,user30@example.com\nu99,bad\n", mapping.Create, nil,
			"30 writes, which take 1s at 25 a second"},
		"one row that is new": {there(10), users(1, 1) + "u30,user30@example.com\n", mapping.Create, nil,
			"1 write, which takes 1s at 25 a second"},
		"one of two thousand rows, by the first": {there(50), users(1, 2000), mapping.Create,
			func(o *Options) { o.NoPreflight = true },
			"1,200 writes of the first 1,200 rows needed; at that share, some 2,000 writes, which take 1m20s at 25 a second"},
		"one that is read against a small object, by the first": {there(10), users(1, 2000), mapping.Create, nil,
			"1,200 writes of the first 1,210 rows needed; at that share, some 1,983 writes, which take 1m19s at 25 a second"},
		"look-ups that take long are not waited for": {slow, users(1, 40), mapping.Create, nil,
			"at most 40 writes, which take 2s at 25 a second"},
		"nothing to write": {there(10), users(1, 10), mapping.Create, nil, ""},
		"a dry run": {nil, users(1, 10), mapping.Create,
			func(o *Options) { o.DryRun = true }, "an import would send 10 writes, which take 1s at 25 a second"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, attiotest.Options{WriteLimit: -1})
				if tt.seed != nil {
					tt.seed(w)
				}
				told, early := "", false
				_, _, err := w.run(t.Context(), job{text: tt.text, mode: tt.mode, match: "user_id", edit: func(o *Options) {
					if tt.edit != nil {
						tt.edit(o)
					}
					o.Notice = func(s string) {
						if strings.Contains(s, "which take") {
							require.Empty(t, told, "it is told once")
							told, early = s, w.client.Stats().Writes == 0
						}
					}
				}})
				require.NoError(t, err)
				require.Equal(t, tt.want, told)
				require.Equal(t, tt.want != "", early)
			})
		})
	}
}
