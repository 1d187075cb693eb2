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
	for _, n := range []int{e.Line, e.Column} {
		if n > 0 {
			where += ":" + strconv.Itoa(n)
		}
	}
	return strings.TrimRight(where+": "+e.Text+"\n"+e.Source, "\n")
}

// The most that is shown around a fault: a file that is no mapping can be one line of any length, and hold personal
// data.
const (
	excerptAround = 3   // lines
	excerptWidth  = 120 // letters
)

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
