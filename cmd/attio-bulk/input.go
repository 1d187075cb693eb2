package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

// fileFlags say which file is read, how, and which object its rows become; import, mapping init and mapping check share
// them.
type fileFlags struct {
	client clientFlags
	input  source.Options

	object, schema       string
	mapping, mode, match string
	ignoreRest           bool
	given                []string       // the flags as they were typed, for the command that comes next
	root                 *cobra.Command // of all commands, for the flags that the next one has
	spreadsheetGiven     bool
	skipFooter           int
	preview              int // rows that a check shows as they would stand in Attio
}

// command is the command that help/NAME.txt describes, about one FILE: hint says which to name.
func (f *fileFlags) command(a *app, name string, do action, hint ...string) *cobra.Command {
	cmd := a.command(name, one("FILE", hint...), nil)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		f.input.Path = args[0]
		f.given, f.spreadsheetGiven = typedFlags(cmd.Flags()), cmd.Flags().Changed("for-spreadsheet")
		f.root = cmd.Root()
		if cmd.Flags().Changed("skip-footer") {
			f.input.SkipFooter = &f.skipFooter
		}
		if f.input.Path == "-" && a.in != nil {
			a.say("waiting for rows from this terminal: type or paste them, then press %s", endOfInput)
		}
		return do(cmd.Context(), a, args)
	}
	flags := cmd.Flags()
	flags.StringVar(&f.object, "object", "", "")
	flags.StringVar(&f.input.Format, "format", "", "")
	flags.StringVar(&f.input.Delimiter, "delimiter", "", "")
	flags.StringVar(&f.input.Encoding, "encoding", "", "")
	flags.StringVar(&f.input.Sheet, "sheet", "", "")
	f.addLayout(cmd)
	flags.BoolVar(&f.input.Spreadsheet, "for-spreadsheet", false, "")
	flags.BoolVar(&f.ignoreRest, "ignore-rest", false, "")
	completeFlag(cmd, "format", completeWords("csv", "tsv", "jsonl", "json", "xlsx"))
	completeFlag(cmd, "object", completeObjects(&f.client))
	completeFlag(cmd, "sheet", completeSheets)
	completeFlag(cmd, "encoding", completeWords(encodings...))
	completeFlag(cmd, "delimiter", completeWords(delimiters...))
	return cmd
}

// addMapping adds the flags that say how rows become records.
func (f *fileFlags) addMapping(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.mapping, "mapping", "", "")
	flags.StringVar(&f.mode, "mode", "create", "")
	flags.StringVar(&f.match, "match", "", "")
	completeFlag(cmd, "mapping", completeFiles("yaml", "yml"))
	completeFlag(cmd, "mode", completeWords("create", "upsert", "update"))
	completeFlag(cmd, "match", completeUnique(&f.client, &f.object))
}

// addSchema adds the flags of commands that can do without Attio.
func (f *fileFlags) addSchema(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.schema, "schema", "", "")
	f.client.add(cmd.Flags())
	completeFlag(cmd, "schema", completeFiles("json"))
}

// name is what the input is called in messages.
func (f *fileFlags) name() string {
	if f.input.Path == "-" {
		return "standard input"
	}
	return f.input.Path
}

// source is the input, to be read with a mapping where there is one. Whether it was exported for a spreadsheet is not
// left to memory: an apostrophe that stayed would be written to Attio, and one more with each round.
func (f *fileFlags) source(file *mapfile.File) source.Options {
	o := f.input
	o.Mapping, o.Columns = file, exporter.ColumnsOfNone(o.Path)
	if !f.spreadsheetGiven {
		o.Spreadsheet = exporter.MadeForSpreadsheet(o.Path) || rejectsOfSpreadsheet(o.Path)
	}
	return o
}

// open opens the input.
func (f *fileFlags) open(ctx context.Context, file *mapfile.File) (*source.File, error) {
	in, err := source.Open(ctx, f.source(file))
	return in, startError(f.undecided(err, file))
}

// endOfInput is what ends the input that is typed on a terminal.
var endOfInput = map[bool]string{false: "Ctrl-D", true: "Ctrl-Z and Enter"}[runtime.GOOS == "windows"]

// rejectsOfSpreadsheet reports whether a file is the rejects of a run whose input was made for a spreadsheet: they have
// its cells as they were.
func rejectsOfSpreadsheet(path string) bool {
	dir, name := filepath.Split(path)
	if name != "rejects.csv" {
		return false
	}
	info, _, err := journal.Load(filepath.Clean(dir))
	return err == nil && info.Spreadsheet
}

// objectOf is the object that the flags, the mapping or the default name.
func (f *fileFlags) objectOf(file *mapfile.File) string {
	if file == nil {
		file = &mapfile.File{}
	}
	return cmp.Or(f.object, file.Object, defaultObject)
}

// checkMode looks at the flags by themselves.
func (f *fileFlags) checkMode() error {
	mode := mapping.Mode(f.mode)
	if mode != mapping.Create && mode != mapping.Upsert && mode != mapping.Update {
		return fmt.Errorf("--mode %q is none of create, upsert, update", f.mode)
	}
	if mode == mapping.Create && f.match != "" {
		return errors.New("--match goes with --mode upsert or update; create looks at every unique attribute")
	}
	return nil
}

// bind binds a mapping to the input that is called name.
func (f *fileFlags) bind(file *mapfile.File, in *source.File, name string, s source.Survey, schema *attio.Schema) (
	*mapping.Plan, error) {
	plan, err := mapping.Bind(file, in.Describe(name, s), schema, mapping.BindOptions{Object: f.objectOf(file),
		Match: f.match, Mode: mapping.Mode(f.mode), IgnoreRest: f.ignoreRest})
	return plan, f.unbound(err)
}

// readMapping reads the mapping file; nil where none is named.
func (f *fileFlags) readMapping() (*mapfile.File, error) {
	if f.mapping == "" {
		return nil, nil
	}
	text, err := readNamed("mapping file", f.mapping)
	if err != nil {
		return nil, err
	}
	file, err := mapfile.Parse(f.mapping, text)
	if err != nil && isTable(f.mapping) {
		return nil, tableAsMapping(f.mapping) // nothing of it is shown
	}
	return file, err
}

// readNamed reads a file that a flag names; what says what it is to be.
func readNamed(what, name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = withHints(err, nearFiles(name)...)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", what, name, err)
	}
	return text, nil
}

// unmapped adds to what Bind says of a file without a mapping how to have one proposed.
func (f *importFlags) unmapped(err error) error {
	problems, _ := errors.AsType[problem.Problems](err)
	if f.proposal() == "" || !slices.ContainsFunc(problems, aboutColumn) {
		return err
	}
	return withHints(err, "to have a mapping file proposed for all columns: "+f.proposal())
}

// otherObject adds to what Bind says of a file whose object nobody named which object fits its columns better.
func (f *importFlags) otherObject(ctx context.Context, client *attio.Client, err error) error {
	problems, _ := errors.AsType[problem.Problems](err)
	if f.object != "" || f.mapping != "" || f.input.Path == "-" || !slices.ContainsFunc(problems, aboutColumn) {
		return err
	}
	in, failed := f.open(ctx, nil)
	if failed != nil {
		return err
	}
	defer in.Close()
	survey, failed := in.Begin(ctx)
	if failed != nil {
		return err
	}
	schema, failed := readAll(ctx, client)
	if failed != nil {
		return err
	}
	slug, names, here := propose.Better(survey.Columns, schema, defaultObject)
	if slug == "" {
		return err
	}
	return withHints(err, fmt.Sprintf(
		"the object is %s, since none was named, and %d of %s fit it; %d fit %s: add --object %s",
		defaultObject, here, count(len(survey.Columns), "column"), names, slug, slug))
}

// proposal is the command that proposes a mapping for the input; "" where there is a mapping, or no file to read twice.
func (f *importFlags) proposal() string {
	if f.mapping != "" || f.input.Path == "-" {
		return ""
	}
	return f.follow([]string{"mapping", "init"}, nil, []string{"--out=" + mappingName(f.input.Path)})
}

func aboutColumn(p problem.Problem) bool {
	return slices.ContainsFunc(p.Hint, func(line string) bool { return strings.Contains(line, "- column: ") })
}

// mappingName is what the mapping of a file is called where nobody has named it: users.csv.gz has users.yaml, in the
// current folder.
func mappingName(path string) string {
	name := filepath.Base(path)
	if at := strings.Index(name[1:], "."); at >= 0 {
		name = name[:at+1]
	}
	return name + ".yaml"
}

// tableAsMapping is the error of a file of rows where a mapping file should be named.
func tableAsMapping(path string) error {
	return &hinted{errors.New("mapping file " + path + ": a file of rows, not a mapping"),
		[]string{"a mapping file is YAML, and says what becomes of each column; to have one proposed: " +
			quoted("attio-bulk", "mapping", "init", path, "--out", mappingName(path))}}
}

// isTable reports whether a file's name is that of an input.
func isTable(path string) bool {
	return slices.Contains([]string{".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".gz", ".zst"},
		strings.ToLower(filepath.Ext(path)))
}
