package exporter_test

import (
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

// workspace is a sandbox with two users, and their schema.
func workspace(ctx context.Context) (*attio.Client, *attio.Schema) {
	server := attiotest.New(attiotest.Options{})
	for _, id := range []string{"ada", "bob"} {
		values := map[string]any{"user_id": id, "primary_email_address": id + "@example.com"}
		if _, err := server.Insert("users", values); err != nil {
			log.Fatal(err)
		}
	}
	client, err := attio.New(attio.Options{Key: attio.Secret(strings.Repeat("k", 64)), Transport: server.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	schema, err := client.Schema(ctx, "users")
	if err != nil {
		log.Fatal(err)
	}
	return client, schema
}

func ExampleRun() {
	ctx := context.Background()
	client, schema := workspace(ctx)
	manifest, err := exporter.Run(ctx, client, exporter.Options{
		Schema:  schema,
		Object:  "users",
		Columns: []string{"user_id", "primary_email_address"},
		Sort:    []exporter.SortKey{{Attribute: "user_id"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(manifest.Records, manifest.Verdict)
	// Output:
	// user_id,primary_email_address
	// ada,ada@example.com
	// bob,bob@example.com
	// 2 complete
}

func ExampleCheck() {
	dir, err := os.MkdirTemp("", "example-*")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	client, schema := workspace(ctx)
	out := filepath.Join(dir, "users.csv")
	if _, err := exporter.Run(ctx, client, exporter.Options{Schema: schema, Object: "users", Out: out}); err != nil {
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
