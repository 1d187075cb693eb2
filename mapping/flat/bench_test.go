package flat

import (
	"testing"
)

func BenchmarkFlatCells(b *testing.B) {
	f := flatten(b, Options{})
	r := worldEverything()
	var dst []string
	b.ReportAllocs()
	for b.Loop() {
		dst = f.Cells(dst[:0], r, nil, nil)
	}
}

func BenchmarkFlatJSON(b *testing.B) {
	f := flatten(b, Options{})
	r := worldEverything()
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = f.AppendJSON(dst[:0], r, nil, nil)
	}
}
