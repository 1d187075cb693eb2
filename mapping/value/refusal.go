package value

import "fmt"

// Refusal is why a value is not taken, before anybody has said where it stands.
type Refusal struct {
	Code     string
	Message  string
	Accepted string
	Setting  *Setting
	From, To int  // in the text that was parsed
	Leave    bool // the mapping says to leave such a value out: it is no error
}

// Setting is a line of a column's entry in the mapping file that would have a refused value taken. A nil *setting is
// none.
type Setting struct {
	Key, Value string     // "country" and "GB"; of transform, its name
	Or         []string   // further values that would do as well
	Args       []string   // of values and transform: keys and their values in turn
	And        []*Setting // further lines that the value needs as well
}

// refuse is a refusal that says what would be accepted.
func refuse(code, accepted, message string, args ...any) *Refusal {
	return &Refusal{Code: code, Accepted: accepted, Message: fmt.Sprintf(message, args...)}
}

// refuse is a refusal where any text of the attribute's form would be accepted.
func (r *Reader) refuse(code, message string, args ...any) *Refusal {
	return refuse(code, Form(r.Attr.Type), message, args...)
}

// at says which bytes of the text that was parsed are at fault.
func (bad *Refusal) at(from, to int) *Refusal {
	bad.From, bad.To = from, to
	return bad
}

// set names the setting that would have the value taken.
func (bad *Refusal) set(s *Setting) *Refusal {
	bad.Setting = s
	return bad
}

func setKey(key, value string) *Setting { return &Setting{Key: key, Value: value} }

// insteadOf is a line of the value table.
func insteadOf(cell, value string) *Setting {
	return &Setting{Key: "values", Args: []string{cell, value}}
}

func transformBy(name string, args ...string) *Setting {
	return &Setting{Key: "transform", Value: name, Args: args}
}
