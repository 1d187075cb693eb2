// Package samples holds the files of the demo, so that an installed binary can run it.
package samples

import "embed"

// Files are users.csv and users.jsonl with their mappings, and workspace.json, the workspace that the sandbox starts
// with in the demo: people, companies and workspaces that the users refer to, and ten users that are there already.
//
//go:embed users.csv users.yaml users.jsonl users-jsonl.yaml workspace.json
var Files embed.FS

// Spreadsheets holds the folder spreadsheets: files as people have them, from Excel in a German and in an American
// office, from HubSpot and Salesforce, and made by hand, to try mapping init with.
//
//go:embed spreadsheets
var Spreadsheets embed.FS
