package mapping_test

import (
	"encoding/json"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

func schema() *attio.Schema {
	return &attio.Schema{Objects: []attio.Object{{Slug: "people", Attributes: []attio.Attribute{
		{Slug: "email_addresses", Title: "Email addresses", Type: attio.TypeEmailAddress, Unique: true, Multi: true, Writable: true},
		{Slug: "name", Title: "Name", Type: attio.TypePersonalName, Writable: true},
		{Slug: "born", Title: "Born", Type: attio.TypeDate, Writable: true},
	}}}}
}

func bind() (*mapping.Plan, error) {
	f, err := mapfile.Parse("people.yaml", []byte(`version: 1
object: people
columns:
  - {column: E-mail, attribute: email_addresses}
  - {column: Last name, attribute: name.last_name}
  - {column: Birthday, attribute: born, format: DD.MM.YYYY}
`))
	if err != nil {
		return nil, err
	}
	in := mapping.Input{Name: "people.csv", Columns: []string{"E-mail", "Last name", "Birthday"}}
	return mapping.Bind(f, in, schema(), mapping.BindOptions{})
}

// A mapping is bound once; then each row is converted, and what is refused says where and why.
func ExampleBind() {
	plan, err := bind()
	if err != nil {
		fmt.Println(err)
		return
	}
	var rec mapping.Record
	for _, cells := range [][]string{{"Ada@Example.com", "King", "10.12.1815"}, {"bob@", "", "31.11.2024"}} {
		row := &mapping.Row{Line: 2}
		for _, text := range cells {
			row.Cells = append(row.Cells, mapping.Cell{Text: text, Line: 2, Column: 1})
		}
		errs := plan.Values(row, &rec)
		for _, e := range errs {
			fmt.Println(e.Code, e)
		}
		if len(errs) == 0 {
			fmt.Println(string(plan.Encode(nil, rec.Fields)))
		}
	}
	// Output:
	// {"email_addresses":[{"email_address":"Ada@Example.com"}],"name":{"first_name":"","last_name":"King","full_name":"King"},"born":"1815-12-10"}
	// VAL040 2:1: column "E-mail": "bob@" is not an e-mail address
	// VAL022 2:1: column "Birthday": "31.11.2024" does not exist
}

// Only what differs is sent, and the parts of a name that the file does not fill keep what the record has.
func ExamplePlan_Change() {
	plan, err := bind()
	if err != nil {
		fmt.Println(err)
		return
	}
	var rec mapping.Record
	plan.Values(&mapping.Row{Cells: []mapping.Cell{{Text: "ada@example.com"}, {Text: "King"}, {Text: ""}}}, &rec)
	change := plan.Change(&rec, &attio.Record{Values: map[string]json.RawMessage{
		"email_addresses": json.RawMessage(`[{"email_address":"ada@example.com"}]`),
		"name":            json.RawMessage(`[{"first_name":"Ada","last_name":"Lovelace","full_name":"Ada Lovelace"}]`),
	}})
	fmt.Println(string(plan.Encode(nil, change.Fields)))
	for _, d := range change.Differences {
		fmt.Printf("%s: %s in the file, %s in Attio\n", d.Slug, d.File, d.Attio)
	}
	// Output:
	// {"name":{"first_name":"Ada","last_name":"King","full_name":"Ada King"}}
	// name.last_name: "King" in the file, "Lovelace" in Attio
}
