package importer_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/source"
)

// A whole program: a CSV file goes into a workspace, here one in memory, and comes out again.
func Example() {
	fmt.Println(program(context.Background()))
	// Output:
	// 2 created, 0 rejected
	// user_id,primary_email_address
	// u1,ada@example.com
	// u2,bob@example.com
	// complete <nil>
}

func program(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "program-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "users.csv")
	text := "User ID,Primary email address\nu1,ada@example.com\nu2,bob@example.com\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	client, err := attio.New(attio.Options{
		Key: attio.Secret(strings.Repeat("k", 64)), Transport: attiotest.New(attiotest.Options{}).Transport(),
	})
	if err != nil {
		return err
	}
	summary, err := importer.Run(ctx, client, importer.Options{
		In: source.Options{Path: file}, RunDir: filepath.Join(folder, "run"),
	})
	if err != nil {
		return err
	}
	fmt.Println(summary.Rows.Created, "created,", summary.Rows.Rejected, "rejected")
	var out bytes.Buffer
	manifest, err := exporter.Run(ctx, client, exporter.Options{
		Stdout: &out, Columns: []string{"user_id", "primary_email_address"}, Sort: []exporter.SortKey{{Attribute: "user_id"}},
	})
	fmt.Print(out.String(), manifest.Verdict, " ")
	return err
}
