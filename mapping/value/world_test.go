package value

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Ids of the workspace that the tests share.
const (
	worldAdaID    = "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	worldBobID    = "991dcbfc-9141-415d-9b2a-2238a6cc012e"
	worldMemberID = "635cebb2-d0d3-4c03-8485-44354bdf4cb1"
	worldProID    = "4070f8a2-9141-415d-9b2a-2238a6cc0001"
	worldFreeID   = "4070f8a2-9141-415d-9b2a-2238a6cc0002"
)

// readWorld reads a file of the workspace that the tests of mapping and of the packages below it share.
func readWorld(name string, into any) {
	text, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		panic(err)
	}
}

// worldSchema is a workspace with the standard objects and one, every, with an attribute of each type, single and
// several.
func worldSchema() *attio.Schema {
	var s attio.Schema
	readWorld("workspace.json", &s)
	return &s
}

// worldEverything is a record of object "every" with a value of each type.
func worldEverything() *attio.Record {
	r := worldHeld(nil)
	readWorld("everything.json", &r.Values)
	return r
}

// worldHeld is a record whose values are given as the API answers them.
func worldHeld(values map[string]string) *attio.Record {
	r := &attio.Record{ID: worldAdaID, CreatedAt: "2024-01-01T00:00:00.000000000Z",
		WebURL: "https://app.attio.com/w/every/record/" + worldAdaID, Values: map[string]json.RawMessage{}}
	for slug, v := range values {
		r.Values[slug] = json.RawMessage(v)
	}
	return r
}

const worldEnvelope = `"active_from":"2026-05-09T21:43:08.480000000Z","active_until":null,` +
	`"created_by_actor":{"type":"workspace-member","id":"` + worldMemberID + `"},`

// worldVal is a record's array of one value.
func worldVal(members string) string {
	return `[{` + worldEnvelope + members + `,"attribute_type":"x"}]`
}

// worldOption is a value of a select attribute.
func worldOption(id, title string) string {
	return `{` + worldEnvelope + `"option":{"id":{"workspace_id":"w","option_id":"` + id + `"},"title":"` + title +
		`","is_archived":false}}`
}

// worldAttr is a writable attribute, changed as it is said.
func worldAttr(slug, title string, t attio.Type, changes ...func(*attio.Attribute)) attio.Attribute {
	a := attio.Attribute{ID: slug + "-id", Slug: slug, Title: title, Type: t, Writable: true}
	for _, change := range changes {
		change(&a)
	}
	return a
}

func worldUnique(a *attio.Attribute) { a.Unique = true }
