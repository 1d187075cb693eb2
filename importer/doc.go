// Package importer turns the rows of a file into records of Attio and accounts for every one of them.
//
// [Run] reads a file, converts its rows by a plan, looks up what is there, writes, and records; [Resume] continues a
// run that stopped, or tries some of its rows again; [Verify] compares what a run wrote with its file; [Rebuild]
// makes a run's reports anew. All that is known of a run lies in its run directory.
//
// What it promises:
//
//   - Every row has one outcome: created, updated, unchanged, skipped, conflict, rejected, or unknown where a write
//     was sent and nobody can say whether it was done. [journal.Counts].Read is the sum of the others, pending rows
//     included.
//   - Before a write is sent, its intent is on disk. After a crash, what was sent and has no outcome is looked up
//     first, whatever else is wrong with its row by now. No create is sent twice unless its record was looked for.
//   - The first row of a file that holds a unique value has it. The result does not depend on the order in which
//     requests end.
//   - An update writes only what differs, compared with values that were read less than a minute before; what it
//     overwrites is kept in the run directory first.
//   - No filter of a query holds more values than Attio takes; what it takes is learnt from its refusals
//     ([attio.FilterSizes]). Where it takes none, the object is read whole.
//   - Memory does not grow with the file, but for some 20 bytes for each unique value.
//
// A row's fate is data: an error of Run means that the run stopped early. It can be resumed then. The causes are
// *[Interrupted] where ctx was cancelled with one, *[Stop] where the run itself saw no use in going on, an
// *attio.Error or *attio.FilterError, an error of the input (*source.Error), or one of the disk. Several may be
// joined.
//
// Stopping takes two contexts. When that of Run ends, no new row is begun, and requests in flight are seen through;
// when Options.Abort ends, they are given up, and resume finds out what became of them.
//
// Progress, Rejected and Notice are called one at a time, from the goroutine that called Run. A [journal.Dir] is
// locked as long as it is open; whoever opened it closes it.
package importer
