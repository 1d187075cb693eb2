package world_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

// The workspace has an attribute of each type, and the record a value of each that a record may hold.
func TestEveryTypeIsThere(t *testing.T) {
	schema := world.Schema()
	every := schema.Object("every")
	require.NotNil(t, every)
	types, held := map[attio.Type]bool{}, 0
	values := world.Everything().Values
	for _, a := range every.Attributes {
		types[a.Type] = true
		if len(values[a.Slug]) > 0 {
			held++
		}
	}
	require.GreaterOrEqual(t, len(types), 15)
	require.Equal(t, len(values), held, "the record has values of attributes that are not there")
	require.Panics(t, func() { world.Decode[attio.Schema]([]byte("{")) })
}

// Values are given as the API answers them.
func ExampleHeld() {
	r := world.Held(map[string]string{"plan": "[" + world.Option(world.ProID, "Pro") + "]",
		"seats": world.Val(`"value":3`)})
	fmt.Println(r.ID == world.AdaID, len(r.Values))
	a := world.Attr("plan", "Plan", attio.TypeSelect, func(a *attio.Attribute) { a.Unique = true })
	fmt.Println(a.Slug, a.Type, a.Unique)
	// Output:
	// true 2
	// plan select true
}
