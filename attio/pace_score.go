package attio

import (
	"context"
	"time"
)

// scores keeps queries under their score budget. Attio sums the complexity scores of all queries of the workspace over a sliding window of
// ten seconds (its guide Rate limiting); the threshold is not published, and a refusal looks like any other 429. So nothing is held back
// until a query is refused that the plain rate does not explain; what had gone through by then is the budget, and queries are spaced by
// their scores from then on. Other reads are not touched.
type scores struct {
	line   line
	closed time.Time

	spent  []spending // of the last ten seconds
	mean   float64    // score of a query, lately
	budget float64    // score in ten seconds; 0 while none is known
	last   time.Time  // when the last query went
	cut    time.Time
	raised time.Time
	calm   time.Duration // without a refusal before the budget is raised
}

type spending struct {
	at    time.Time
	score float64
}

const (
	scoreSpan   = 10 * time.Second
	scoreCalm   = 10 * time.Second // doubled by each refusal of a raised budget
	longestCalm = 160 * time.Second
	scoreHigh   = 20 // a mean score that can be the cause although reads are frequent
)

// waitQuery is wait for a record query, which waits for its share of the score budget as well. Its answer must have query set.
func (p *pacer) waitQuery(ctx context.Context, again bool) (turn, error) {
	if _, err := p.queue(ctx, &p.scores.line, again); err != nil {
		return turn{}, err
	}
	t, err := p.wait(ctx, again)
	t.query = true
	return t, err
}

// next is when the first query in line may go on to wait for its turn.
func (s *scores) next(now time.Time) time.Time {
	at := now
	if s.budget > 0 {
		at = s.last.Add(time.Duration(max(s.mean, 1) / s.budget * float64(scoreSpan)))
	}
	return later(at, s.closed)
}

func (s *scores) take(now time.Time) turn {
	s.last = now
	return turn{sent: now}
}

// guilty says whether the score budget is the cause of a query's refusal: the limit of reads is not where only a part of it was used, or
// where queries are costly and it was not used up.
func (s *scores) guilty(t turn, a answer, n float64) bool {
	used := float64(t.load) / n
	return t.query && a.query && a.limited && (used < 0.5 || used < 0.9 && s.mean >= scoreHigh)
}

// accepted takes the score of a query.
func (s *scores) accepted(now time.Time, a answer) {
	score := float64(max(a.score, 1))
	if s.mean == 0 {
		s.mean = score
	}
	s.mean += (score - s.mean) / 5
	s.spent = append(s.spent, spending{at: now, score: score})
	s.sum(now)
	if s.budget > 0 && now.Sub(s.cut) >= s.calm && now.Sub(s.raised) >= scoreSpan {
		s.budget *= 1.05
		s.raised = now
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

// refused learns the budget from what went through, and holds all queries until then. Queries that were sent before the last change teach
// nothing new.
func (s *scores) refused(now time.Time, t turn, until time.Time) {
	s.closed = later(s.closed, until)
	if !t.sent.After(s.cut) {
		return
	}
	through := s.sum(now)
	if s.budget > 0 {
		through = min(through, s.budget)
	}
	s.calm = min(max(2*s.calm, scoreCalm), longestCalm)
	s.budget = max(0.9*through, s.mean, 1) // one query in ten seconds at least
	s.cut, s.raised = now, now
}
