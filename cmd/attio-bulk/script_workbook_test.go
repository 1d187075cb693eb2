package main

import (
	"encoding/csv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// scriptWorkbook makes a workbook of sheets, each from a CSV file. A sheet whose name begins with "_" is hidden.
func scriptWorkbook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: workbook FILE SHEET=CSV…")
	}
	book := excelize.NewFile()
	defer book.Close()
	for i, one := range args[1:] {
		name, file, ok := strings.Cut(one, "=")
		if !ok {
			ts.Fatalf("%q is no SHEET=CSV", one)
		}
		_, err := book.NewSheet(name)
		ts.Check(err)
		rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(file))).ReadAll()
		ts.Check(err)
		for n, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, n+1)
			ts.Check(err)
			ts.Check(book.SetSheetRow(name, cell, &row))
		}
		if i == 0 {
			ts.Check(book.DeleteSheet("Sheet1"))
		}
		ts.Check(book.SetSheetVisible(name, !strings.HasPrefix(name, "_")))
	}
	ts.Check(book.SaveAs(ts.MkAbs(args[0])))
}
