package charset_test

import (
	"bytes"
	"fmt"
	"io"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

// What a file's bytes are is shown by its mark, or else by all of them.
func Example() {
	for _, file := range []string{"\xff\xfeK\x00\xf6\x00l\x00n\x00", "Stadt;K\xf6ln\n", "Stadt;K\xc3\xb6ln\n"} {
		encoding, ok := charset.Marked([]byte(file))
		if !ok {
			encoding = charset.UTF8
		}
		_, err := io.ReadAll(encoding.Reader(bytes.NewReader([]byte(file))))
		if err != nil {
			fmt.Println("the text is", err)
			var evidence charset.Evidence
			if _, _ = evidence.Write([]byte(file)); evidence.Western() {
				encoding = charset.Windows1252
			}
		}
		text, _ := io.ReadAll(encoding.Reader(bytes.NewReader([]byte(file))))
		fmt.Printf("%s: %q\n", encoding.Name, text)
	}
	// Output:
	// UTF-16LE: "Köln"
	// the text is not UTF-8: byte 0xf6 at offset 7
	// windows-1252: "Stadt;Köln\n"
	// UTF-8: "Stadt;Köln\n"
}
