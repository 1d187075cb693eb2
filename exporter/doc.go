// Package exporter writes an object's records to a flat file that can be proven complete, beside a [Manifest] that
// says what the file is.
//
// [Run] reads all records of an object, [Each] those of several side by side. They read by package walk, make a line of
// each record while other pages are read, sort the lines (on disk when there are many) and write them. What they
// promise:
//
//   - The file appears under its name only when it is whole: a temporary file in the same folder, flushed to disk, then
//     renamed. A failed export leaves the previous file, its manifest and its changes as they were.
//   - The manifest has a [Verdict]. Complete: nothing was seen to change. Changed: every record that existed throughout
//     is there once, and what changed is counted, or named where attributes changed. Incomplete: that could not be
//     proven, and the file is called FILE.incomplete.
//   - [Options].MinRecords refuses to replace a file by a much smaller one. [Options].ChangesSince also writes what was
//     added, changed and deleted since an earlier export.
//   - No filter has more values than Attio takes, and memory does not grow with the records but for 16 bytes of each.
//   - [Options].Ready finds out what can be known to be wrong before the first request, and leaves nothing behind.
//   - [Check] compares a file with its manifest.
//
// Progress and Warn are called in turn, never at the same time. Nothing here prints, and no error speaks of the flags
// of a command: an [OptionError] names the field of Options.
package exporter
