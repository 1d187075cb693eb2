package attiotest

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// smallest is the body size from which Attio compresses ("from about 140–236 bytes up").
const smallest = 200

// writers saves making a compressor, which is large, for each answer.
var writers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

// pack gives an answer its length on the wire, and compresses it where the client asked for that, as Go's transport
// does unless told otherwise: quick rather than small, since the sandbox shares its machine with the client.
func (a *answer) pack(r *http.Request) {
	if len(a.body) >= smallest && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var out bytes.Buffer
		w := writers.Get().(*gzip.Writer)
		defer writers.Put(w)
		w.Reset(&out)
		_, _ = w.Write(a.body) // a buffer takes everything
		_ = w.Close()
		a.body = out.Bytes()
		a.header.Set("Content-Encoding", "gzip")
	}
	a.header.Set("Content-Length", strconv.Itoa(len(a.body)))
}
