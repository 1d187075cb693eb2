// Package propose suggests a mapping for a file: from its headers, from Profiles of its columns, and from a workspace's
// schema.
//
// What can be read in two ways is asked about and never guessed: Proposal.YAML writes such a question as a comment with
// an answer a line. A Profile is gathered cell by cell and does not grow with the file; it belongs to one goroutine.
package propose
