// Package durable is the one way in which files that must survive are written: a crash, a full disk or a power cut
// leaves the old content or all of the new one, never a half.
//
// A file that is replaced is written under a temporary name in the folder of its own, flushed to disk, renamed, and
// then its folder is flushed: only that makes the new name last. A file that is appended to is flushed by its owner;
// its folder is flushed when the file is made. Files have mode 0600. Nothing here may be called from several
// goroutines for one file.
//
// Tests set Fault to have the disk fail at any step. A program built with the tag crashpoints kills itself where
// ATTIO_BULK_CRASH says, see Crash.
package durable
