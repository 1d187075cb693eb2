package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// A wide file has dozens of columns that nobody wants in Attio. What fits no attribute is not asked about one by one:
// one question stands for all of it, and one line, ignore_rest, answers it.

// severalUnlike is how many columns that fit no attribute are asked about together; fewer are asked about by
// themselves.
const severalUnlike = 4

// LeaveRest leaves out all columns that fit no attribute, as few as they may be.
func (p *Proposal) LeaveRest() {
	p.gather(1)
	p.IgnoreRest = true
}

// gather makes one question of the columns that fit nothing, where they are this many at least. What is left out for
// sure needs no line of its own then.
func (p *Proposal) gather(atLeast int) {
	var unlike, empty []*Suggestion
	ask := (&finder{object: p.Object}).unlike()
	for _, s := range p.Columns {
		switch {
		case s.Ask == ask && len(s.Answers) == 0 && !s.inside:
			unlike = append(unlike, s)
		case s.Ignore && (slices.Contains(s.Notes, blankColumn) || slices.Contains(s.Notes, ownBooks)):
			empty = append(empty, s)
		}
	}
	if len(unlike) >= atLeast {
		p.Rest = append(unlike, empty...)
	}
}

func (p *Proposal) inRest(s *Suggestion) bool { return slices.Contains(p.Rest, s) }

// RestAsk is what is asked about the rest; "" where nothing is.
func (p *Proposal) RestAsk() string {
	if len(p.Rest) == 0 || p.IgnoreRest {
		return ""
	}
	const shown = 3
	var names []string
	for _, s := range p.Rest[:min(shown, len(p.Rest))] {
		names = append(names, fmt.Sprintf("%q", shortText(s.Header)))
	}
	text := fmt.Sprintf("%s %s no attribute of %s: %s", plural(len(p.Rest), "column"),
		does(len(p.Rest), "fits", "fit"), p.Object.Slug, strings.Join(names, ", "))
	if more := len(p.Rest) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// writeRest writes the question about the rest, or the answer to it.
func (p *Proposal) writeRest(b *strings.Builder) {
	if ask := p.RestAsk(); ask != "" {
		fmt.Fprintf(b, "%s%s\n# %s   # leaves them out; to import one of them, add it under columns\n", mapfile.DecideMark,
			oneLine(ask), mapfile.IgnoreRest)
	} else if p.IgnoreRest {
		fmt.Fprintf(b, "%s   # %s: what fits no attribute\n", mapfile.IgnoreRest, plural(len(p.Rest), "column"))
	}
}
