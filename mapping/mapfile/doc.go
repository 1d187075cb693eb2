// Package mapfile reads and writes mapping files: YAML, version 1.
//
// Parse is strict: an unknown or repeated key, a wrong type and another version are errors with line and column.
// Anchors, aliases and files of more than 1 MB are refused, so that no file takes much memory. File.YAML writes the
// canonical form, from which Parse makes the same File; its hash identifies a run's mapping.
//
// A proposed mapping asks in comments, "# decide: …"; Undecided and Lacking find what is still open.
//
// A new key of a column is one line of the table in column.go, and a field of Column.
package mapfile
