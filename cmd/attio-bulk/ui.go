package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Rules of the terminal. This file and progress.go are the only ones that write to it.
//
//   - Standard output carries results and nothing else: a summary or a schema as JSON, tables, an export, the two lines
//     of the sandbox. All that is about the work goes to standard error.
//   - A line is a sentence without a full stop. Those that matter begin with what they are: "error:", "warning:",
//     "hint:". An error says what is wrong and where, a hint says what to type; a hint of several lines is indented, so
//     that it can be copied.
//   - --quiet leaves results, warnings, errors and hints. --verbose adds waits and repeats, with methods, paths, codes
//     and row numbers.
//   - Colour only on a terminal, not with NO_COLOR and not with TERM=dumb, and never as the only sign of anything.
//   - Nothing is asked where standard input is not a terminal.
//   - A key never reaches this file.

// ui is the terminal. It is safe for use by several goroutines: the client speaks from any of them.
type ui struct {
	mu   sync.Mutex
	out  io.Writer
	err  io.Writer
	bar  *progressbar.ProgressBar // what is being drawn on standard error; nil for nothing
	live bool                     // standard error is a terminal that can redraw a line

	columns int        // of the terminal that standard output is; 0 where it is none
	width   func() int // of the terminal that standard error is, now; nil where it is none

	// in is where answers come from; nil where standard input is no terminal, so that nobody can be asked.
	in     *bufio.Reader
	talks  bool        // standard error is a terminal as well: questions may be asked that need none
	asking atomic.Bool // an answer is waited for: nothing is in flight
	color  bool

	quiet, verbose, json bool

	printed bool // a result went out as JSON
	said    struct{ errors, hints []string }
}

func newUI(out, err *os.File) *ui {
	terminal := term.IsTerminal(int(err.Fd())) && os.Getenv("TERM") != "dumb"
	u := &ui{out: out, err: err, live: terminal, color: terminal && os.Getenv("NO_COLOR") == ""}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		u.in, u.talks = bufio.NewReader(os.Stdin), term.IsTerminal(int(err.Fd()))
	}
	if terminal {
		u.width = func() int { return terminalColumns(err) }
	}
	if term.IsTerminal(int(out.Fd())) {
		u.out, u.columns = newDoor(out), terminalColumns(out)
	}
	return u
}

// The SGR codes of the prefixes.
const red, yellow, cyan = "31", "33", "36"

func (u *ui) paint(code, text string) string {
	if !u.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// line writes one or more lines to standard error, over whatever is being drawn there. Further lines of a message with
// a prefix are indented, to keep them apart from the next message.
func (u *ui) line(prefix, text string) {
	text = printable(text)
	if prefix != "" {
		text = prefix + " " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.bar != nil {
		_ = u.bar.Clear() // a terminal that cannot be written to has nobody to tell
	}
	fmt.Fprintln(u.err, text)
}

// say tells what is being done; not with --quiet.
func (u *ui) say(format string, args ...any) {
	if !u.quiet {
		u.line("", fmt.Sprintf(format, args...))
	}
}

// detail tells what only --verbose wants to know.
func (u *ui) detail(format string, args ...any) {
	if u.verbose {
		u.line("", fmt.Sprintf(format, args...))
	}
}

// notice tells what is decided as the work goes on.
func (u *ui) notice(text string) { u.say("%s", text) }

func (u *ui) warn(format string, args ...any) {
	u.line(u.paint(yellow, "warning:"), fmt.Sprintf(format, args...))
}

// fail prints an error; one that is several is printed as several.
func (u *ui) fail(err error) {
	for _, text := range messages(err) {
		u.said.errors = append(u.said.errors, text)
		u.line(u.paint(red, "error:"), text)
	}
}

// hint prints what to do next, a hint a line; lines of one hint stay together.
func (u *ui) hint(hints ...string) {
	u.said.hints = append(u.said.hints, hints...)
	for _, h := range hints {
		u.line(u.paint(cyan, "hint:"), h)
	}
}

// explain prints an error with what can be done about it.
func (u *ui) explain(err error) {
	u.fail(err)
	u.hint(hints(err)...)
}

// errNobody says that there is nobody to ask.
var errNobody = errors.New("nobody can be asked here")

// ask prints a question and returns the line that is typed, or io.EOF where the input has ended. A signal ends the
// wait: the error holds the context's cause. It is errNobody, and nothing is printed, where standard input is no
// terminal.
func (u *ui) ask(ctx context.Context, question string) (string, error) {
	if u.in == nil {
		return "", errNobody
	}
	u.asking.Store(true)
	defer u.asking.Store(false)
	u.line("", question)
	typed := make(chan string, 1)
	go func() { // a terminal that is being read cannot be told to stop: the process ends with it
		line, _ := u.in.ReadString('\n')
		typed <- line
	}()
	select {
	case line := <-typed:
		if line == "" {
			return "", io.EOF
		}
		return strings.TrimSpace(line), nil
	case <-ctx.Done():
		u.line("", "") // the terminal stands behind ^C
		return "", fmt.Errorf("nothing was done: %w", context.Cause(ctx))
	}
}

// printJSON prints a result.
func (u *ui) printJSON(v any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	u.printed = true
	_, err := u.out.Write(escaped(text.Bytes()))
	return err
}

// result prints what came of a command where --json asks for it. That its reader has gone changes nothing about what
// was done.
func (u *ui) result(v any) error {
	if !u.json {
		return nil
	}
	if err := u.printJSON(v); !closedPipe(err) {
		return err
	}
	return nil
}

// printError prints as JSON what the errors and hints so far have said, where there was no result to print.
func (u *ui) printError(code int) {
	if !u.json || u.printed || len(u.said.errors) == 0 {
		return
	}
	_ = u.printJSON(map[string]any{"error": struct {
		Message  string   `json:"message"`
		Hints    []string `json:"hints"`
		ExitCode int      `json:"exit_code"`
	}{strings.Join(u.said.errors, "\n"), append([]string{}, u.said.hints...), code}})
}

// closedPipe reports whether an error means that whoever read our output has gone (`attio-bulk schema | head -1`).
func closedPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// count writes a number with its noun: 1 row, 2,500 rows.
func count[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(int64(n)) + " " + noun + "s"
}

// list are the parts of a sentence.
type list []string

// add adds a part where there is any of what it counts.
func (l *list) add(n int, part string) {
	if n > 0 {
		*l = append(*l, part)
	}
}

func (l list) String() string { return strings.Join(l, ", ") }

// grouped writes a number with a comma every three digits.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plainWord is an argument that a shell takes as it is.
var plainWord = regexp.MustCompile(`^[%+,\-./:=@_0-9A-Za-z]+$`)

// quoted writes arguments as a shell takes them.
func quoted(args ...string) string {
	out := make([]string, len(args))
	for i, arg := range args {
		switch out[i] = arg; {
		case arg != oneLine(arg): // in the form of bash and zsh that has escapes
			out[i] = "$'" + ansiC(arg) + "'"
		case !plainWord.MatchString(arg):
			out[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}

// ansiC is a text between $' and '.
func ansiC(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ' || c >= 0x7F:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
