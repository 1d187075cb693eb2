// Package world is the workspace that the tests of the mapping and of the packages below it share: no product code
// imports it.
package world

import (
	_ "embed" // the workspace and the record
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Ids of the workspace.
const (
	AdaID    = "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	BobID    = "991dcbfc-9141-415d-9b2a-2238a6cc012e"
	MemberID = "635cebb2-d0d3-4c03-8485-44354bdf4cb1"
	OtherID  = "735cebb2-d0d3-4c03-8485-44354bdf4cb2"
	ProID    = "4070f8a2-9141-415d-9b2a-2238a6cc0001"
	FreeID   = "4070f8a2-9141-415d-9b2a-2238a6cc0002"
	OldID    = "4070f8a2-9141-415d-9b2a-2238a6cc0003"
)

//go:embed workspace.json
var workspace []byte

//go:embed everything.json
var everything []byte

// Schema is a workspace with the standard objects and one, every, with an attribute of each type, single and several.
func Schema() *attio.Schema { return Decode[attio.Schema](workspace) }

// Decode makes a value of JSON that stands in a test's own file.
func Decode[T any](text []byte) *T {
	into := new(T)
	if err := json.Unmarshal(text, into); err != nil {
		panic(err)
	}
	return into
}

// Everything is a record of object "every" with a value of each type.
func Everything() *attio.Record {
	r := Held(nil)
	r.Values = *Decode[map[string]json.RawMessage](everything)
	return r
}

// Held is a record whose values are given as the API answers them.
func Held(values map[string]string) *attio.Record {
	r := &attio.Record{ID: AdaID, CreatedAt: "2024-01-01T00:00:00.000000000Z",
		WebURL: "https://app.attio.com/w/every/record/" + AdaID, Values: map[string]json.RawMessage{}}
	for slug, v := range values {
		r.Values[slug] = json.RawMessage(v)
	}
	return r
}

// Envelope is what stands before the members of each value.
const Envelope = `"active_from":"2026-05-09T21:43:08.480000000Z","active_until":null,` +
	`"created_by_actor":{"type":"workspace-member","id":"` + MemberID + `"},`

// Val is a record's array of one value.
func Val(members string) string {
	return `[{` + Envelope + members + `,"attribute_type":"x"}]`
}

// Option is a value of a select attribute.
func Option(id, title string) string {
	return `{` + Envelope + `"option":{"id":{"workspace_id":"w","option_id":"` + id + `"},"title":"` + title +
		`","is_archived":false}}`
}

// Attr is a writable attribute, changed as it is said.
func Attr(slug, title string, t attio.Type, changes ...func(*attio.Attribute)) attio.Attribute {
	a := attio.Attribute{ID: slug + "-id", Slug: slug, Title: title, Type: t, Writable: true}
	for _, change := range changes {
		change(&a)
	}
	return a
}
