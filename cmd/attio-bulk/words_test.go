package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 rows", 1: "1 row", 2: "2 rows", 999: "999 rows", 1000: "1,000 rows",
		1234567: "1,234,567 rows"} {
		require.Equal(t, want, count(n, "row"))
	}
	require.Equal(t, "-1,000", grouped(-1000))
	require.Equal(t, "-100", grouped(-100))
}

func TestQuotedIsWhatAShellTakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"attio-bulk", "import", "users.csv"}, "attio-bulk import users.csv"},
		{[]string{"my users.csv"}, "'my users.csv'"},
		{[]string{"it's"}, `'it'\''s'`},
		{[]string{""}, "''"},
		{[]string{"~user"}, "'~user'"},
		{[]string{"$HOME", "a;b", "é"}, "'$HOME' 'a;b' 'é'"},
		{[]string{"a\x1b[31m'\\ü\n"}, `$'a\x1b[31m\'\\\xc3\xbc\x0a'`},
		{[]string{"--max-rejects", "2%"}, "--max-rejects 2%"},
	} {
		require.Equal(t, c.want, quoted(c.args...))
	}
}

func TestParseMaxRejects(t *testing.T) {
	for in, want := range map[string]journal.MaxRejects{
		"":     {},
		"0":    {Set: true},
		"100":  {Set: true, Rows: 100},
		"2%":   {Set: true, Share: true, Percent: 2},
		"0.5%": {Set: true, Share: true, Percent: 0.5},
	} {
		got, err := parseMaxRejects(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{"-1", "x", "101%", "%", "1.5", "-1%", "NaN%"} {
		_, err := parseMaxRejects(in)
		require.ErrorContains(t, err, in)
	}
}

func TestNextCommandKeepsTheFlagsThatBelongToIt(t *testing.T) {
	flags := newImportCommand(&app{}).Flags()
	require.NoError(t, flags.Parse(
		[]string{"--mapping", "my map.yaml", "--dry-run", "--run-dir", "r", "--limit", "5", "--delimiter", "--", "-q"}))
	n := nextSteps{path: "users.csv", given: typedFlags(flags)}
	require.Equal(t, "attio-bulk import users.csv --delimiter=-- --limit=5 '--mapping=my map.yaml'",
		n.command("users.csv", "dry-run"))
}

func TestCheckScopes(t *testing.T) {
	self := attio.Self{WorkspaceName: "W", Scopes: []string{"record_permission:read-write", "object_configuration:read"}}
	require.NoError(t, checkScopes(self, scopeReadRecords, scopeWriteRecords, scopeReadObjects))
	err := checkScopes(self, scopeWriteObjects, scopeReadMembers, scopeReadRecords)
	require.EqualError(t, err,
		`the API key of workspace "W" lacks the scope object_configuration:read-write and user_management:read`)
	require.Equal(t, []string{"in Attio, under Workspace settings > Developers, open the key and switch on Object " +
		"configuration: Read-write and User management: Read"}, hints(err))
}

func TestProgressText(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	p := &progress{u: &ui{}, now: func() time.Time { return now }}
	s := importer.Progress{Phase: "writing", Rate: 24.93, ETA: 40127 * time.Second,
		Counts: journal.Counts{Conflict: 1, Rejected: 2, Unknown: 3}}
	require.Equal(t, "writing, 24.9 rows/s, 1 conflict, 2 rejects, 3 unknown, 11 h 8 min left", p.text(s, now))
	p.event(attio.Event{Kind: "paused", Wait: time.Second})
	require.Equal(t, "looking up, paused 1 s by Attio", p.text(importer.Progress{Phase: "looking up"}, now))
	require.Equal(t, "looking up", p.text(importer.Progress{Phase: "looking up"}, now.Add(time.Second)))
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{250 * time.Millisecond: "250 ms", time.Second: "1 s",
		1500 * time.Millisecond: "1.5 s"} {
		require.Equal(t, want, seconds(d))
	}
	for d, want := range map[time.Duration]string{45 * time.Second: "45 s", 750 * time.Second: "12 min 30 s",
		40020 * time.Second: "11 h 7 min"} {
		require.Equal(t, want, remaining(d))
	}
}

func TestLoopback(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:8787", "localhost:0", "[::1]:80", "127.1.2.3:1"} {
		require.NoError(t, loopback(addr), addr)
	}
	for _, addr := range []string{"0.0.0.0:8787", ":8787", "192.168.1.2:80", "example.com:80", "8787"} {
		require.Error(t, loopback(addr), addr)
	}
}

func TestLongWaitsShowBeforeThereIsProgress(t *testing.T) {
	var out strings.Builder
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	p := &progress{u: &ui{err: &out}, now: func() time.Time { return now }}
	for range 3 {
		p.event(attio.Event{Kind: "paused", Wait: 3 * time.Second})
		now = now.Add(3 * time.Second)
	}
	require.Equal(t, "paused 3 s by Attio\n", out.String())
}

func TestInterruptionsAreNotBlamedOnTheNetwork(t *testing.T) {
	lost := &attio.Error{Method: "GET", Path: "/v2/self"}
	require.NotEmpty(t, hints(lost))
	require.Empty(t, hints(errors.Join(lost, &importer.Interrupted{Signal: "SIGINT", ExitCode: 130})))
}

func TestRateLimitHasAHint(t *testing.T) {
	require.Equal(t, []string{"Attio took no request for a while: see whether something else uses the workspace, and " +
		"try again in a minute"}, hints(&attio.Error{Status: 429}))
}

func TestEveryFlagSaysWhatItDoes(t *testing.T) {
	for commands := newRoot(&app{ui: &ui{}}).Commands(); len(commands) > 0; commands = commands[1:] {
		commands = append(commands, commands[0].Commands()...)
		commands[0].Flags().VisitAll(func(f *pflag.Flag) {
			require.NotEmpty(t, f.Usage, "%s --%s", commands[0].Name(), f.Name)
		})
	}
}
