package source_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/importer/source"
)

// A file is opened, surveyed, and read row by row; a refused row is written back as it was.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "users.csv")
	if err := os.WriteFile(path, []byte("ID;Name\n1;Ada\n2;Doe; Jane\n"), 0o600); err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	file, err := source.Open(ctx, source.Options{Path: path})
	if err != nil {
		log.Fatal(err)
	}
	survey, err := file.Survey(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(survey.Rows, survey.Columns, survey.Pinned.Delimiter, survey.Pinned.Encoding, survey.Pinned.HeaderRow)

	rejects := file.Rejects(os.Stdout)
	if err := rejects.Begin(); err != nil {
		log.Fatal(err)
	}
	for row, err := range file.Rows(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		if row.Bad == nil {
			fmt.Println(row.Number, row.Line, row.Cells[1].Text)
			continue
		}
		if err := rejects.Write(row, "", row.Bad.Code, row.Bad.Message); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// 2 [ID Name] ; UTF-8 1
	// ID;Name;attio_row;attio_column;attio_code;attio_error;attio_raw
	// 1 2 Ada
	// ;;2;;CSV012;has 3 cells where the header has 2;"2;Doe; Jane"
}
