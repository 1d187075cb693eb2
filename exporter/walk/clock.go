package walk

import "time"

// slack is how far the server's clock as we know it (Date headers, whole seconds) may be off, with room to spare.
const slack = 3 * time.Second

// clock tells the records that were there when the walk began from those that came later, by the server's clock.
type clock struct {
	now   func() time.Time
	begin time.Time // monotonic, to measure how long the first answer took
	start time.Time // the server's time about the walk's start; zero before the first answer
}

// age is when a record was made, as seen from the walk's start.
type age int

const (
	older  age = iota // certainly before it
	recent            // about then: it may have been there
	newer             // certainly after it: left to the next export
)

// observe learns the time of the start from the first answer: before it the client may know no clock but the local one.
func (c *clock) observe() {
	if c.start.IsZero() {
		c.start = c.now().Add(-time.Since(c.begin))
	}
}

// age is that of a record by its time. It is recent where that cannot be read or lies in the future: then the clocks
// disagree, and nothing may be left out.
func (c *clock) age(created string) age {
	t, err := time.Parse(time.RFC3339Nano, created)
	switch {
	case err != nil || c.start.IsZero():
		return recent
	case t.Before(c.start.Add(-slack)):
		return older
	case t.After(c.start.Add(slack)) && !t.After(c.now().Add(slack)):
		return newer
	}
	return recent
}

const instant = "2006-01-02T15:04:05.000000000Z"

// Instant writes a time (RFC 3339) so that text compares as time. What is no time stays as it is.
func Instant(text string) string {
	if len(text) == len(instant) && text[len(text)-1] == 'Z' {
		return text // as it would be written
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return t.UTC().Format(instant)
}
