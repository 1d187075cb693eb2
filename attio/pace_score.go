package attio

import (
	"context"
	"time"
)

// scores keeps queries under their score budget. Attio sums the complexity scores of all queries of the workspace over a sliding window of
// ten seconds (its guide Rate limiting); the threshold is not published, and a refusal looks like any other 429. So nothing is held back
// until queries are refused that the plain rate does not explain, twice within ten seconds, since once may be an accident; what had gone through by
// then is the budget, and queries are spaced by their scores from then on. A budget that was too low costs hours, and one that is too high a refusal:
// so it is raised after calm times, soon by as much again, and is never less than a query a second. Other reads are not touched.
type scores struct {
	line   line
	closed time.Time

	spent  []spending // of the last ten seconds
	flying int        // queries without an answer yet
	mean   float64    // score of a query, lately
	budget float64    // score in ten seconds; 0 while none is known
	last   time.Time  // when the last query went
	cut    time.Time
	raised time.Time
	calm   time.Duration // without a refusal before the budget is raised
	raise  float64       // by what it will be raised
	grown  bool          // it was raised since the last refusal
	guess  bool          // it is not what went through, but what is asked for at least
}

type spending struct {
	at    time.Time
	score float64
}

const (
	scoreShare  = 0.9 // of what went through
	scoreSpan   = 10 * time.Second
	scoreCalm   = 10 * time.Second // doubled by each refusal of a raised budget
	longestCalm = 40 * time.Second
	scoreRest   = time.Second // between two queries, at most, while the budget is a guess
	leastRaise  = 1.05        // of a budget that was learnt, the first time; four times as much more at each next one that is not refused
	mostRaise   = 2.0
	scoreHigh   = 20 // a mean score that makes it the cause however frequent reads are
)

// waitQuery is wait for a record query, which waits for its share of the score budget as well. Its answer must have query set.
func (p *pacer) waitQuery(ctx context.Context, again bool) (turn, error) {
	if _, err := p.queue(ctx, &p.scores.line, again); err != nil {
		return turn{}, err
	}
	t, err := p.wait(ctx, again)
	t.query = true
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.scores.flying--
		p.pump(time.Now())
	}
	return t, err
}

// next is when the first query in line may go on to wait for its turn: the ten seconds before hold no more than the budget, and queries
// keep their distance; but one goes every second, unless the budget is known.
func (s *scores) next(now time.Time) time.Time {
	if s.budget == 0 {
		return later(now, s.closed)
	}
	at := s.last.Add(time.Duration(s.mean / s.budget * float64(scoreSpan)))
	over := s.sum(now) + float64(s.flying+1)*s.mean - s.budget
	for _, x := range s.spent {
		if over <= 0 {
			break
		}
		over -= x.score
		at = later(at, x.at.Add(scoreSpan))
	}
	if over > 0 && s.flying > 0 {
		at = later(at, now.Add(scoreSpan)) // an answer will say more, and asks again
	}
	if most := s.last.Add(scoreRest); s.guess && at.After(most) {
		at = most
	}
	return later(at, s.closed)
}

func (s *scores) take(now time.Time) turn {
	s.last = now
	s.flying++
	return turn{sent: now}
}

// guilty says whether the score budget is the cause of a query's refusal: only a part of the limit of reads was used, or queries are
// costly. Should it be the limit of reads after all, then another read is soon refused as well.
func (s *scores) guilty(t turn, a answer, n float64) bool {
	return t.query && a.query && a.limited && (float64(t.load) < n/2 || s.mean >= scoreHigh)
}

// accepted takes the score of a query.
func (s *scores) accepted(now time.Time, t turn, a answer) {
	score := float64(max(a.score, 1))
	if s.mean == 0 {
		s.mean = score
	}
	s.mean += (score - s.mean) / 5
	s.spent = append(s.spent, spending{at: now, score: score})
	s.sum(now)
	if s.budget > 0 && now.Sub(s.cut) >= s.calm && now.Sub(s.raised) >= scoreSpan {
		s.budget *= s.raise
		s.raise = min(1+4*(s.raise-1), mostRaise)
		s.raised, s.grown = now, true
	}
}

// sum is the score of the last ten seconds.
func (s *scores) sum(now time.Time) float64 {
	kept, total := s.spent[:0], 0.0
	for _, x := range s.spent {
		if now.Sub(x.at) < scoreSpan {
			kept = append(kept, x)
			total += x.score
		}
	}
	s.spent = kept
	return total
}

// refused holds all queries until then, and at the second time learns the budget from what went through. Queries that were sent before the last
// refusal that counted teach nothing new.
func (s *scores) refused(now time.Time, t turn, until time.Time) {
	s.closed = later(s.closed, until)
	if !t.sent.After(s.cut) {
		return
	}
	first := s.budget == 0 && now.Sub(s.cut) > scoreSpan
	s.cut, s.raised = now, now
	if first {
		return
	}
	through := s.sum(now)
	if s.budget > 0 {
		through = min(through, s.budget)
	}
	if s.calm = max(s.calm, scoreCalm); s.grown {
		s.calm = min(2*s.calm, longestCalm)
	}
	s.budget, s.raise, s.grown = scoreShare*through, leastRaise, false
	least := float64(scoreSpan/scoreRest) * max(s.mean, 1)
	if s.guess = s.budget < least; s.guess { // next to nothing went through: that says little of the budget
		s.budget, s.raise = least, mostRaise
	}
}
