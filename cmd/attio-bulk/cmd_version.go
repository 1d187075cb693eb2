package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker; without, the module's own version is taken.
var version string

type versionInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // "" where the build did not know it
	Modified bool   `json:"modified"` // built from a work tree that was not clean
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func readVersion() versionInfo {
	v := versionInfo{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Version = cmp.Or(v.Version, info.Main.Version)
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Commit = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	v.Version = cmp.Or(v.Version, "(devel)")
	return v
}

func newVersionCommand(a *app) *cobra.Command {
	cmd := a.command("version", cobra.NoArgs, printVersion)
	cmd.Flags().Bool("json", false, "")
	return cmd
}

func printVersion(_ context.Context, a *app, _ []string) error {
	v := readVersion()
	if a.json {
		return a.printJSON(v)
	}
	commit := cmp.Or(v.Commit, "unknown")
	if v.Modified {
		commit += " and changes"
	}
	_, err := fmt.Fprintf(a.out, "attio-bulk %s\ncommit %s\n%s %s\n", v.Version, commit, v.Go, v.Platform)
	return err
}
