package propose_test

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

func ExamplePropose() {
	s := &attio.Schema{Objects: []attio.Object{{Slug: "people", Attributes: []attio.Attribute{
		{Slug: "email_addresses", Title: "Email addresses", Type: attio.TypeEmailAddress, Unique: true, Multi: true,
			Writable: true},
		{Slug: "born", Title: "Born", Type: attio.TypeDate, Writable: true}}}}}
	mail, born := propose.NewProfile("Mail"), propose.NewProfile("Born")
	for i, row := range [][]string{{"ada@example.com", "10/12/1815"}, {"bob@example.com", "03/04/1990"}} {
		mail.Add(&mapping.Cell{Text: row[0], Line: int32(i + 2)})
		born.Add(&mapping.Cell{Text: row[1], Line: int32(i + 2)})
	}
	p, err := propose.Propose(
		mapping.Input{Name: "people.csv", Columns: []string{"Mail", "Born"}}, []*propose.Profile{mail, born}, s,
		propose.Options{Object: "people"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range p.Asks() {
		fmt.Println(s.Header+":", s.Ask)
		for _, a := range s.Answers {
			fmt.Println(" ", a.Column.Format+":", a.Text)
		}
	}
	// Output:
	// Born: all 2 dates fit both orders, such as "10/12/1815"
	//   european: 10/12/1815 is 10 December 1815
	//   american: 10/12/1815 is 12 October 1815
}
