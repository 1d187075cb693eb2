package mapping

import (
	"encoding/json"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
)

// FieldOf is the field whose writing gives an attribute the values that a record had: raw is the array of values as the API answered it.
// An empty array clears. References and options stand by their ids. A value in a form that this version does not know is an error, since
// to write the others would remove it.
func FieldOf(a *attio.Attribute, raw json.RawMessage) (Field, error) {
	f := Field{Attr: a, Replace: true, Values: decodeAll(a, raw)}
	if hasOdd(f.Values) {
		return Field{}, fmt.Errorf("%s holds a value in a form that this version does not know", a.Slug)
	}
	f.Clear = len(f.Values) == 0
	return f, nil
}
