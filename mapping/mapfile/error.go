package mapfile

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is what is wrong with the text of a mapping file.
type Error struct {
	Name         string
	Line, Column int // from 1; 0 where they are not known
	Text         string
	Source       string // the lines around the fault, with a caret; "" where there are none
}

// Error is `users.yaml:7:3: …`, or `users.yaml:7: …` where only the line is known, and the lines around it.
func (e *Error) Error() string {
	where := e.Name
	if e.Line > 0 {
		where += ":" + strconv.Itoa(e.Line)
	}
	if e.Column > 0 {
		where += ":" + strconv.Itoa(e.Column)
	}
	if e.Source == "" {
		return where + ": " + e.Text
	}
	return where + ": " + e.Text + "\n" + e.Source
}

// The most that is shown around a fault: a file that is no mapping can be one line of any length, and hold personal
// data.
const (
	excerptAround = 3   // lines
	excerptWidth  = 120 // letters
)

// newError places a fault in the text of a file, and shows the lines around it.
func newError(name, source string, f *fault) *Error {
	e := &Error{Name: name, Line: f.line, Column: f.column, Text: f.text}
	if f.line > 0 {
		e.Source = excerpt(strings.Split(source, "\n"), f.line, f.column)
	}
	return e
}

// excerpt shows a line and those around it, with a caret below the column; without a caret where that is 0.
func excerpt(lines []string, line, column int) string {
	var b strings.Builder
	for i := max(1, line-excerptAround); i <= min(len(lines), line+excerptAround); i++ {
		mark := " "
		if i == line {
			mark = ">"
		}
		text := []rune(strings.TrimRight(lines[i-1], "\r"))
		if len(text) > excerptWidth {
			text = append(text[:excerptWidth:excerptWidth], '…')
		}
		fmt.Fprintf(&b, "%s%3d | %s\n", mark, i, string(text))
		if i == line && column > 0 && column <= excerptWidth {
			fmt.Fprintf(&b, "%s^\n", strings.Repeat(" ", 6+column))
		}
	}
	return strings.TrimRight(b.String(), "\n ")
}
