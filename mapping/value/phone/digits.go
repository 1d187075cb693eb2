package phone

import (
	"errors"
	"regexp/syntax"
	"slices"
)

// digitTable is a regular expression over digits as a table: a step for each digit, no search.
type digitTable struct {
	next  [][10]int32 // by state and digit; state 0 is the end of all hope, 1 the beginning
	final []bool
}

// takes reports whether the expression fits all digits.
func (t *digitTable) takes(digits []byte) bool {
	state := int32(1)
	for _, d := range digits {
		if state = t.next[state][d-'0']; state == 0 {
			return false
		}
	}
	return t.final[state]
}

// begins reports whether the expression fits the digits' beginning.
func (t *digitTable) begins(digits []byte) bool {
	state := int32(1)
	for _, d := range digits {
		if t.final[state] {
			return true
		}
		if state = t.next[state][d-'0']; state == 0 {
			return false
		}
	}
	return t.final[state]
}

var (
	errPlaces = errors.New("the expression looks at places")
	errStates = errors.New("the expression has too many states")
)

// maxStates is far more than any numbering plan needs.
const maxStates = 10_000

func newDigitTable(expression string) (*digitTable, error) {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	b := builder{prog: prog, known: map[string]int32{"": 0}}
	b.table.next, b.table.final = make([][10]int32, 1), make([]bool, 1)
	b.state([]uint32{uint32(prog.Start)})
	for i := 0; i < len(b.places) && b.err == nil; i++ {
		for d := range 10 {
			var next []uint32
			for _, pc := range b.places[i] {
				if in := &prog.Inst[pc]; in.MatchRune('0' + rune(d)) {
					next = append(next, in.Out)
				}
			}
			b.table.next[i+1][d] = b.state(next)
		}
	}
	if b.err != nil {
		return nil, b.err
	}
	return &b.table, nil
}

// builder makes a table by following all ways through a program at once: a state is the set of places in it where
// the expression may be.
type builder struct {
	prog   *syntax.Prog
	table  digitTable
	places [][]uint32 // of state 1 and on: those that read a digit
	known  map[string]int32
	seen   []bool
	err    error
}

// state is the number of the state in which the expression may be at these places.
func (b *builder) state(at []uint32) int32 {
	b.seen = append(b.seen[:0], make([]bool, len(b.prog.Inst))...)
	var key []byte
	var read []uint32
	final := false
	for len(at) > 0 {
		pc := at[len(at)-1]
		at = at[:len(at)-1]
		if b.seen[pc] {
			continue
		}
		b.seen[pc] = true
		switch in := &b.prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			at = append(at, in.Out, in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			at = append(at, in.Out)
		case syntax.InstEmptyWidth:
			b.err = errPlaces
		case syntax.InstMatch:
			final = true
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			read = append(read, pc)
		}
	}
	slices.Sort(read)
	for _, pc := range read {
		key = append(key, byte(pc>>8), byte(pc))
	}
	if final {
		key = append(key, 'f')
	}
	state, ok := b.known[string(key)]
	if !ok {
		state = int32(len(b.table.next))
		b.known[string(key)] = state
		b.places = append(b.places, read)
		b.table.next, b.table.final = append(b.table.next, [10]int32{}), append(b.table.final, final)
		if state > maxStates {
			b.err = errStates
		}
	}
	return state
}
