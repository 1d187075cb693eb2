package report_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/importer/report"
)

// A report is a CSV file of struct-tagged rows that is replaced when all its rows are known.
func ExampleReplaceTable() {
	root, err := os.MkdirTemp("", "example-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)
	type line struct {
		Row    int    `csv:"row"`
		Result string `csv:"result"`
	}
	name := filepath.Join(root, "undo.csv")
	err = report.ReplaceTable(name, func(add func(...line) error) error {
		return add(line{1, "deleted"}, line{2, "kept"})
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := os.ReadFile(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// row,result
	// 1,deleted
	// 2,kept
}
