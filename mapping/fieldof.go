package mapping

import (
	"encoding/json"

	"github.com/attio-bulk/attio-bulk/attio"
)

// FieldOf is the field whose writing gives an attribute the values that a record had: raw is the array of values as the API answered it.
// An empty array clears. References and options stand by their ids.
func FieldOf(a *attio.Attribute, raw json.RawMessage) (Field, error) {
	f := Field{Attr: a, Replace: true, Values: decodeAll(a, raw)}
	f.Clear = len(f.Values) == 0
	return f, nil
}
