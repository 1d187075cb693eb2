package phone_test

import (
	"errors"
	"fmt"

	"github.com/attio-bulk/attio-bulk/mapping/value/phone"
)

// A number in its international form needs no country; a national one does.
func ExampleParse() {
	for _, text := range []string{"+44 20 7946 0958", "020 7946 0958"} {
		number, err := phone.Parse(text, "GB")
		fmt.Println(number.E164, number.Region, err)
	}
	_, err := phone.Parse("020 7946 0958", "")
	fmt.Println(errors.Is(err, phone.ErrSyntax))
	_, err = phone.Parse("+44 20 7946 0958 0958", "")
	fmt.Println(errors.Is(err, phone.ErrInvalid))
	// Output:
	// +442079460958 GB <nil>
	// +442079460958 GB <nil>
	// true
	// true
}
