package rawjson_test

import (
	"encoding/json"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// The values of an attribute, as a record has them.
var values = json.RawMessage(
	`[{"domain":"acme.com","root_domain":"acme.com"},{"domain":"shop.acme.com","root_domain":"acme.com"}]`)

func ExampleElements() {
	for value := range rawjson.Elements(values) {
		domain, _ := rawjson.Unquote(rawjson.Member(value, "domain"))
		fmt.Println(domain)
	}
	// Output:
	// acme.com
	// shop.acme.com
}

func ExampleMembers() {
	for name, value := range rawjson.Members(json.RawMessage(`{"value":12,"attribute_type":"number"}`)) {
		fmt.Println(name, string(value))
	}
	// Output:
	// value 12
	// attribute_type "number"
}

func ExampleReader() {
	r := rawjson.NewReader([]byte(`{"title":"Call","body":{"text":"…"}}`))
	defer r.Close()
	var title string
	err := r.Object(func(name []byte) (err error) {
		if string(name) != "title" {
			return r.Skip()
		}
		title, err = r.Text()
		return err
	})
	fmt.Println(title, err)
	// Output: Call <nil>
}
