package main

import (
	"cmp"
	"context"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/source/workbook"
	"github.com/attio-bulk/attio-bulk/mapping/flat"
)

// completionPatience is how long a person at a prompt waits for the names of objects.
const completionPatience = 3 * time.Second

type completer = func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective)

// firstArg offers what c does for the first argument of a command, and nothing for others.
func firstArg(c completer) completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return c(cmd, args, typed)
	}
}

// completeAsking offers what Attio answers: nothing without a key or an answer.
func completeAsking(f *clientFlags, ask func(context.Context, *attio.Client) []string) completer {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		c, err := f.open(nil)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completionPatience)
		defer cancel()
		return ask(ctx, c), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeObjects offers the slugs of the workspace's objects, each with its name.
func completeObjects(f *clientFlags) completer {
	return completeAsking(f, func(ctx context.Context, c *attio.Client) (names []string) {
		objects, _ := c.Objects(ctx)
		for _, o := range objects {
			names = append(names, cobra.CompletionWithDesc(printable(o.Slug), printable(o.Plural)))
		}
		return names
	})
}

// completeUnique offers the unique attributes of the object that another flag names.
func completeUnique(f *clientFlags, object *string) completer {
	return completeAsking(f, func(ctx context.Context, c *attio.Client) (names []string) {
		attributes, _ := c.Attributes(ctx, cmp.Or(*object, defaultObject), false)
		for _, t := range attributes {
			if t.Unique && t.Writable {
				names = append(names, cobra.CompletionWithDesc(printable(t.Slug), printable(t.Title)))
			}
		}
		return names
	})
}

// completeColumns offers the columns of an export of the object that another flag names.
func completeColumns(f *clientFlags, object *string) completer {
	return completeEach(completeAsking(f, func(ctx context.Context, c *attio.Client) []string {
		name := cmp.Or(*object, defaultObject)
		schema, err := c.AttributesOnly(ctx, name)
		if err != nil {
			return nil
		}
		columns, err := flat.New(schema, name, flat.Options{})
		if err != nil {
			return nil
		}
		return columns.Header()
	}))
}

// completeEach offers what c offers for each part of a list with commas.
func completeEach(c completer) completer {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		names, directive := c(cmd, args, typed)
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		for i := range names {
			names[i] = before + names[i]
		}
		return names, directive | cobra.ShellCompDirectiveNoSpace
	}
}

// completeSheets offers the sheets of the workbook that is named before.
func completeSheets(_ *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
	for _, path := range args {
		names = append(names, sheetsOf(path)...)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// sheetsOf are the names of the sheets that a workbook shows; none of what is no workbook.
func sheetsOf(path string) (names []string) {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	book, err := workbook.Open(f, info.Size())
	if err != nil {
		return nil
	}
	for _, s := range book.Sheets {
		if s.Table && !s.Hidden {
			names = append(names, printable(s.Name))
		}
	}
	return names
}

// completeFiles offers the files with one of these endings, and folders.
func completeFiles(endings ...string) completer {
	return cobra.FixedCompletions(endings, cobra.ShellCompDirectiveFilterFileExt)
}

// encodings are the labels that files are found to have most often.
var encodings = []string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1250", "windows-1251", "iso-8859-1",
	"iso-8859-15", "macintosh", "shift_jis", "gb18030", "big5", "euc-kr"}

// delimiters are what stands between the cells of most files.
var delimiters = []string{",\tcomma", ";\tsemicolon", "tab", "|\tbar", ":\tcolon", "~", "^",
	"blanks\tone blank or more", "wide-blanks\ttwo blanks or more"}

// faultRules are rules of a sandbox, each of another kind.
var faultRules = []string{"429 burst=20", "500 chance=0.01", "write drop after every=10", "read truncate n=3",
	"latency=2s chance=0.1", "repeat", "empty", "offset-ignored", "clamp=100", "stop=2500"}

// completeRuns offers the run directories, wherever they lie.
func completeRuns(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
	return knownRuns(), cobra.ShellCompDirectiveDefault
}

// completeWords offers fixed values of a flag.
func completeWords(words ...string) completer {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// completeFlag binds a completer to a flag, which exists: a mistake shows in the test that looks at every flag.
func completeFlag(cmd *cobra.Command, flag string, c completer) {
	if err := cmd.RegisterFlagCompletionFunc(flag, c); err != nil {
		cmd.PrintErrln(err)
	}
}
