package mapfile_test

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

func ExampleParse() {
	_, err := mapfile.Parse(
		"people.yaml", []byte("version: 1\ncolumns:\n  - column: Birthday\n    attribute: born\n    fromat: european\n"))
	fmt.Println(err)
	// Output:
	// people.yaml:5:5: unknown key "fromat"; did you mean "format"?
	//    2 | columns:
	//    3 |   - column: Birthday
	//    4 |     attribute: born
	// >  5 |     fromat: european
	//            ^
	//    6 |
}

func ExampleFile_YAML() {
	f := mapfile.File{Object: "people",
		Columns: []mapfile.Column{{Column: "Birthday", Attribute: "born", Format: "european", Blank: mapfile.BlankClear}}}
	fmt.Print(string(f.YAML()))
	// Output:
	// version: 1
	// object: people
	// columns:
	//   - column: Birthday
	//     attribute: born
	//     format: european
	//     blank: clear
}
