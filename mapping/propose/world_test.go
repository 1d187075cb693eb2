package propose

import (
	_ "embed"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

//go:embed testdata/workspace.json
var workspace []byte

// proposeSchema is a workspace with Attio's standard objects and an object with an attribute of each kind that a
// proposal decides about.
func proposeSchema() *attio.Schema { return world.Decode[attio.Schema](workspace) }
