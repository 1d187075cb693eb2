package exporter_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/exporter"
)

// workspace is a sandbox with two users, a client of it, and a folder.
func workspace() (*attiotest.Server, *attio.Client, string) {
	server := attiotest.New(attiotest.Options{})
	for _, id := range []string{"ada", "bob"} {
		insert(server, id)
	}
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

func insert(server *attiotest.Server, id string) {
	values := map[string]any{"user_id": id, "primary_email_address": id + "@example.com"}
	if _, err := server.Insert("users", values); err != nil {
		log.Fatal(err)
	}
}

func show(name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(text))
}

// All users go to a file, whose columns and order are named. Beside it lies its manifest.
func ExampleRun() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "users.csv")
	manifest, err := exporter.Run(context.Background(), client, exporter.Options{
		Object:  "users",
		Out:     out,
		Columns: []string{"user_id", "primary_email_address"},
		Sort:    []exporter.SortKey{{Attribute: "user_id"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	show(out)
	fmt.Println(manifest.Records, manifest.Verdict)
	// Output:
	// user_id,primary_email_address
	// ada,ada@example.com
	// bob,bob@example.com
	// 2 complete
}

// Where no file is named, the records go to any writer, once they are proven to be all.
func ExampleRun_memory() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	var lines bytes.Buffer
	_, err := exporter.Run(context.Background(), client, exporter.Options{
		Format: "jsonl", Stdout: &lines, Columns: []string{"user_id"}, Filter: []byte(`{"user_id":"ada"}`),
	})
	fmt.Println(lines.String(), err)
	// Output:
	// {"user_id":"ada"}
	//  <nil>
}

// Every night's export also says what is new since the one before.
func ExampleRun_changes() {
	server, client, dir := workspace()
	defer os.RemoveAll(dir)
	ctx, columns := context.Background(), []string{"record_id", "user_id"}
	monday, tuesday := filepath.Join(dir, "monday.csv"), filepath.Join(dir, "tuesday.csv")
	if _, err := exporter.Run(ctx, client, exporter.Options{Out: monday, Columns: columns}); err != nil {
		log.Fatal(err)
	}
	insert(server, "cyd")
	manifest, err := exporter.Run(ctx, client, exporter.Options{
		Out: tuesday, Columns: columns, ChangesSince: monday, MinRecords: "90%",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(filepath.Base(manifest.ChangesPath), manifest.Since.Added, manifest.Since.Changed, manifest.Since.Deleted)
	// Output: tuesday.csv.changes.jsonl 1 0 0
}

// Several objects are read side by side, and come in their order. One that fails keeps no other from being written.
func ExampleEach() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	var all []exporter.Options
	for _, object := range []string{"companies", "nothing", "users"} {
		all = append(all, exporter.Options{Object: object, Out: filepath.Join(dir, "{object}.csv.gz")})
	}
	for manifest, err := range exporter.Each(context.Background(), client, all) {
		if err != nil {
			fmt.Println("failed")
			continue
		}
		fmt.Println(filepath.Base(manifest.Path), manifest.Records)
	}
	// Output:
	// companies.csv.gz 0
	// failed
	// users.csv.gz 2
}

// A file is held against the manifest beside it, long after it was written.
func ExampleCheck() {
	_, client, dir := workspace()
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "users.csv")
	if _, err := exporter.Run(context.Background(), client, exporter.Options{Out: out}); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(out, []byte("record_id\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	result, err := exporter.Check(out)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.OK(), result.Records, "of", result.Manifest.Records)
	// Output: false 0 of 2
}

func ExampleParseSort() {
	keys, err := exporter.ParseSort("mrr:desc,user_id")
	fmt.Println(keys, err)
	// Output: [mrr:desc user_id:asc] <nil>
}
