package dialect_test

import (
	"encoding/json"
	"fmt"

	"github.com/attio-bulk/attio-bulk/importer/source/dialect"
)

// Only what somebody said is kept.
func Example() {
	text, _ := json.Marshal(dialect.Dialect{Delimiter: "tab", Encoding: "windows-1252"})
	fmt.Println(string(text))
	// Output: {"delimiter":"tab","encoding":"windows-1252"}
}
