package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// oddOption is an option in a shape that this version does not know.
const oddOption = `{"choice":{"id":"x"},"attribute_type":"select"}`

func TestFieldOf(t *testing.T) {
	tags := world.Schema().Object("every").Attribute("tags")
	f, err := value.FieldOf(tags, []byte(`[`+world.Option(world.FreeID, "Free")+`]`))
	require.NoError(t, err)
	require.Equal(t, value.Field{Attr: tags, Replace: true, Values: []value.Value{{ID: world.FreeID, Text: "Free"}}}, f)
	for _, none := range []string{``, `null`, `[]`} {
		f, err = value.FieldOf(tags, []byte(none))
		require.NoError(t, err)
		require.Equal(t, value.Field{Attr: tags, Replace: true, Clear: true}, f, none)
	}
	for _, odd := range []string{`[` + oddOption + `]`, `[` + world.Option(world.FreeID, "Free") + `,` + oddOption + `]`,
		`{"option":"x"}`} {
		_, err = value.FieldOf(tags, []byte(odd))
		require.ErrorContains(t, err, "tags holds a value in a form that this version does not know", odd)
	}
	_, err = value.FieldOf(&attio.Attribute{Slug: "odd", Type: "hologram"}, []byte(`[{"value":1}]`))
	require.ErrorContains(t, err, "odd holds a value in a form that this version does not know")
}
