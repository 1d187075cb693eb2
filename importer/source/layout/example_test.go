package layout_test

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/importer/source/layout"
)

// A title stands above the header; below it, a line of units has to be asked about.
func ExampleFind() {
	rows := []layout.Row{
		{Line: 1, Cells: []string{"Our products", "", ""}},
		{Line: 3, Cells: []string{"Name", "Weight", "Price"}, Gap: true},
		{Line: 4, Cells: []string{"Box", "12", "3.50"}},
		{Line: 5, Cells: []string{"Bag", "1", "2.50"}},
	}
	found := layout.Find(rows, nil)
	fmt.Println(found.Header, found.Notes)

	units := layout.Row{Line: 4, Cells: []string{"", "kg", "EUR"}}
	found = layout.Find([]layout.Row{rows[1], units, rows[2], rows[3]}, nil)
	fmt.Println(found.Doubt)
	for _, reading := range found.Read {
		fmt.Println(reading.Header, reading.Means)
	}
	// Output:
	// 3 [the header is line 3; left out above it: line 1 ("Our products")]
	// line 4 seems to hold units ("kg", "EUR"), not values
	// 3-4 line 4 belongs to the header: "Weight kg"
	// 3 line 4 is the first row
}
