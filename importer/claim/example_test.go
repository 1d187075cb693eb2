package claim_test

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// The first row that holds a value owns it, until it gives it up.
func Example() {
	email := &attio.Attribute{Slug: "email_addresses"}
	table := claim.New(1000)
	key := table.Key(mapping.Key{Attr: email, Norm: "ada@example.com"})
	fmt.Println(table.Owner(key))
	table.Claim(key, 7)
	fmt.Println(table.Owner(key))
	table.Release([]claim.Key{key}, 7)
	fmt.Println(table.Owner(key))
	// Output:
	// 0
	// 7
	// 0
}
