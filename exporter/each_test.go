package exporter

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// objectsAtOnce counts how many objects' pages are being read at a time.
type objectsAtOnce struct {
	http.RoundTripper
	mu   sync.Mutex
	now  map[string]int
	most int
}

func (c *objectsAtOnce) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/query") {
		return c.RoundTripper.RoundTrip(r)
	}
	object := strings.Split(r.URL.Path, "/")[3]
	count := func(n int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.now[object] += n; c.now[object] == 0 {
			delete(c.now, object)
		}
		c.most = max(c.most, len(c.now))
	}
	count(1)
	defer count(-1)
	return c.RoundTripper.RoundTrip(r)
}

var objects = []string{"companies", "deals", "people", "users", "workspaces"}

// several are a sandbox whose objects have records, a client that counts, and what to export.
func several(t *testing.T) (*sandbox, *attio.Client, *objectsAtOnce, []Options) {
	b := newSandbox(t, 130, attiotest.Options{Latency: 50 * time.Millisecond})
	for n := range 30 {
		name := map[string]any{"name": strings.Repeat("x", n+1)}
		_, err := b.server.Insert("companies", name)
		require.NoError(t, err)
	}
	counting := &objectsAtOnce{RoundTripper: b.server.Transport(), now: map[string]int{}}
	c, err := attio.New(attio.Options{Key: attio.Secret(sandboxKey), Transport: counting, ReadRate: 1e6})
	require.NoError(t, err)
	schema, err := c.Schema(t.Context(), objects...)
	require.NoError(t, err)
	var all []Options
	for _, object := range objects {
		o := Options{Schema: schema, Object: object, Out: b.path(object + ".csv"), PageSize: 20, MinRecords: "50%"}
		o.Warn = func(text string) { b.warned = append(b.warned, object) }
		all = append(all, o)
	}
	return b, c, counting, all
}

func TestObjectsAreReadSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, c, counting, all := several(t)
		began := time.Now()
		for _, o := range all {
			_, err := Run(t.Context(), c, o)
			require.NoError(t, err)
		}
		alone := time.Since(began)
		files := b.folder()
		require.Equal(t, 1, counting.most)
		for _, object := range objects {
			require.NoError(t, os.Remove(b.path(object+".csv.manifest.json")))
		}

		b.warned, began = nil, time.Now()
		for i := range all {
			o := &all[i]
			o.Progress = func(Progress) { require.Equal(t, o.Object, objects[len(b.warned)-1], "of one at a time") }
		}
		n := 0
		for m, err := range Each(t.Context(), c, all) {
			require.NoError(t, err)
			require.Equal(t, objects[n], m.Object)
			n++
			require.Equal(t, objects[:n], b.warned, "said in its turn")
			_, err := os.Stat(b.path(objects[n-1] + ".csv"))
			require.NoError(t, err)
		}
		require.Equal(t, sideBySide, counting.most)
		require.Less(t, time.Since(began), alone*2/3)
		for _, object := range objects {
			require.Equal(t, files[object+".csv"], b.folder()[object+".csv"])
		}
	})
}

// An object that fails stops no other; where the caller stops, no file of those behind it is written, and no folder
// made for it.
func TestOneOfSeveralFails(t *testing.T) {
	for _, stops := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b, c, _, all := several(t)
			_, err := b.server.Insert("people", map[string]any{"email_addresses": []any{"ada@example.com"}})
			require.NoError(t, err)
			for i := range all {
				all[i].Out, all[i].MakeFolder = b.path("new/"+objects[i]+".csv"), true
			}
			b.server.AddFault(attiotest.Fault{Path: "/companies/records/query", Status: 403, Latency: 10 * time.Second})
			var failed []string
			n := 0
			for m, err := range Each(t.Context(), c, all) {
				if n++; err != nil {
					failed = append(failed, objects[n-1])
					require.ErrorIs(t, err, attio.ErrForbidden)
					if stops {
						break
					}
					continue
				}
				require.Equal(t, objects[n-1], m.Object)
			}
			require.Equal(t, []string{"companies"}, failed)
			if stops {
				require.NoDirExists(t, b.path("new"))
				return
			}
			b.dir = b.path("new")
			require.Len(t, b.folder(), 2*(len(objects)-1))
			b.noTemporaries()
		})
	}
}

func TestSeveralAreInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, c, _, all := several(t)
		stop := errors.New("interrupted")
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		time.AfterFunc(70*time.Millisecond, func() { cancel(stop) })
		n := 0
		for _, err := range Each(ctx, c, all) {
			n++
			require.ErrorIs(t, err, stop)
		}
		require.Equal(t, len(objects), n)
		require.Empty(t, b.folder())
	})
}
