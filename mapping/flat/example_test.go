package flat_test

import (
	"encoding/json"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

func ExampleNew() {
	s := &attio.Schema{Objects: []attio.Object{{Slug: "companies", Attributes: []attio.Attribute{
		{Slug: "name", Type: attio.TypeText}, {Slug: "domains", Type: attio.TypeDomain, Multi: true}}}}}
	f, err := flat.New(s, "companies", flat.Options{Columns: []string{"record_id", "name", "domains"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := &attio.Record{ID: "74179437-bcdc-48d0-b401-e569a1278368", Values: map[string]json.RawMessage{
		"name":    json.RawMessage(`[{"value":"Acme"}]`),
		"domains": json.RawMessage(`[{"domain":"acme.com"},{"domain":"acme.io"}]`)}}
	fmt.Println(f.Header())
	fmt.Println(f.Cells(nil, r, nil, nil))
	fmt.Println(string(f.AppendJSON(nil, r, nil, nil)))
	// Output:
	// [record_id name domains]
	// [74179437-bcdc-48d0-b401-e569a1278368 Acme acme.com;acme.io]
	// {"record_id":"74179437-bcdc-48d0-b401-e569a1278368","name":"Acme","domains":["acme.com","acme.io"]}
}
