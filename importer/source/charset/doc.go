// Package charset finds out which encoding the bytes of a file are in, and decodes them.
//
// An Encoding comes from its WHATWG label (Named), from the first bytes of a file (Marked), or from Evidence, which
// looks at all bytes of a file that is not UTF-8. Its Reader gives UTF-8 and ends with an *Error at the first byte that
// is not in the encoding: nothing is repaired, nothing is passed on as U+FFFD. Its Writer goes the other way.
//
// Values of Encoding may be shared; readers, writers and Evidence are for one goroutine. Nothing here is closed.
package charset
