package pace

import (
	"math"
	"time"
)

const shareWait = 5 * time.Millisecond

// claim asks for this gate's share of the second that has begun.
func (g *Gate) claim(no int64, now time.Time) {
	if g.o.Share == nil || g.claiming {
		return
	}
	g.claiming = true
	s := g.now
	s.asked = now.Add(shareWait)
	wanted := min(int(math.Ceil(s.level)), g.waiting()+g.sentSince(now.Add(-time.Second)))
	go func() {
		share, ok := g.o.Share(no, wanted)
		g.update(func(time.Time) {
			g.claiming, s.asked = false, time.Time{}
			switch most := float64(share) * g.budget.most / g.o.Rate; {
			case !ok: // alone
			case share <= 0:
				s.budget = 0
				g.budget.drop(s)
			case most < s.level:
				if most <= g.budget.level {
					g.budget.drop(s)
				}
				s.fill(g, most)
			}
		})
	}()
}

// Ask ends the second at hand, so that the next request asks for its share: Share has just begun to know.
func (g *Gate) Ask() {
	g.update(func(now time.Time) {
		if g.now != nil {
			g.now.end = now
		}
	})
}
