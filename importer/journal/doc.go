// Package journal keeps a run on disk: its directory, what it is (run.json), what it did (journal.jsonl), what its
// updates overwrote (before.jsonl) and its accounts (summary.json).
//
// # The directory
//
// The folder has mode 0700 and its files 0600. run.json and summary.json are replaced whole. One process holds the
// directory at a time; others may look at it. It holds personal data, so the folder attio-runs gets a .gitignore.
// Nothing outside of the directory is touched, and a symbolic link in it is refused.
//
// # The journal
//
// The journal is the truth of a run: every report can be made anew from it and the input. It holds one JSON object a
// line and is only ever appended to. A last line that was torn by a crash is cut off when the next session begins.
// Before a write is sent its intent is on disk: Announce returns when it is. After the write, the row's outcome
// follows with the next flush. An intent without an outcome is a row whose fate must be looked up. A file that says
// something that no journal of this version says is refused with an *Error.
//
// # The history
//
// What earlier sessions did is read once, in one pass. Of a finished row eight bytes are kept, where its outcome lies
// among them, so that memory does not grow with what the rows hold.
package journal
