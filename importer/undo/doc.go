// Package undo takes a run back as far as nobody has built on it.
//
// Records that the run created, and that are still as the write answered them, are deleted. Values that it overwrote
// are put back where they are still what it wrote. Options that it made are archived, since Attio cannot delete them.
// All else is kept, with its reason. It works from the end of the run to its beginning, so that what refers goes
// before what is referred to.
//
// An undo is journalled as the import is: what it is about to change is on disk before the request goes, what came of
// it after that, and an undo that was cut short is continued by another. A change that was announced and has no
// result may have been done: the next undo looks at the record and says so. undo.csv is made from the journal when an
// undo ends.
package undo
