package delimited_test

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/delimited"
)

// A file of another program: apostrophes around cells, a backslash before one that belongs to the text.
func Example() {
	r := delimited.NewReader(
		strings.NewReader(`1;'It\'s; fine'`), delimited.Form{Comma: ';', Quote: '\'', Backslash: true})
	cells, err := r.Read()
	fmt.Printf("%q %v\n", cells, err)
	// Output: ["1" "It's; fine"] <nil>
}
