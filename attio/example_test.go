package attio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// sandboxed is a client of an Attio in memory; with Transport left out it would be the real one's.
func sandboxed() *attio.Client {
	c, err := attio.New(attio.Options{Key: key, Transport: attiotest.New(attiotest.Options{}).Transport()})
	if err != nil {
		panic(err)
	}
	return c
}

func Example() {
	ctx, c := context.Background(), sandboxed()
	for _, values := range []string{
		`{"name":"Acme","domains":["acme.com"]}`,
		`{"name":"Acme again","domains":["acme.com"]}`,
	} {
		_, err := c.CreateRecord(ctx, "companies", json.RawMessage(values), nil)
		var e *attio.Error
		switch {
		case errors.Is(err, attio.ErrConflict) && errors.As(err, &e):
			fmt.Println("taken: a value of", e.Attribute)
		case attio.ClassOf(err) == attio.Unknown:
			fmt.Println("may be done: look before sending it again")
		case err != nil:
			fmt.Println(err)
			return
		}
	}
	for record, err := range c.Records(ctx, "companies", attio.Query{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for name := range rawjson.Elements(record.Values["name"]) {
			fmt.Println(string(rawjson.Member(name, "value")))
		}
	}
	// Output:
	// taken: a value of domains
	// "Acme"
}

func ExampleClient_UpdateRecord() {
	ctx, c := context.Background(), sandboxed()
	made, err := c.CreateRecord(ctx, "companies", json.RawMessage(`{"domains":["acme.com"]}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	domains := func(w attio.Written, err error) {
		n := 0
		for range rawjson.Elements(w.Record.Values["domains"]) {
			n++
		}
		fmt.Println(n, err)
	}
	other := json.RawMessage(`{"domains":["acme.org"]}`)
	domains(c.UpdateRecord(ctx, "companies", made.Record.ID, other, nil))  // adds
	domains(c.ReplaceRecord(ctx, "companies", made.Record.ID, other, nil)) // replaces
	// Output:
	// 2 <nil>
	// 1 <nil>
}

func ExampleClient_ReadPage() {
	ctx, c := context.Background(), sandboxed()
	var page attio.Page // whose memory every answer uses again
	for q := (attio.Query{Limit: 100}); ; q.Offset += len(page.Records) {
		if err := c.ReadPage(ctx, "people", q, &page); err != nil {
			fmt.Println(err)
			return
		}
		if len(page.Records) == 0 {
			break
		}
	}
	fmt.Println("read to the end")
	// Output: read to the end
}

func ExampleClient_Do() {
	var notes struct {
		Data []struct {
			Title string `json:"title"`
		} `json:"data"`
	}
	_, err := sandboxed().Do(context.Background(), attio.Call{
		Method: "GET", Path: "/v2/notes", Query: url.Values{"limit": {"10"}},
	}, &notes)
	fmt.Println(len(notes.Data), err)
	// Output: 0 <nil>
}

func ExampleAssumptions() {
	a := attio.Assumptions()[0]
	fmt.Println(a.Name + ": " + a.Text)
	// Output: filter-values: a filter may hold 100 values, all its conditions together
}
