// Package rawjson walks and writes JSON without decoding it into Go values: for documents that are mostly passed on,
// such as the values of Attio's records.
//
// It has two ways to read. A [Reader] is strict: duplicate keys and bytes that are not UTF-8 are errors, where
// encoding/json takes the last key and writes U+FFFD. [Members], [Elements] and [Member] walk JSON that was
// checked before; they only measure it, which takes a quarter of the time.
//
// What is returned is a part of what was read: nothing is copied, and nothing has room to append into what follows.
// Callers must not change it, and must copy what is to outlive the document. All functions may be called from several
// goroutines; a Reader is for one.
//
// It stands on jsontext, since pages of records are what an export's time goes into: on pages of 500 records it takes
// a third of the time of encoding/json, and some 15 % of its allocations (BenchmarkDecodePage, BenchmarkFlatten in
// package attio).
package rawjson
