package value

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
	Key, Value string   // "country" and "GB"; of transform, its name
	Or         []string // further values that would do as well
	Args       []string // of values and transform: keys and their values in turn
}

func setKey(key, value string) *Setting { return &Setting{Key: key, Value: value} }

// insteadOf is a line of the value table.
func insteadOf(cell, value string) *Setting {
	return &Setting{Key: "values", Args: []string{cell, value}}
}

func transformBy(name string, args ...string) *Setting {
	return &Setting{Key: "transform", Value: name, Args: args}
}
