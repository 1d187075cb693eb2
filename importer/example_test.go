package importer_test

import (
	"context"
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
)

// A file of two users and a double goes into a fake Attio; then it is held against what Attio has.
func ExampleRun() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	text := "User ID,Primary email address\nu1,ada@example.com\nu2,grace@example.com\nu1,other@example.com\n"
	if err := os.WriteFile(filepath.Join(folder, "users.csv"), []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
	if err := importUsers(context.Background(), folder); err != nil {
		log.Fatal(err)
	}
	// Output:
	// read 3, created 2, conflicts 1
	// as the file says: 2
}

func importUsers(ctx context.Context, folder string) error {
	server := attiotest.New(attiotest.Options{})
	client, err := attio.New(attio.Options{Key: attio.Secret(strings.Repeat("k", 64)), Transport: server.Transport()})
	if err != nil {
		return err
	}
	in, err := source.Open(ctx, source.Options{Path: filepath.Join(folder, "users.csv")})
	if err != nil {
		return err
	}
	survey, err := in.Survey(ctx)
	if err != nil {
		return err
	}
	schema, err := client.Schema(ctx, "users")
	if err != nil {
		return err
	}
	plan, err := mapping.Bind(nil, mapping.Input{Name: "users.csv", Columns: survey.Columns}, schema,
		mapping.BindOptions{Object: "users"})
	if err != nil {
		return err
	}
	dir, err := journal.Create(filepath.Join(folder, "run"), "users")
	if err != nil {
		return err
	}
	defer dir.Close()
	sum, err := importer.Run(ctx, importer.Options{
		Common: importer.Common{Client: client, Dir: dir}, Plan: plan, Input: in, Survey: survey,
	})
	if err != nil {
		return err
	}
	fmt.Printf("read %d, created %d, conflicts %d\n", sum.Rows.Read, sum.Rows.Created, sum.Rows.Conflict)
	verified, err := importer.Verify(ctx, importer.VerifyOptions{Client: client, Schema: schema, Dir: dir})
	fmt.Println("as the file says:", verified.Same)
	return err
}
