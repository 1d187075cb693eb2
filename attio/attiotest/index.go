package attiotest

import "strings"

// index finds the records that hold a value of a unique attribute. Keys ignore case, since filters do; whether two
// values are the same for the unique rule is for body.same to say (a text's case counts there, an e-mail's does not).
type index struct {
	one  map[string]*record
	more map[string][]*record // where several records share a key
}

// add files a record under a key; filing it twice is filing it once.
func (x *index) add(key string, r *record) {
	key = strings.ToLower(key)
	if x.one == nil {
		x.one = map[string]*record{}
	}
	first, taken := x.one[key]
	if !taken {
		x.one[key] = r
		return
	}
	if first == r {
		return
	}
	for _, other := range x.more[key] {
		if other == r {
			return
		}
	}
	if x.more == nil {
		x.more = map[string][]*record{}
	}
	x.more[key] = append(x.more[key], r)
}

// remove takes a record from a key; one that is not there is no error.
func (x *index) remove(key string, r *record) {
	key = strings.ToLower(key)
	rest := x.more[key]
	if x.one[key] == r {
		if len(rest) == 0 {
			delete(x.one, key)
			return
		}
		x.one[key] = rest[0]
		rest = rest[1:]
	} else {
		for i, other := range rest {
			if other == r {
				rest = append(rest[:i:i], rest[i+1:]...)
				break
			}
		}
	}
	if len(rest) == 0 {
		delete(x.more, key)
	} else {
		x.more[key] = rest
	}
}

// find returns the records under a key.
func (x *index) find(key string) []*record {
	key = strings.ToLower(key)
	first, ok := x.one[key]
	if !ok {
		return nil
	}
	return append([]*record{first}, x.more[key]...)
}
