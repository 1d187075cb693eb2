package durable

// Fault is asked before each step that can fail for the disk's sake: create, write, sync, close, rename, sync folder.
// name is the path of the file, or of the folder where a file is made in it or it is flushed itself. Its error is
// what the step ends with. Only tests set it, and only while nothing else writes.
var Fault = func(step, name string) error { return nil }
