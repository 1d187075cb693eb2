package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// People write words where a cell is to be blank. As a date or a number they would be refused, as a text they would be
// imported.

// blankWords are such words, in lower case. Those of letters alone may be a person's name.
var blankWords = strings.Fields("- -- --- – — . ? n/a n.a. n.a #n/a k.a. (none) (blank) (empty) (null) null none nil")

func isBlankWord(text string) bool {
	return len(text) <= 7 && slices.Contains(blankWords, strings.ToLower(text))
}

// blank counts a word that stands for no value.
func (p *Profile) blank(text string) {
	if _, known := p.blanks[text]; known || len(p.blanks) < maxValues {
		p.blanks[strings.Clone(text)]++
	}
}

// blanks has the words that stand for no value taken for blank cells, but one that is the title of an option.
func (st *settling) blanks() {
	table := value.NewOptions(st.attr.Options)
	var taken []string
	for _, text := range byCount(st.p.blanks) {
		name := st.attr.Type == attio.TypePersonalName && !strings.ContainsAny(text, "-–—./?()#")
		if o, _ := table.Find(text); o != nil || name {
			continue
		}
		st.col.Values = append(st.col.Values, mapfile.Pair{Cell: text, Value: ""})
		taken = append(taken, fmt.Sprintf("%s (%d)", text, st.p.blanks[text]))
	}
	if taken != nil {
		st.note("taken for blank cells: %s", strings.Join(taken, ", "))
	}
}
