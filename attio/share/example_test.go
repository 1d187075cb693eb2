package share_test

import (
	"fmt"
	"os"

	"github.com/attio-bulk/attio-bulk/attio/share"
)

// Two processes share 25 writes a second. The one that came later gets its part from the next second on; when the
// first has ended, the second one soon has all to itself.
func Example() {
	folder, err := os.MkdirTemp("", "share-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	first, second := share.Open(folder, "workspace"), share.Open(folder, "workspace")

	a, _ := first.Claim("writes", 1000, 25, 25)
	b, _ := second.Claim("writes", 1000, 25, 25)
	fmt.Println("second 1000:", a, "and", b)
	a, _ = first.Claim("writes", 1001, 10, 25) // it has only ten left
	b, _ = second.Claim("writes", 1001, 25, 25)
	fmt.Println("second 1001:", a, "and", b)
	b, _ = second.Claim("writes", 1004, 25, 25)
	fmt.Println("second 1004:", b)
	// Output:
	// second 1000: 25 and 0
	// second 1001: 10 and 15
	// second 1004: 25
}
