package share

import (
	"cmp"
	"slices"
)

// claim is what one process wants and has taken of one second of a budget.
type claim struct {
	budget, id  string
	second      int64
	want, taken int
}

// near is how many seconds apart the clocks of two processes may be, while one of them is just learning it.
const near = 2

// counts reports whether a claim may say anything of a second: it is of that second or near it.
func (c claim) counts(second int64) bool {
	return c.second >= second-near && c.second <= second+near && inRange(c.want) && inRange(c.taken)
}

func inRange(n int) bool { return n >= 0 && n <= mostLimit }

// join puts c among all claims and returns what it takes.
func (c claim) join(all []claim, limit int) ([]claim, int) {
	all = slices.DeleteFunc(all, func(o claim) bool {
		mine := o.budget == c.budget && o.id == c.id
		if mine && o.second == c.second {
			c.taken = o.taken // it may have been sent already
		}
		return mine && (o.second == c.second || o.second < c.second-1)
	})
	left, live := limit, c.living(all)
	for i, share := range fair(live, c.second, limit) {
		switch o := live[i]; {
		case o.id == c.id:
		case o.second == c.second:
			left -= o.taken
		default:
			left -= share
		}
	}
	c.taken = max(c.taken, left)
	return append(all, c), c.taken
}

// living returns c and one claim of each other process: that of c's second, else its newest.
func (c claim) living(all []claim) []claim {
	live := []claim{c}
	for _, o := range all {
		i := slices.IndexFunc(live, func(l claim) bool { return l.id == o.id })
		switch {
		case o.budget != c.budget:
		case i < 0:
			live = append(live, o)
		case live[i].second != c.second && (o.second == c.second || o.second > live[i].second):
			live[i] = o
		}
	}
	slices.SortFunc(live, func(a, b claim) int { return cmp.Compare(a.id, b.id) }) // all deal in the same order
	return live
}

// fair deals the limit out, one request at a time: first to those who want more than they have, then to all. Who is
// first changes with the second.
func fair(live []claim, second int64, limit int) []int {
	shares := make([]int, len(live))
	first := int(uint64(second) % uint64(len(live)))
	for wanted := true; limit > 0; {
		dealt := false
		for i := range live {
			i = (i + first) % len(live)
			if limit > 0 && (!wanted || shares[i] < live[i].want) {
				shares[i]++
				limit--
				dealt = true
			}
		}
		wanted = wanted && dealt
	}
	return shares
}
