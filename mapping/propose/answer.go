package propose

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

// Fill answers what is to fill an attribute that records lack.
func (p *Proposal) Fill(lack *Suggestion, a Answer) {
	if a.Constant != nil {
		lack.constant = &a
	} else {
		lack.Column = &a.Column
		for _, s := range p.Columns { // that column is used now: it is neither open nor left out
			if s.Header == a.Column.Column && s.Column == nil {
				s.Ask, s.Answers, s.Ignore = "", nil, false
			}
		}
	}
	p.given = append(p.given, lack)
	p.answered(lack)
}

func (p *Proposal) answered(s *Suggestion) {
	s.Ask, s.Answers = "", nil
	p.Lacking, p.Lacks, p.match = nil, nil, nil
	p.finder.lacking(p)
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
