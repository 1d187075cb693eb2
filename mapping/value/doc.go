// Package value reads text as values of Attio's attribute types and writes values as JSON and as text, one file for
// each type and both directions in it.
//
// A Reader takes text: what Attio would refuse is refused here, with a stable code, the bytes at fault and the setting
// of a mapping that would take it. Decode reads what the API returned, AppendField writes what it takes, and Format is
// the text from which a Reader makes the same value again. Same compares two values as Attio does.
//
// A value in a form that this version does not know keeps its JSON in Value.Raw: it is shown, equals nothing else, and
// is never written or written over.
//
// Nothing here does I/O. A Reader and its tables may be used by several goroutines as long as nobody changes them.
package value
