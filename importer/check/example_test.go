package check_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/check"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
)

func ExampleFile() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "users.csv")
	if err := os.WriteFile(path, []byte("Email,Seats\nada@example.com,12\nbob@,7\nADA@example.com,3\n"),
		0o600); err != nil {
		log.Fatal(err)
	}
	schema := &attio.Schema{Objects: []attio.Object{{Slug: "users", Attributes: []attio.Attribute{
		{Slug: "email", Title: "Email", Type: attio.TypeEmailAddress, Writable: true, Unique: true},
		{Slug: "seats", Title: "Seats", Type: attio.TypeNumber, Writable: true},
	}}}}

	ctx := context.Background()
	file, err := source.Open(ctx, source.Options{Path: path})
	if err != nil {
		log.Fatal(err)
	}
	report, err := check.File(ctx, file, func(s source.Survey) (*mapping.Plan, error) {
		return mapping.Bind(nil, file.Describe("users.csv", s), schema, mapping.BindOptions{Object: "users"})
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d of %d rows would be sent\n", report.Importable, report.Rows)
	for _, f := range append(report.Errors, report.InFile...) {
		fmt.Println(f.Code, f.Examples[0].Line, f.Examples[0].Text)
	}
	// Output:
	// 1 of 3 rows would be sent
	// VAL040 3 "bob@" is not an e-mail address
	// DUP001 4 "ADA@example.com" is in row 1 (line 2) already
}
