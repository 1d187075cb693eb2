package propose

import "slices"

// Offers are the answers that are an entry as they are, the likeliest first.
func (s *Suggestion) Offers() []Answer {
	return slices.DeleteFunc(slices.Clone(s.Answers), func(a Answer) bool { return !a.complete() })
}

// Take answers what is asked about a column.
func (p *Proposal) Take(s *Suggestion, a Answer) {
	s.Column = &a.Column
	p.answered(s)
}

// LeaveOut answers what is asked about a column: it is listed under ignore.
func (p *Proposal) LeaveOut(s *Suggestion) {
	s.Ignore, s.Notes = true, nil
	p.answered(s)
}

func (p *Proposal) answered(s *Suggestion) {
	s.Ask, s.Answers = "", nil
	p.Lacking, p.match = nil, nil
	p.lacking()
}

// Example is a cell of a column, and how many rows have it.
type Example struct {
	Text string
	Rows int
}

// Examples are cells of the column as the file has them, the most frequent first, n at most.
func (s *Suggestion) Examples(n int) (all []Example) {
	texts := byCount(s.profile.values)
	for _, text := range texts[:min(n, len(texts))] {
		all = append(all, Example{text, s.profile.values[text]})
	}
	return all
}
