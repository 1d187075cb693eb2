package main

import (
	"runtime"
	"runtime/debug"
)

// limitMemory has an export collect garbage more often: it allocates little beside the pages in flight, which it uses
// again, so that this costs hardly any processor time. Measured with 60,000 records: 83 MB resident instead of 100.
func limitMemory() { debug.SetGCPercent(50) }

// ballast has an import collect garbage less often, until the function that it returns is called. The collector runs
// whenever the heap has doubled, which a heap of a few MB does all the time: it took an eighth of an import's processor
// time. The ballast is never touched, so that it takes addresses and no memory, and counts as heap that has to be
// doubled.
func ballast() (release func()) {
	b := make([]byte, 16<<20)
	return func() { runtime.KeepAlive(b) }
}
