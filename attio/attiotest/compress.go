package attiotest

import (
	"bytes"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// smallest is the body size from which Attio compresses ("from about 140–236 bytes up").
const smallest = 200

// acceptsGzip tells whether the client asked for compression; Go's transport does so unless told otherwise.
func acceptsGzip(h http.Header) bool {
	return strings.Contains(h.Get("Accept-Encoding"), "gzip")
}

// writers saves making a compressor, which is large, for each answer.
var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

// compress is quick rather than small: the sandbox shares its machine with the client.
func compress(b []byte) []byte {
	var out bytes.Buffer
	w := writers.Get().(*gzip.Writer)
	defer writers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(b) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}
