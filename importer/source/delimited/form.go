package delimited

// Form is how a text is written.
type Form struct {
	Comma rune // the delimiter; 0 where Blanks are
	// Blanks: cells stand apart by at least so many blanks, a tab counting as any number; 0 for Comma.
	Blanks int
	Quote  rune // 0: none, so that a quote is a letter like any other
	// Backslash: a backslash before a quote, a backslash, a delimiter or a line end takes its meaning away. Elsewhere it
	// is a letter. Without it a quote within quotes is written twice.
	Backslash bool
}

// Plain is the form that encoding/csv reads.
func Plain(comma rune) Form { return Form{Comma: comma, Quote: '"'} }

// IsPlain reports whether encoding/csv reads the form.
func (f Form) IsPlain() bool { return f.Blanks == 0 && f.Quote == '"' && !f.Backslash }
