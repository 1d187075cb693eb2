package value

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

func TestCodes(t *testing.T) {
	for i, c := range Codes {
		require.Regexp(t, `^VAL\d{3}$`, c.Code)
		require.NotEmpty(t, c.Text)
		if i > 0 {
			require.Less(t, Codes[i-1].Code, c.Code)
		}
	}
	require.Len(t, codecs, 17)
	for _, a := range world.Schema().Object("every").Attributes {
		require.Contains(t, codecs, a.Type)
	}
	require.NotContains(t, codecs, attio.Type("unheard-of"))
}
