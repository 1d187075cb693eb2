package attiotest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	table "github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/importer/undo"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/samples"
)

// requests holds what a client sends against the official document: the operation, the names and types of the query,
// the body. It stands in for a rule, so that it sees each request as it came.
type requests struct {
	mu    sync.Mutex
	seen  map[string]int // by operation: "GET /v2/self"
	wrong []string
}

func (q *requests) take(r *http.Request, body []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	name, op, ok := official().find(r.Method, r.URL.EscapedPath())
	at := r.Method + " " + name
	if !ok {
		q.wrong = append(q.wrong, r.Method+" "+r.URL.Path+": no such operation")
		return false
	}
	q.seen[at]++
	q.wrong = append(q.wrong, official().queryProblems(op, r.URL.Query(), at)...)
	schema := op.RequestBody.Content["application/json"].Schema
	switch {
	case schema == nil && len(body) > 0:
		q.wrong = append(q.wrong, at+": a body where none is documented")
	case schema != nil:
		var tree any
		if err := json.Unmarshal(body, &tree); err != nil {
			q.wrong = append(q.wrong, at+": "+err.Error())
		}
		q.wrong = append(q.wrong, official().problems(schema, inArrays(tree), at)...)
		if r.Header.Get("Content-Type") != "application/json" {
			q.wrong = append(q.wrong, at+": the body is not said to be JSON")
		}
	}
	return false
}

// inArrays puts single values of a record into arrays: the document's schema asks for arrays, its prose and its own
// example allow both.
func inArrays(tree any) any {
	body, _ := tree.(map[string]any)
	data, _ := body["data"].(map[string]any)
	values, _ := data["values"].(map[string]any)
	for slug, v := range values {
		if _, ok := v.([]any); !ok {
			values[slug] = []any{v}
		}
	}
	return tree
}

// queryProblems holds a query against the documented parameters.
func (d document) queryProblems(op operation, query url.Values, at string) (found []string) {
	known := map[string]any{}
	for _, p := range op.Parameters {
		if p.In == "query" {
			known[p.Name] = p.Schema
			if p.Required && !query.Has(p.Name) {
				found = append(found, at+": lacks "+p.Name)
			}
		}
	}
	for name, values := range query {
		schema, ok := known[name]
		if name == "offset" && strings.HasSuffix(at, "/options") { // documented nowhere, and asked for on purpose
			continue
		}
		if !ok {
			found = append(found, at+": no parameter "+name)
			continue
		}
		var v any = values[0]
		if n, err := strconv.ParseFloat(values[0], 64); err == nil {
			v = n
		} else if b, err := strconv.ParseBool(values[0]); err == nil {
			v = b
		}
		found = append(found, d.problems(schema, v, at+"?"+name)...)
	}
	return found
}

// watched is a sandbox with the sample workspace's objects, a client of it, and what the client sends.
func watched(t *testing.T, o Options) (*Server, *attio.Client, *requests) {
	q := &requests{seen: map[string]int{}}
	s := New(o)
	s.AddFault(Fault{Match: q.take, Status: http.StatusTeapot})
	c, err := attio.New(attio.Options{Key: attio.Secret(strings.Repeat("k", 64)), Transport: s.Transport()})
	require.NoError(t, err)
	return s, c, q
}

// TestWhatTheClientSendsIsDocumented: each method of the client sends what the official document describes.
func TestWhatTheClientSendsIsDocumented(t *testing.T) {
	ctx := t.Context()
	s, c, q := watched(t, Options{})
	schema, err := c.Schema(ctx, "users", "companies", "people", "deals")
	require.NoError(t, err)

	made, err := c.CreateRecord(ctx, "companies", json.RawMessage(`{"domains":["acme.com"],"name":["Acme"]}`), nil)
	require.NoError(t, err)
	id := made.Record.ID
	_, err = c.UpdateRecord(ctx, "companies", id, json.RawMessage(`{"domains":["acme.org"]}`), nil)
	require.NoError(t, err)
	_, err = c.ReplaceRecord(ctx, "companies", id, json.RawMessage(`{"name":["Acme Ltd"]}`), nil)
	require.NoError(t, err)
	_, err = c.AssertRecord(ctx, "companies", "domains", json.RawMessage(`{"domains":["acme.org"]}`), nil)
	require.NoError(t, err)
	_, err = c.Record(ctx, "companies", id)
	require.NoError(t, err)
	require.NoError(t, c.ReadPage(ctx, "companies", attio.Query{
		Filter: json.RawMessage(`{"domains":"acme.org"}`),
		Sorts:  json.RawMessage(`[{"attribute":"created_at","direction":"asc"}]`), Limit: 10, Offset: 1,
	}, new(attio.Page)))
	for _, err := range c.Records(ctx, "companies", attio.Query{}) {
		require.NoError(t, err)
	}

	for slug, kind := range map[string]attio.Type{"categories": attio.TypeSelect, "stage": attio.TypeStatus} {
		object := schema.Object("companies")
		if kind == attio.TypeStatus {
			object = schema.Object("deals")
		}
		attribute := object.Attribute(slug)
		require.NotNil(t, attribute, slug)
		option, err := c.CreateOption(ctx, object.Slug, *attribute, "One more")
		require.NoError(t, err)
		_, err = c.SetArchived(ctx, object.Slug, *attribute, option.ID, true)
		require.NoError(t, err)
	}

	for _, count := range []func(object, id string) (int, error){
		func(object, id string) (int, error) { return c.CountEntries(ctx, object, id) },
		func(object, id string) (int, error) { return c.CountNotes(ctx, object, id) },
		func(object, id string) (int, error) { return c.CountTasks(ctx, object, id) },
	} {
		_, err := count("companies", id)
		require.NoError(t, err)
	}
	findings, err := c.Probe(ctx, schema.Object("companies"))
	require.NoError(t, err)
	require.Len(t, findings, len(attio.Assumptions()))
	_, err = c.DeleteRecord(ctx, "companies", id, nil)
	require.NoError(t, err)

	require.Empty(t, q.wrong)
	require.Empty(t, s.Unhandled())
	for _, operation := range []string{
		"GET /v2/self", "GET /v2/objects", "GET /v2/workspace_members", "GET /v2/notes", "GET /v2/tasks", "GET /v2/threads",
		"GET /v2/{target}/{identifier}/attributes",
		"GET /v2/{target}/{identifier}/attributes/{attribute}/options",
		"POST /v2/{target}/{identifier}/attributes/{attribute}/options",
		"PATCH /v2/{target}/{identifier}/attributes/{attribute}/options/{option}",
		"GET /v2/{target}/{identifier}/attributes/{attribute}/statuses",
		"POST /v2/{target}/{identifier}/attributes/{attribute}/statuses",
		"PATCH /v2/{target}/{identifier}/attributes/{attribute}/statuses/{status}",
		"POST /v2/objects/{object}/records/query", "POST /v2/objects/{object}/records",
		"PUT /v2/objects/{object}/records", "GET /v2/objects/{object}/records/{record_id}",
		"PATCH /v2/objects/{object}/records/{record_id}", "PUT /v2/objects/{object}/records/{record_id}",
		"DELETE /v2/objects/{object}/records/{record_id}", "GET /v2/objects/{object}/records/{record_id}/entries",
	} {
		require.Positive(t, q.seen[operation], operation)
	}
}

// TestARequestThatIsNotDocumentedIsNoticed: the check above fails where it should.
func TestARequestThatIsNotDocumentedIsNoticed(t *testing.T) {
	for want, call := range map[string]attio.Call{
		"no such operation": {Method: "GET", Path: "/v2/nothing"},
		"no parameter size": {Method: "GET", Path: "/v2/notes", Query: url.Values{"size": {"5"}}},
		"is not of type":    {Method: "GET", Path: "/v2/notes", Query: url.Values{"limit": {"many"}}},
		"lacks matching":    {Method: "PUT", Path: "/v2/objects/users/records", Body: json.RawMessage(wrap(`{}`))},
		"a body where none": {Method: "GET", Path: "/v2/self", Body: json.RawMessage(`{}`)},
		"data is missing":   {Method: "POST", Path: "/v2/objects/users/records", Body: json.RawMessage(`{"values":{}}`)},
	} {
		_, c, q := watched(t, Options{})
		_, err := c.Do(t.Context(), call, nil)
		require.Error(t, err, want)
		require.Contains(t, fmt.Sprint(q.wrong), want)
	}
}

// TestWhatAnImportSendsIsDocumented: so does an import with all that a mapping can say, a second one that looks up and
// updates, and their undo.
func TestWhatAnImportSendsIsDocumented(t *testing.T) { synctest.Test(t, importsAsDocumented) }

func importsAsDocumented(t *testing.T) {
	ctx := t.Context()
	seed, err := samples.Files.ReadFile("workspace.json")
	require.NoError(t, err)
	workspace, err := ReadWorkspace(bytes.NewReader(seed))
	require.NoError(t, err)
	_, c, q := watched(t, Options{Seed: workspace})
	folder := t.TempDir()
	text, err := samples.Files.ReadFile("users.yaml")
	require.NoError(t, err)
	file, err := mapfile.Parse("users.yaml", text)
	require.NoError(t, err)
	csv, err := samples.Files.ReadFile("users.csv")
	require.NoError(t, err)
	for i, content := range []string{string(csv), strings.ReplaceAll(string(csv), "starter", "pro")} {
		path := filepath.Join(folder, fmt.Sprint(i, ".csv"))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		sum, err := importer.Run(ctx, c, importer.Options{
			In: table.Options{Path: path}, Mapping: file, Mode: mapping.Upsert, Match: "user_id",
			RunDir: filepath.Join(folder, fmt.Sprint("run", i)),
		})
		require.NoError(t, err)
		dir, err := journal.Open(sum.RunDir)
		require.NoError(t, err)
		require.Positive(t, []int{sum.Rows.Created, sum.Rows.Updated}[i])
		_, err = undo.Run(ctx, c, dir, undo.Options{})
		require.NoError(t, err)
		require.NoError(t, dir.Close())
	}
	require.Empty(t, q.wrong)
	for _, operation := range []string{
		"POST /v2/objects/{object}/records/query", "POST /v2/objects/{object}/records",
		"PATCH /v2/objects/{object}/records/{record_id}", "DELETE /v2/objects/{object}/records/{record_id}",
	} {
		require.Positive(t, q.seen[operation], operation)
	}
}
