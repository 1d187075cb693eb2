package durable_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/durable"
)

func ExampleReplace() {
	dir, err := os.MkdirTemp("", "example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "state.json")
	if err := durable.Replace(name, strings.NewReader(`{"rows": 3}`)); err != nil {
		fmt.Println(err)
		return
	}
	text, err := os.ReadFile(name)
	fmt.Println(string(text), err)
	// Output: {"rows": 3} <nil>
}
