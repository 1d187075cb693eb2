// Package claim remembers which row of a file holds which unique value: the claim table.
//
// A value takes 16 bytes, whatever its length, so that a million rows with two unique values each take 40 MB. A row
// claims its values before it is sent and releases them when it is refused; a later row with one of them is a conflict.
// Which row is first is the caller's to say: a table only remembers. It is for one goroutine at a time, but for Key.
package claim
