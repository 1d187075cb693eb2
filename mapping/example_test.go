package mapping_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func schema() *attio.Schema {
	return &attio.Schema{Objects: []attio.Object{{Slug: "people", Attributes: []attio.Attribute{
		{Slug: "email_addresses", Title: "Email addresses", Type: attio.TypeEmailAddress, Unique: true, Multi: true,
			Writable: true},
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
		row := &mapping.Row{Number: 1, Line: 2}
		for _, text := range cells {
			row.Cells = append(row.Cells, mapping.Cell{Text: text, Line: 2, Column: 1})
		}
		errs := plan.Values(row, &rec)
		for _, e := range errs {
			fmt.Println(e.Code, e)
		}
		if len(errs) == 0 {
			fmt.Println(string(plan.Encode(nil, rec.Fields[:1])))
			fmt.Println(string(plan.Encode(nil, rec.Fields[1:])))
		}
	}
	// Output:
	// {"email_addresses":[{"email_address":"Ada@Example.com"}]}
	// {"name":{"first_name":"","last_name":"King","full_name":"King"},"born":"1815-12-10"}
	// VAL040 2:1: row 1, column "E-mail": "bob@" is not an e-mail address
	// VAL022 2:1: row 1, column "Birthday": "31.11.2024" does not exist
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

// Without a mapping file, headers are matched to slugs and titles. Whatever does not fit is a problem, all of them at
// once, each with the lines that would help.
func ExampleBind_problems() {
	in := mapping.Input{Name: "people.csv", Columns: []string{"E-mail", "Birthday", "NAME: last name"}}
	_, err := mapping.Bind(nil, in, schema(), mapping.BindOptions{Object: "people"})
	var problems problem.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Println(p)
			for _, line := range p.Hint {
				fmt.Println("   " + line)
			}
		}
	}
	// Output:
	// people.csv: column "E-mail": no attribute of people has this slug or title; the nearest is "email_addresses"
	//      - column: E-mail
	//        attribute: email_addresses
	//    or: ignore: [E-mail]
	// people.csv: column "Birthday": no attribute of people has this slug or title
	//      - column: Birthday
	//        attribute: ATTRIBUTE
	//    or: ignore: [Birthday]
}

// Keys are the values of unique attributes, in the form in which Attio compares them.
func ExamplePlan_Keys() {
	plan, err := bind()
	if err != nil {
		fmt.Println(err)
		return
	}
	var rec mapping.Record
	plan.Values(&mapping.Row{Cells: []mapping.Cell{{Text: "Ada@Example.com; ada@example.org"}, {}, {}}}, &rec)
	for _, k := range plan.Keys(nil, &rec) {
		fmt.Printf("%s %s, in the file %s\n", k.Attr.Slug, k.Norm, k.Text)
	}
	// Output:
	// email_addresses ada@example.com, in the file Ada@Example.com
	// email_addresses ada@example.org, in the file ada@example.org
}

// Options that the mapping has created are named by the record; once they are made, a plan that knows them reads the
// row again.
func ExamplePlan_WithOptions() {
	tier := attio.Attribute{Slug: "tier", Title: "Tier", Type: attio.TypeSelect, Writable: true}
	s := &attio.Schema{Objects: []attio.Object{{Slug: "companies", Attributes: []attio.Attribute{tier}}}}
	f := &mapfile.File{Object: "companies",
		Columns: []mapfile.Column{{Column: "Tier", Attribute: "tier", Missing: value.MissingCreate}}}
	plan, err := mapping.Bind(f, mapping.Input{Name: "f.csv", Columns: []string{"Tier"}}, s, mapping.BindOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var rec mapping.Record
	row := &mapping.Row{Cells: []mapping.Cell{{Text: "Gold"}}}
	plan.Values(row, &rec)
	missing := rec.Fields[0].Values[0]
	fmt.Println(plan.Creates(), missing.Missing, missing.Text)

	plan = plan.WithOptions(rec.Fields[0].Attr, attio.Option{ID: "0001", Title: "Gold"})
	plan.Values(row, &rec)
	fmt.Println(string(plan.Encode(nil, rec.Fields)))
	// Output:
	// true true Gold
	// {"tier":{"option":"0001"}}
}
