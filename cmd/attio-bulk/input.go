package main

import (
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
)

// inputFlags say what the input is; import, mapping init and mapping check share them.
type inputFlags struct {
	format, delimiter, encoding, sheet string
	spreadsheet                        bool
	flags                              *pflag.FlagSet
}

func (f *inputFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.StringVar(&f.format, "format", "", "the input's `FORMAT`: csv, tsv, jsonl, json, xlsx (default by name, then content)")
	flags.StringVar(&f.delimiter, "delimiter", "", "the input's delimiter, one `CHAR` or the word tab (default detected)")
	flags.StringVar(&f.encoding, "encoding", "", "the input's encoding, a `LABEL` such as windows-1252 (default detected)")
	flags.StringVar(&f.sheet, "sheet", "", "the sheet of an .xlsx file, by `NAME` or number from 1 (default the first)")
	flags.BoolVar(&f.spreadsheet, "for-spreadsheet", false, "the input was made by export --for-spreadsheet: take off the apostrophes that it put before formulas (default as the file's manifest says)")
}

// options are the flags for one input. Whether it was exported for a spreadsheet is not left to memory: an apostrophe that stayed would be
// written to Attio, and one more with each round.
func (f *inputFlags) options(path string) importer.InputOptions {
	o := importer.InputOptions{Path: path, Format: f.format, Delimiter: f.delimiter, Encoding: f.encoding, Sheet: f.sheet, Spreadsheet: f.spreadsheet}
	o.Columns = exporter.ColumnsOfNone(path)
	if f.flags == nil || !f.flags.Changed("for-spreadsheet") {
		o.Spreadsheet = exporter.MadeForSpreadsheet(path) || rejectsOfSpreadsheet(path)
	}
	return o
}

// rejectsOfSpreadsheet says whether a file is the rejects of a run whose input was made for a spreadsheet: they have its cells as they were.
func rejectsOfSpreadsheet(path string) bool {
	dir, name := filepath.Split(path)
	if name != "rejects.csv" {
		return false
	}
	info, _, err := importer.LoadRun(filepath.Clean(dir))
	return err == nil && info.Spreadsheet
}
