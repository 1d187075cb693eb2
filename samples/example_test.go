package samples_test

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/samples"
)

// A program reads the files of the demo as it reads any others.
func Example() {
	text, err := samples.Files.ReadFile("users.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := mapfile.Parse("users.yaml", text)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Object)
	for _, c := range f.Columns[:3] {
		fmt.Println(c.Flow())
	}
	// Output:
	// users
	// {column: User ID, attribute: user_id, transform: [trim]}
	// {column: E-mail, attribute: primary_email_address}
	// {column: First name, attribute: full_name.first_name}
}
