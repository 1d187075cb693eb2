//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// What the runtime prints when a process dies in the middle of its work, all goroutines and their arguments, holds
// neither the key nor a cell of the file, at the highest verbosity.
func TestDyingProgramTellsNoSecret(t *testing.T) {
	const key = "secretkeysecretkeysecretkeysecretkeysecretkeysecretkeysecretkeys"
	server := attiotest.New(attiotest.Options{Latency: 50 * time.Millisecond})
	err := server.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer server.Close()
	dir := t.TempDir()
	binary := filepath.Join(dir, "attio-bulk")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	text := "user_id,primary_email_address\n" + strings.Repeat("u1,marked-person@example.com\n", 3)
	for i := range 300 {
		text += fmt.Sprintf("u%d,marked%d@example.com\n", i+2, i)
	}
	require.NoError(t, os.WriteFile(
		filepath.Join(dir, "users.csv"), []byte(strings.ReplaceAll(text, "user", "marked")), 0o600))
	require.NoError(t, os.WriteFile(
		filepath.Join(dir, "m.yaml"),
		[]byte("version: 1\nobject: users\ncolumns:\n  - {column: \"#1\", attribute: user_id}\n  - {column: \"#2\", "+
			"attribute: primary_email_address}\n"), 0o600))

	var printed strings.Builder
	cmd := exec.Command(binary, "import", "users.csv", "--mapping", "m.yaml", "--verbose")
	cmd.Dir, cmd.Stderr, cmd.Stdout = dir, &printed, &printed
	cmd.Env = append(os.Environ(), keyVariable+"="+key, baseVariable+"="+server.URL, "GOTRACEBACK=all")
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return server.Count("users") > 3 }, time.Minute, 10*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(syscall.SIGQUIT))
	require.Error(t, cmd.Wait())
	require.Contains(t, printed.String(), "goroutine ", "it died as it should")
	require.NotContains(t, printed.String(), key)
	require.NotContains(t, printed.String(), key[:16])
	require.NotContains(t, strings.ReplaceAll(printed.String(), "marked_id", ""), "marked")
}
