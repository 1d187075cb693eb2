package importer

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// kinds is the attribute of specimens whose options are brought back here, as Attio has it now.
func kinds(t *testing.T, w *world) attio.Attribute {
	s, err := newClient(t, w.server).Schema(context.Background(), "specimens")
	require.NoError(t, err)
	return *s.Object("specimens").Attribute("kind")
}

func makeKind(t *testing.T, w *world, title string, archived bool) (id string) {
	o, err := w.client.CreateOption(t.Context(), "specimens", kinds(t, w), title)
	require.NoError(t, err)
	if archived {
		_, err = w.client.SetArchived(t.Context(), "specimens", kinds(t, w), o.ID, true)
		require.NoError(t, err)
	}
	return o.ID
}

// specimensOf is an import of names and kinds.
func specimensOf(t *testing.T, w *world, rows string) job {
	schema, err := w.client.Schema(t.Context(), "specimens")
	require.NoError(t, err)
	m := strings.Replace(specimensMapping, "ATTR", "kind", 1)
	m = strings.Replace(m, "attribute: name", "attribute: "+textAttribute(t, schema.Object("specimens")), 1)
	return job{object: "specimens", text: "Name,Kind\n" + rows, mapping: m}
}

func isArchived(t *testing.T, w *world, id string) bool {
	for _, o := range kinds(t, w).Options {
		if o.ID == id {
			return o.Archived
		}
	}
	require.Fail(t, "no such option")
	return false
}

func TestArchivedOptionsThatDifferByCaseAreAllBroughtBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		one, other := makeKind(t, w, "Zed", true), makeKind(t, w, "ZED", true)
		sum, _, err := w.run(t.Context(), specimensOf(t, w, "a,Zed\nb,ZED\n"))
		require.NoError(t, err)
		require.Equal(t, 2, sum.Rows.Created)
		require.False(t, isArchived(t, w, one))
		require.False(t, isArchived(t, w, other))
	})
}

// TestAnOptionOfSomebodyElseIsNotAdopted: the run died before it brought "Zed" back; "zed" was never its own.
func TestAnOptionOfSomebodyElseIsNotAdopted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		theirs, old := makeKind(t, w, "zed", false), makeKind(t, w, "Zed", true)
		w.server.AddFault(attiotest.Fault{Method: http.MethodPatch, Status: 401})
		_, dir, err := w.run(t.Context(), specimensOf(t, w, "a,Zed\n"))
		require.Error(t, err)
		w.server.ClearFaults()
		cutBehind(t, dir, `"t":"want"`, 1)
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, 1, sum.AlsoCreated["options"])
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, 1, u.Counts[journal.UndoArchived])
		require.False(t, isArchived(t, w, theirs))
		require.True(t, isArchived(t, w, old))
	})
}

func TestAnOptionThatWasBroughtBackTwiceIsArchivedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		old := makeKind(t, w, "Zed", true)
		w.server.AddFault(attiotest.Fault{Match: isCreate, Status: 401})
		_, dir, err := w.run(t.Context(), specimensOf(t, w, "a,Zed\n"))
		require.Error(t, err)
		w.server.ClearFaults()
		_, err = w.client.SetArchived(t.Context(), "specimens", kinds(t, w), old, true)
		require.NoError(t, err)
		_, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		u, err := w.undo(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, 1, u.Counts[journal.UndoArchived])
		require.True(t, isArchived(t, w, old))
	})
}

// TestResumeWhoseImportKeyIsGone: an error says so; rows cannot be told apart without it.
func TestResumeWhoseImportKeyIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, err := w.client.Do(t.Context(), attio.Call{
			Method: http.MethodPost, Path: "/v2/objects/users/attributes",
			Body: map[string]any{"data": map[string]any{
				"title": "Key", "api_slug": "row_key", "description": "", "type": "text", "is_required": false,
				"is_unique": true, "is_multiselect": false, "config": map[string]any{},
			}},
		}, nil)
		require.NoError(t, err)
		dir := filepath.Join(t.TempDir(), "run")
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 5, Committed: func() { cancel(&Interrupted{"SIGINT", 130}) }})
		_, err = w.attempt(stop, job{text: users(1, 60), dir: dir, edit: func(o *Options) {
			o.ImportKey, o.Workers = "row_key", 1
		}})
		require.Error(t, err)
		w.server.ClearFaults()
		w.edit(t.Context(), "/v2/objects/users/attributes/row_key", `{"is_archived":true}`)
		d, err := journal.Open(dir)
		require.NoError(t, err)
		schema, err := newClient(t, w.server).Schema(t.Context(), "users")
		require.NoError(t, err)
		_, err = Resume(t.Context(), w.client, d, ResumeOptions{Schema: schema})
		var gone *ImportKeyError
		require.ErrorAs(t, err, &gone)
		require.NoError(t, d.Close())
	})
}
