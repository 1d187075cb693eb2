package propose

import (
	"encoding/json"
	"os"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Ids of the workspace that the tests share.
const (
	worldAdaID    = "891dcbfc-9141-415d-9b2a-2238a6cc012d"
	worldBobID    = "991dcbfc-9141-415d-9b2a-2238a6cc012e"
	worldMemberID = "635cebb2-d0d3-4c03-8485-44354bdf4cb1"
)

// worldSchema is the workspace that the tests of mapping share.
func worldSchema() *attio.Schema { return readSchema("../testdata/workspace.json") }

// proposeSchema is a workspace with Attio's standard objects and an object with an attribute of each kind that a
// proposal decides about.
func proposeSchema() *attio.Schema { return readSchema("testdata/workspace.json") }

func readSchema(name string) *attio.Schema {
	var s attio.Schema
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		panic(err)
	}
	return &s
}
