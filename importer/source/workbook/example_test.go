package workbook_test

import (
	"bytes"
	"fmt"
	"io"
	"log"

	"github.com/xuri/excelize/v2"

	"github.com/attio-bulk/attio-bulk/importer/source/workbook"
)

// A book is read sheet by sheet, each row by row.
func Example() {
	var file bytes.Buffer
	f := excelize.NewFile()
	_ = f.SetSheetRow("Sheet1", "A1", &[]any{"ID", "Active", "Seats"})
	_ = f.SetSheetRow("Sheet1", "A2", &[]any{"007", true, 12.5})
	if err := f.Write(&file); err != nil {
		log.Fatal(err)
	}

	book, err := workbook.Open(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		log.Fatal(err)
	}
	rows, err := book.Rows(book.Sheets[0])
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for {
		cells, err := rows.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range cells {
			fmt.Printf("%d:%d %s\n", c.Line, c.Column, c.Text)
		}
	}
	// Output:
	// 1:1 ID
	// 1:2 Active
	// 1:3 Seats
	// 2:1 007
	// 2:2 true
	// 2:3 12.5
}
