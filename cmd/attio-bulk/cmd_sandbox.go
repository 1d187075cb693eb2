package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/samples"
)

// sandboxKey is a key that a sandbox takes; it takes any other of 64 characters as well.
var sandboxKey = "sandbox" + strings.Repeat("0", 57)

type sandboxFlags struct {
	o                                       attiotest.Options // as far as the flags need no reading
	listen, seed, dump, window, filterCount string
	faults, readings                        []string
}

func newSandboxCommand(a *app) *cobra.Command {
	var f sandboxFlags
	cmd := a.command("sandbox", cobra.NoArgs, f.run)
	f.add(cmd.Flags())
	completeFlag(cmd, "seed", completeFiles("json"))
	completeFlag(cmd, "fault", completeWords(faultRules...))
	completeFlag(cmd, "window", completeWords("clock", "sliding"))
	completeFlag(cmd, "filter-count", completeWords("whole", "in"))
	completeFlag(cmd, "reading", completeWords(attiotest.ReadingNames()...))
	return cmd
}

func (f *sandboxFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8787", "")
	flags.StringVar(&f.seed, "seed", "", "")
	flags.StringVar(&f.dump, "dump", "", "")
	flags.IntVar(&f.o.WriteLimit, "write-limit", 0, "")
	flags.IntVar(&f.o.ReadLimit, "read-limit", 0, "")
	flags.StringVar(&f.window, "window", "clock", "")
	flags.IntVar(&f.o.FilterValues, "filter-values", 0, "")
	flags.StringVar(&f.filterCount, "filter-count", "whole", "")
	flags.DurationVar(&f.o.Latency, "latency", 0, "")
	flags.DurationVar(&f.o.Jitter, "jitter", 0, "")
	flags.StringArrayVar(&f.readings, "reading", nil, "")
	flags.StringArrayVar(&f.faults, "fault", nil, "")
	flags.BoolP("quiet", "q", false, "")
}

// options reads the flags into a server's options.
func (f *sandboxFlags) options() (attiotest.Options, error) {
	o := f.o
	windows := map[string]attiotest.Window{"clock": attiotest.ClockSecond, "sliding": attiotest.Sliding}
	var known bool
	if o.Window, known = windows[f.window]; !known {
		return o, fmt.Errorf("--window %q is neither clock nor sliding", f.window)
	}
	if o.Readings.ValuesPerIn = f.filterCount == "in"; !slices.Contains([]string{"", "whole", "in"}, f.filterCount) {
		return o, fmt.Errorf("--filter-count %q is neither whole nor in", f.filterCount)
	}
	for _, reading := range f.readings {
		name, value, _ := strings.Cut(reading, "=")
		if err := o.Readings.Set(name, value); err != nil {
			return o, fmt.Errorf("--reading %q: %w", reading, err)
		}
	}
	if o.Latency < 0 || o.Jitter < 0 {
		return o, errors.New("--latency and --jitter are durations such as 150ms")
	}
	for _, rule := range f.faults {
		fault, err := attiotest.ParseFault(rule)
		if err != nil {
			return o, fmt.Errorf("--fault %q: %w", rule, err)
		}
		o.Faults = append(o.Faults, fault)
	}
	if f.seed == "" {
		return o, nil
	}
	file, err := os.Open(f.seed)
	if err != nil {
		return o, err
	}
	defer file.Close()
	if o.Seed, err = attiotest.ReadWorkspace(file); err != nil {
		return o, fmt.Errorf("%s: %w", f.seed, err)
	}
	return o, nil
}

func (f *sandboxFlags) run(ctx context.Context, a *app, _ []string) error {
	o, err := f.options()
	if err != nil {
		return refused(err)
	}
	if err := loopback(f.listen); err != nil {
		return refused(err)
	}
	if f.seed == "" {
		text, _ := samples.Files.ReadFile("workspace.json") // which is in memory
		if o.Seed, err = attiotest.ReadWorkspace(bytes.NewReader(text)); err != nil {
			return err
		}
	}
	server := attiotest.New(o)
	if err := server.Listen(f.listen); err != nil {
		return refused(&hinted{err, []string{"to listen on any port that is free, add --listen 127.0.0.1:0"}})
	}
	defer server.Close()
	if _, err := fmt.Fprintf(
		a.out, "export %s=%s\nexport %s=%s\n", baseVariable, server.URL, keyVariable, sandboxKey); err != nil {
		return err
	}
	a.say("serving workspace %q; paste the two lines into another terminal; Ctrl-C ends it", server.Workspace().Name)
	<-ctx.Done()
	if f.dump != "" {
		if err := durable.Replace(f.dump, bytes.NewReader(server.Dump())); err != nil {
			return err
		}
		a.say("wrote the workspace to %s", f.dump)
	}
	if _, told := errors.AsType[*importer.Interrupted](context.Cause(ctx)); told { // how a server ends
		return nil
	}
	return context.Cause(ctx)
}

// loopback refuses addresses that other machines can reach: the sandbox asks nobody who he is.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("--listen %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("--listen %q: the sandbox serves this machine only, so the address has to be 127.0.0.1, ::1 "+
		"or localhost", addr)
}
