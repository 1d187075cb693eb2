package attiotest

import (
	"slices"
	"strings"
)

// index finds the records that hold a value of a unique attribute. Keys ignore case, since filters do; whether two
// values are the same for the unique rule is for same to say (a text's case counts there, an e-mail's does not).
type index map[string][]*record

// add files a record under a key; filing it twice is filing it once.
func (x index) add(key string, r *record) {
	key = strings.ToLower(key)
	if !slices.Contains(x[key], r) {
		x[key] = append(x[key], r)
	}
}

// remove takes a record from a key; one that is not there is no error.
func (x index) remove(key string, r *record) {
	key = strings.ToLower(key)
	rest := slices.DeleteFunc(x[key], func(other *record) bool { return other == r })
	if x[key] = rest; len(rest) == 0 {
		delete(x, key)
	}
}

// find returns the records under a key, for reading only.
func (x index) find(key string) []*record { return x[strings.ToLower(key)] }
