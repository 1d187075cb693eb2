package main

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/attio-bulk/attio-bulk/attio"
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

// completeRuns offers the run directories, the newest first.
func completeRuns(*cobra.Command, []string, string) (names []string, _ cobra.ShellCompDirective) {
	runs, _ := runFolders()
	return runs, cobra.ShellCompDirectiveDefault
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
