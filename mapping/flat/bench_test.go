package flat_test

import (
	"testing"

	"github.com/attio-bulk/attio-bulk/mapping/flat"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

func BenchmarkFlatCells(b *testing.B) {
	f := flatten(b, flat.Options{})
	r := world.Everything()
	var dst []string
	b.ReportAllocs()
	for b.Loop() {
		dst = f.Cells(dst[:0], r, nil, nil)
	}
}

func BenchmarkFlatJSON(b *testing.B) {
	f := flatten(b, flat.Options{})
	r := world.Everything()
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = f.AppendJSON(dst[:0], r, nil, nil)
	}
}
