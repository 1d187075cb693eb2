// Package extsort sorts more lines than memory holds: they are put in order some at a time, written to a scratch file
// for each, and merged. Lines of one key come in any order.
//
// The scratch files have no names, so that nothing stays on the disk of a process that is killed. A Sorter belongs to
// one goroutine.
package extsort
