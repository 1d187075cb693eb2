package attiotest

import _ "embed" // the workspace is a file

// standard is the built-in workspace. The categories of companies and a few other lists stand for longer ones; to users
// some custom attributes are added, such as teams add.
//
//go:embed standard.json
var standard []byte

// Standard is the built-in workspace: Attio's standard objects with their own attributes (users, workspaces and deals
// enabled), a custom object "specimens" with an attribute of every type, three members, and no records.
func Standard() *Workspace {
	w := &Workspace{}
	if err := strictly(standard, w); err != nil {
		panic(err) // a test reads it
	}
	return w
}
