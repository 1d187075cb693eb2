package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// inputFlags say what the input is; import, mapping init and mapping check share them.
type inputFlags struct {
	source.Dialect
	flags     *pflag.FlagSet
	temporary string // the folder of a copy of standard input
}

func (f *inputFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.StringVar(&f.Format, "format", "",
		"the input's `FORMAT`: csv, tsv, jsonl, json, xlsx (default by name, then content)")
	flags.StringVar(&f.Delimiter, "delimiter", "", "the input's delimiter, one `CHAR` or the word tab (default detected)")
	flags.StringVar(&f.Encoding, "encoding", "", "the input's encoding, a `LABEL` such as windows-1252 (default detected)")
	flags.StringVar(&f.Sheet, "sheet", "", "the sheet of an .xlsx file, by `NAME` or number from 1 (default the first)")
	flags.BoolVar(&f.Spreadsheet, "for-spreadsheet", false,
		"the input was made by export --for-spreadsheet: take off the apostrophes that it put before formulas (default as "+
			"the file's manifest says)")
}

// open opens an input, to be read with a mapping where there is one. Whether it was exported for a spreadsheet is not
// left to memory: an apostrophe that stayed would be written to Attio, and one more with each round. Standard input is
// copied, so that it can be read twice; close removes the copy.
func (f *inputFlags) open(ctx context.Context, path string, file *mapfile.File) (*source.File, error) {
	o := source.Options{Dialect: f.Dialect, Path: path, Mapping: file}
	if path == "-" {
		dir, err := os.MkdirTemp("", "attio-bulk-") // 0700
		if err != nil {
			return nil, err
		}
		f.temporary, o.Spool = dir, filepath.Join(dir, "input")
	}
	o.Columns = exporter.ColumnsOfNone(path)
	if f.flags == nil || !f.flags.Changed("for-spreadsheet") {
		o.Spreadsheet = exporter.MadeForSpreadsheet(path) || rejectsOfSpreadsheet(path)
	}
	in, err := source.Open(ctx, o)
	return in, startError(err)
}

func (f *inputFlags) close() error {
	if f.temporary == "" {
		return nil
	}
	return os.RemoveAll(f.temporary)
}

// rejectsOfSpreadsheet says whether a file is the rejects of a run whose input was made for a spreadsheet: they have
// its cells as they were.
func rejectsOfSpreadsheet(path string) bool {
	dir, name := filepath.Split(path)
	if name != "rejects.csv" {
		return false
	}
	info, _, err := journal.Load(filepath.Clean(dir))
	return err == nil && info.Spreadsheet
}
