package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/check"
	"github.com/attio-bulk/attio-bulk/importer/source"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Every transcript of the README is run as it stands, in order, in one folder, against one sandbox with the sample
// workspace. A line "…" stands for any lines, and "…" in a line for any text.

// step is one command of a transcript and what it prints, standard error included.
type step struct{ command, output string }

func readmeSteps(t *testing.T) []step {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	var steps []step
	inside := false
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console\n"
			if inside {
				steps = append(steps, step{})
			}
		case !inside:
		case strings.HasPrefix(line, "$ ") && !strings.HasPrefix(steps[len(steps)-1].command, "make demo"):
			steps = append(steps, step{command: strings.TrimSpace(line[2:])})
		case strings.HasPrefix(line, "$ ") && steps[len(steps)-1].command == "":
			steps[len(steps)-1].command = strings.TrimSpace(line[2:])
		default: // also the commands that the demo shows
			steps[len(steps)-1].output += line
		}
	}
	return slices.DeleteFunc(steps, func(s step) bool { return s.command == "" })
}

// pattern is what an output must match as a whole.
func (s step) pattern() *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`\A`)
	for line := range strings.Lines(s.output) {
		if line == "…\n" {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*"))
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// haste are the flags with which a test runs what a person would wait for.
var haste = regexp.MustCompile(` --(write|read)-rate[= ]1000`)

// hurried is the command with them.
func (s step) hurried() string {
	switch name, _, _ := strings.Cut(strings.TrimPrefix(s.command, "attio-bulk "), " "); {
	case s.command == "make demo":
		return "attio-bulk demo --write-rate 1000"
	case slices.Contains([]string{"import", "resume", "undo"}, name):
		return s.command + " --write-rate 1000 --read-rate 1000"
	case slices.Contains([]string{"verify", "export"}, name):
		return s.command + " --read-rate 1000"
	}
	return s.command
}

func TestReadmeTranscripts(t *testing.T) {
	steps := readmeSteps(t)
	require.Greater(t, len(steps), 8)
	folder := t.TempDir()
	require.NoError(t, unpackSamples(filepath.Join(folder, "samples")))
	sandbox := sandboxFlags{seed: filepath.Join(folder, "samples", "workspace.json"), window: "clock",
		o: attiotest.Options{WriteLimit: -1, ReadLimit: -1}}
	o, err := sandbox.options()
	require.NoError(t, err)
	server := attiotest.NewServer(t, o)
	for _, s := range steps {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", s.hurried())
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), keyVariable+"="+sandboxKey, baseVariable+"="+server.URL)
		out, err := cmd.CombinedOutput()
		if exited := cmd.ProcessState; exited == nil {
			require.NoError(t, err, s.command)
		}
		require.Regexp(t, s.pattern(), haste.ReplaceAllString(string(out), ""), "$ %s", s.command)
	}
}

func TestReadmeExplainsEveryCode(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	var table strings.Builder
	table.WriteString("| code | meaning |\n| --- | --- |\n")
	refusals := maps.Clone(importer.Codes)
	maps.Copy(refusals, source.Codes)
	for _, codes := range []map[string]string{refusals, check.Codes} {
		for _, code := range slices.Sorted(maps.Keys(codes)) {
			table.WriteString("| `" + code + "` | " + codes[code] + " |\n")
		}
	}
	for _, c := range value.Codes {
		table.WriteString("| `" + c.Code + "` | " + c.Text + " |\n")
	}
	require.Contains(t, string(text), table.String())
}

// A code that a package gives and no table has would be one that the README cannot explain.
func TestEveryCodeIsInATable(t *testing.T) {
	known := make(map[string]bool)
	for _, codes := range []map[string]string{importer.Codes, source.Codes, check.Codes} {
		for code := range codes {
			known[code] = true
		}
	}
	for _, c := range value.Codes {
		known[c.Code] = true
	}
	code := regexp.MustCompile(`"([A-Z]{3}[0-9]{3})"`)
	for _, folder := range []string{"importer", "importer/source", "importer/check", "mapping"} {
		files, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, name := range files {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			for _, m := range code.FindAllSubmatch(text, -1) {
				require.True(t, known[string(m[1])] || strings.HasSuffix(name, "_test.go"), "%s gives %s, which no table explains",
					name, m[1])
			}
		}
	}
}
