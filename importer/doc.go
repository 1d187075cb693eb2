// Package importer turns rows into records of Attio and accounts for every one of them.
//
//	summary, err := importer.Run(ctx, client, importer.Options{In: source.Options{Path: "users.csv"}})
//
// [Run] is the whole way: it reads a file, or rows in memory ([source.Table], [source.Objects]), converts them by a
// mapping, looks up what is there, writes, and records. All that is known of the run then lies in its run directory,
// which [journal.Open] opens for what may follow: [Resume] continues a run that stopped, or tries some of its rows
// again; [Verify] compares what was written with the rows; [undo.Run] takes it back; [Rebuild] makes the reports
// anew.
//
// Who wants to look before anything is written calls [Prepare], reads the plan, the number of rows and the notes, and
// then [Import.Run].
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
//   - Rows that are in no file are copied into the run directory before the first write. So they can be resumed and
//     verified like those of a file, which has to be there still and unchanged.
//   - No filter of a query holds more values than Attio takes; what it takes is learnt from its refusals
//     ([attio.FilterSizes]). Where it takes none, the object is read whole.
//   - Memory does not grow with the file, but for some 20 bytes for each unique value.
//
// A row's fate is data: an error of Run means that nothing was begun, or that the run stopped early. It can be
// resumed then. Why it stopped is *[Interrupted] where ctx was cancelled with one, *[Stop] where the run itself saw
// no use in going on, an *[attio.Error] or *[attio.FilterError], an error of the input (*[source.Error]), or one of
// the disk. Several may be joined.
//
// Stopping takes two contexts. When that of Run ends, no new row is begun, and requests in flight are seen through;
// when Common.Abort ends, they are given up, and Resume finds out what became of them.
//
// Progress, NotSent, Previewed and Notice are called one at a time, from the goroutine that called Run. A
// [journal.Dir] is locked as long as it is open; whoever opened it closes it.
package importer
