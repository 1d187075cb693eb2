package importer_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// workspace is a sandbox, a client of it, and a folder.
func workspace() (*attiotest.Server, *attio.Client, string) {
	server := attiotest.New(attiotest.Options{})
	client, err := attio.New(attio.Options{Key: attio.Secret(strings.Repeat("k", 64)), Transport: server.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "example-*")
	if err != nil {
		log.Fatal(err)
	}
	return server, client, dir
}

func write(name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
}

// A file whose headers are the titles of attributes needs no mapping. Its second u1 is a conflict, which is no error.
func ExampleRun() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "users.csv")
	write(file, "User ID,Primary email address\nu1,ada@example.com\nu2,grace@example.com\nu1,other@example.com\n")
	summary, err := importer.Run(context.Background(), client, importer.Options{
		In: source.Options{Path: file}, RunDir: filepath.Join(dir, "run"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("read %d, created %d, conflicts %d\n", summary.Rows.Read, summary.Rows.Created, summary.Rows.Conflict)
	// Output: read 3, created 2, conflicts 1
}

// Rows of a program, here those of a shop's database, update the users that are there and create the others.
func ExampleRun_memory() {
	server, client, dir := workspace()
	defer os.RemoveAll(dir)
	_, err := server.Insert("users", map[string]any{"user_id": "7", "primary_email_address": "old@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	type customer struct {
		Number int    `json:"number"`
		Email  string `json:"e-mail"`
	}
	customers := []customer{{7, "ada@example.com"}, {8, "bob@example.com"}}
	summary, err := importer.Run(context.Background(), client, importer.Options{
		In: source.Objects("customers", source.Slice(customers)),
		Mapping: &mapfile.File{Columns: []mapfile.Column{
			{Column: "number", Attribute: "user_id"}, {Column: "e-mail", Attribute: "primary_email_address"},
		}},
		Mode: mapping.Upsert, Match: "user_id", RunDir: filepath.Join(dir, "run"),
	})
	fmt.Println(summary.Rows.Updated, summary.Rows.Created, err)
	// Output: 1 1 <nil>
}

// What the import will do is known before it writes: here, that a column is nowhere to go.
func ExamplePrepare() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	rows := [][]string{{"User ID", "Primary email address", "Shoe size"}, {"u1", "ada@example.com", "38"}}
	table := source.Table("users", source.Slice(rows))
	_, err := importer.Prepare(context.Background(), client, importer.Options{In: table})
	fmt.Println(err)

	i, err := importer.Prepare(context.Background(), client, importer.Options{
		In: table,
		Mapping: &mapfile.File{
			Columns: []mapfile.Column{
				{Column: "User ID", Attribute: "user_id"},
				{Column: "Primary email address", Attribute: "primary_email_address"},
			},
			Ignore: []string{"Shoe size"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close()
	fmt.Println(i.Survey.Rows, i.Plan.Object.Slug)
	// Output:
	// users: column "Shoe size": no attribute of users has this slug or title
	// 1 users
}

// An import that was stopped is resumed, by another process if need be.
func ExampleResume() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	file, run := filepath.Join(dir, "users.csv"), filepath.Join(dir, "run")
	write(file, "User ID,Primary email address\nu1,ada@example.com\nu2,\nu3,\nu4,bob@example.com\n")
	_, err := importer.Run(context.Background(), client, importer.Options{
		In: source.Options{Path: file}, RunDir: run,
		Common: importer.Common{MaxRejects: journal.MaxRejects{Set: true, Rows: 1}},
	})
	stop, stopped := errors.AsType[*importer.Stop](err)
	fmt.Println(stop, stopped)

	held, err := journal.Open(run)
	if err != nil {
		log.Fatal(err)
	}
	defer held.Close()
	summary, err := importer.Resume(context.Background(), client, held, importer.ResumeOptions{
		Common: importer.Common{MaxRejects: journal.MaxRejects{Set: true, Rows: 100}},
	})
	fmt.Println(summary.Rows.Created, summary.Rows.Rejected, summary.Finished, err)
	// Output:
	// 2 rows rejected, more than the limit of 1 true
	// 2 2 true <nil>
}

// A run is held against what Attio has by now.
func ExampleVerify() {
	server, client, dir := workspace()
	defer os.RemoveAll(dir)
	rows := [][]string{{"User ID", "Primary email address"}, {"u1", "ada@example.com"}, {"u2", "bob@example.com"}}
	summary, err := importer.Run(context.Background(), client, importer.Options{
		In: source.Table("users", source.Slice(rows)), RunDir: filepath.Join(dir, "run"),
	})
	if err != nil {
		log.Fatal(err)
	}
	bob := server.Find("users", "user_id", "u2")[0]
	if err := server.Set("users", bob.ID, map[string]any{"user_id": "u3"}); err != nil {
		log.Fatal(err)
	}
	held, err := journal.Open(summary.RunDir)
	if err != nil {
		log.Fatal(err)
	}
	defer held.Close()
	verified, err := importer.Verify(context.Background(), client, held, importer.VerifyOptions{})
	fmt.Println(verified.Same, verified.Different, err)
	for _, d := range verified.Shown {
		fmt.Printf("line %d: %s is %s, and %s in the file\n", d.Line, d.Slug, d.Attio, d.File)
	}
	// Output:
	// 1 1 <nil>
	// line 3: user_id is "u3", and "u2" in the file
}
