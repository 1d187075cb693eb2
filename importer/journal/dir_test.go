package journal

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// tree is every file of a folder with its content, and every folder with "/".
func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		switch {
		case err != nil:
			return err
		case e.IsDir():
			out[name] = "/"
		case e.Type()&fs.ModeSymlink != 0:
			out[name], err = os.Readlink(path)
		default:
			var text []byte
			text, err = os.ReadFile(path)
			out[name] = string(text)
		}
		return err
	}))
	return out
}

func put(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

// A folder that cannot be a new run's is left as it is, whatever the reason.
func TestRefusedRunDirIsLeftAsItIs(t *testing.T) {
	for name, make := range map[string]func(t *testing.T, dir string){
		"a file in it":          func(t *testing.T, dir string) { put(t, filepath.Join(dir, "notes.txt"), "mine") },
		"a file of another":     func(t *testing.T, dir string) { put(t, filepath.Join(dir, "schema.json"), "{}") },
		"a lock with a content": func(t *testing.T, dir string) { put(t, filepath.Join(dir, "lock"), "mine") },
		"a run": func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, runFile), `{"schema":1,"id":"0"}`)
			put(t, filepath.Join(dir, journalFile), "{}\n")
		},
		"a link": func(t *testing.T, dir string) {
			require.NoError(t, os.MkdirAll(dir, 0o700))
			require.NoError(t, os.Symlink(filepath.Join(filepath.Dir(dir), "elsewhere"), filepath.Join(dir, "lock")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			put(t, filepath.Join(root, ".gitignore"), "bin\n")
			dir := filepath.Join(root, "run")
			make(t, dir)
			before := tree(t, root)
			var refused *DirError
			require.ErrorAs(t, CheckNew(dir), &refused)
			_, err := Create(dir, "users")
			require.ErrorAs(t, err, &refused)
			require.Equal(t, before, tree(t, root))
		})
	}
}

// The folder above a named run directory is none of our business; attio-runs is our own.
func TestNewRunDirTouchesItsOwnFolderOnly(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	require.NoError(t, CheckNew("archive/run"))
	require.Equal(t, map[string]string{".": "/"}, tree(t, root), "a look makes nothing")
	d, err := Create("archive/run", "users")
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.Equal(t, map[string]string{".": "/", "archive": "/", "archive/run": "/", "archive/run/lock": ""},
		tree(t, root))
	require.NoError(t, CheckNew(""))
	d, err = Create("", "users")
	require.NoError(t, err)
	require.NoError(t, d.Close())
	ignore := filepath.Join(RunsFolder, ".gitignore")
	require.Equal(t, "*\n", tree(t, root)[ignore])
	require.NoError(t, os.Remove(ignore))
	require.NoError(t, os.Symlink(filepath.Join(root, "elsewhere"), ignore))
	d, err = Create("", "users")
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.NotContains(t, tree(t, root), "elsewhere", "no link is followed")
}

// A process that was killed before its journal began has sent nothing: the folder counts as empty.
func TestRunThatNeverBeganCountsAsEmpty(t *testing.T) {
	for _, files := range [][]string{{lockFile}, {lockFile, runFile}, {lockFile, runFile, SchemaFile, spoolFile},
		{lockFile, ".attio-bulk-123.tmp"}} {
		dir := filepath.Join(t.TempDir(), "run")
		for _, f := range files {
			text := ""
			if f == runFile {
				text = `{"schema":1,"id":"0123456789abcdef"}`
			}
			put(t, filepath.Join(dir, f), text)
		}
		var never *DirError
		_, err := Open(dir)
		require.ErrorAs(t, err, &never, files)
		require.NoError(t, CheckNew(dir), files)
		d, err := Create(dir, "users")
		require.NoError(t, err, files)
		require.NoError(t, d.Close())
		require.Equal(t, map[string]string{".": "/", lockFile: ""}, tree(t, dir), "what was left of it is gone")
	}
}

func TestLinksInARunDirAreNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // links need a privilege there
	}
	root := t.TempDir()
	dir := filepath.Join(root, "run")
	put(t, filepath.Join(dir, runFile), `{"schema":1,"id":"0123456789abcdef"}`)
	put(t, filepath.Join(dir, journalFile), "{}\n")
	require.NoError(t, os.Symlink(filepath.Join(root, "elsewhere"), filepath.Join(dir, ResultsFile)))
	var refused *DirError
	_, err := Open(dir)
	require.ErrorAs(t, err, &refused)
	require.NotContains(t, tree(t, root), "elsewhere")
}

// A look at who holds a run neither holds it nor makes anything.
func TestLookingAtARunDoesNotHoldIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	put(t, filepath.Join(dir, runFile), `{"schema":1,"id":"0123456789abcdef"}`)
	put(t, filepath.Join(dir, journalFile), "{}\n")
	require.False(t, Held(dir))
	require.NotContains(t, tree(t, dir), lockFile)
	d, err := Open(dir)
	require.NoError(t, err)
	require.True(t, Held(dir))
	var busy *BusyError
	_, err = Open(dir)
	require.ErrorAs(t, err, &busy)
	require.ErrorAs(t, CheckNew(dir), &busy)
	require.NoError(t, d.Close())
	done, looked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(looked)
		for {
			select {
			case <-done:
				return
			default:
				Held(dir)
			}
		}
	}()
	for range 200 {
		d, err := Open(dir)
		require.NoError(t, err, "while somebody looks")
		require.NoError(t, d.Close())
	}
	close(done)
	<-looked
}
