package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"unicode"

	"github.com/spf13/pflag"

	"github.com/attio-bulk/attio-bulk/attio"
)

// The environment, which flags outrank.
const (
	keyVariable  = "ATTIO_API_KEY"
	baseVariable = "ATTIO_BASE_URL"
)

// clientFlags say which workspace to talk to, and how fast.
type clientFlags struct {
	keyFile, baseURL    string
	readRate, writeRate float64
	alone               bool // it shares its seconds with no other process, and so leaves nothing on disk
}

func (f *clientFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.keyFile, "api-key-file", "", "")
	flags.StringVar(&f.baseURL, "base-url", "", "")
	flags.Float64Var(&f.readRate, "read-rate", 0, "")
	flags.BoolP("verbose", "v", false, "")
	addOutputFlags(flags)
}

// addWriting adds the flags of commands that write as well.
func (f *clientFlags) addWriting(flags *pflag.FlagSet) {
	f.add(flags)
	flags.Float64Var(&f.writeRate, "write-rate", 0, "")
}

// noKey is the error of a key that is missing or cannot be one.
func noKey(reason string) error {
	return &hinted{errors.New(reason), []string{
		"make a key in Attio under Workspace settings > Developers, then type\n" + keyVariable + "=<the key>; export " +
			keyVariable + "\nor put it into a file and add --api-key-file FILE",
		"to try it without a key: attio-bulk demo",
	}}
}

// key reads the API key. Blanks, a line end and a byte order mark around it are not part of it.
func (f *clientFlags) key() (string, error) {
	key, from := os.Getenv(keyVariable), keyVariable
	if f.keyFile != "" {
		text, err := os.ReadFile(f.keyFile)
		if errors.Is(err, fs.ErrNotExist) && looksLikeKey(f.keyFile) {
			return "", noKey("API key: --api-key-file takes the name of a file that holds the key; what was given is no " +
				"file, and not shown, since it looks like the key itself")
		}
		if err != nil {
			return "", noKey("API key: " + err.Error())
		}
		key, from = string(text), f.keyFile
	}
	key = strings.TrimSpace(strings.TrimPrefix(key, "\ufeff"))
	switch {
	case key == "" && f.keyFile == "":
		return "", noKey(keyVariable + " is not set")
	case key == "":
		return "", noKey(from + " is empty, and should hold the API key")
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", noKey(from + " holds more than an API key: there are blanks, line breaks or letters that no key has")
	}
	return key, nil
}

// looksLikeKey reports whether a file's name is more likely a key: long, and nothing but letters and digits.
func looksLikeKey(name string) bool {
	return len(name) >= 32 && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// open makes a client; it sends nothing.
func (f *clientFlags) open(observe func(attio.Event)) (*attio.Client, error) {
	key, err := f.key()
	if err != nil {
		return nil, err
	}
	folder := ""
	if !f.alone {
		folder, _ = stateFolder("pace") // where there is none, nothing is shared
	}
	return attio.New(attio.Options{
		Key: attio.Secret(key), BaseURL: cmp.Or(f.baseURL, os.Getenv(baseVariable)), ReadRate: f.readRate,
		WriteRate: f.writeRate, UserAgent: "attio-bulk/" + readVersion().Version, Observe: observe, ShareFolder: folder,
	})
}

// observe tells --verbose what the client does.
func (a *app) observe(e attio.Event) {
	a.detail("%s", e.Text)
}

// warnOfOpenKey warns of a file with a key in it that others can read. Windows has no such bits.
func (a *app) warnOfOpenKey(name string) {
	info, err := os.Stat(name)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 || !info.Mode().IsRegular() {
		return // what cannot be read is told of where it is needed
	}
	a.warn("other users of this machine can read the API key in %s; to change that: %s", name,
		quoted("chmod", "600", name))
}
