package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

// completionPatience is how long a person at a prompt waits for the names of objects.
const completionPatience = 3 * time.Second

type completer = func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective)

// completeObjects offers the slugs of the workspace's objects, each with its name; nothing without a key or an answer.
func completeObjects(f *clientFlags) completer {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return objectNames(cmd.Context(), f), cobra.ShellCompDirectiveNoFileComp
	}
}

func objectNames(ctx context.Context, f *clientFlags) []string {
	c, err := f.open(nil)
	if err != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, completionPatience)
	defer cancel()
	objects, err := c.Objects(ctx)
	if err != nil {
		return nil
	}
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = cobra.CompletionWithDesc(printable(o.Slug), printable(o.Plural))
	}
	return names
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

// completeObjectFlag offers objects as a flag's value.
func completeObjectFlag(f *clientFlags) completer {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return objectNames(cmd.Context(), f), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeUnique offers the unique attributes of the object that another flag names.
func completeUnique(f *clientFlags, object *string) completer {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		c, err := f.open(nil)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		name := *object
		if name == "" {
			name = defaultObject
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completionPatience)
		defer cancel()
		attributes, err := c.Attributes(ctx, name, false)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var out []string
		for _, t := range attributes {
			if t.Unique && t.Writable {
				out = append(out, cobra.CompletionWithDesc(printable(t.Slug), printable(t.Title)))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}
