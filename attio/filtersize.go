package attio

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// FilterSizes knows how many values a filter may hold, for each object, as long as its Client lives. It begins with
// MaxFilterValues and learns from refusals. It may be used from several goroutines.
type FilterSizes struct {
	most  int // at the start
	mu    sync.Mutex
	sizes map[string]int // of objects that refused a filter
}

// Filters returns what this client knows of the size of filters. All who ask by filter use it, so that what one of
// them learns holds for the others.
func (c *Client) Filters() *FilterSizes { return &c.filters }

// Of returns how many values a filter of this object's records may hold: 1 at least.
func (s *FilterSizes) Of(object string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(object)
}

func (s *FilterSizes) of(object string) int {
	return cmp.Or(s.sizes[object], s.most, MaxFilterValues)
}

// Refused takes in why a query of an object failed whose filter held so many values. It reports whether to ask again
// with no more values than Of allows by then: err says, or may say, that the filter was too large (400, 413, 414, a
// 429 that did not end), and it held more than one value. The size is halved once for each size that was refused: a
// query that was under way with more values than are allowed by now is only to be asked again.
func (s *FilterSizes) Refused(object string, values int, err error) bool {
	if values <= 1 || !MayBeTooLarge(err) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if values > s.of(object) {
		return true
	}
	if s.sizes == nil {
		s.sizes = make(map[string]int)
	}
	s.sizes[object] = values / 2
	return true
}

// MayBeTooLarge reports whether a query may have been refused for the size of its filter. A 400 that names no such
// cause is one of these: Attio's words for it are not documented.
func MayBeTooLarge(err error) bool {
	e, ok := errors.AsType[*Error](err)
	large := []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong}
	return ok && (e.Class == Refused && slices.Contains(large, e.Status) || e.Class == NotProcessed && e.limited())
}

// FilterError says that Attio refuses to find records by a filter, however few values it holds. It never shows a value.
type FilterError struct {
	Object string
	Shape  FilterShape
	Err    error
}

func (e *FilterError) Error() string {
	text := fmt.Sprintf("look up %s: Attio refuses a filter of %s", e.Object, e.Shape)
	api, ok := errors.AsType[*Error](e.Err)
	if !ok {
		return text + ": " + e.Err.Error()
	}
	text += ": " + api.Brief() // Attio's own words may quote a value
	if len(api.FilterPath) > 0 {
		text += " (at " + strings.Join(api.FilterPath, ".") + ")"
	}
	return text
}

// Unwrap returns Attio's refusal.
func (e *FilterError) Unwrap() error { return e.Err }

// FilterShape is what may be said of a filter without showing a value.
type FilterShape struct {
	Values     int      // that it compares with
	Operators  []string // $in, $or, …, sorted
	Attributes []string // slugs, sorted
}

// String writes "2 values ($in, $or on domains, name)".
func (s FilterShape) String() string {
	text := fmt.Sprintf("%d values", s.Values)
	if s.Values == 1 {
		text = "1 value"
	}
	if len(s.Attributes) == 0 {
		return text
	}
	on := "on " + strings.Join(s.Attributes, ", ")
	if len(s.Operators) > 0 {
		on = strings.Join(s.Operators, ", ") + " " + on
	}
	return text + " (" + on + ")"
}

// ShapeOf counts a filter's values and names what it compares. What is no JSON has no shape.
func ShapeOf(filter json.RawMessage) FilterShape {
	var tree any
	var s FilterShape
	if json.Unmarshal(filter, &tree) != nil {
		return s
	}
	s.add(tree, false)
	slices.Sort(s.Operators)
	slices.Sort(s.Attributes)
	s.Operators, s.Attributes = slices.Compact(s.Operators), slices.Compact(s.Attributes)
	return s
}

// add takes in a part of a filter; inside means below an attribute, where names are those of its fields.
func (s *FilterShape) add(part any, inside bool) {
	switch part := part.(type) {
	case map[string]any:
		for name, v := range part {
			switch {
			case strings.HasPrefix(name, "$"):
				s.Operators = append(s.Operators, name)
				s.add(v, inside)
			case !inside && name == "path":
				s.addPath(v)
			case !inside && name == "constraints":
				s.add(v, true)
			default:
				if !inside {
					s.Attributes = append(s.Attributes, name)
				}
				s.add(v, true)
			}
		}
	case []any:
		for _, v := range part {
			s.add(v, inside)
		}
	default:
		s.Values++
	}
}

// addPath takes in the path of {"path":[["people","company"],["companies","domains"]],"constraints":{…}}: names only.
func (s *FilterShape) addPath(path any) {
	steps, _ := path.([]any)
	for _, step := range steps {
		pair, _ := step.([]any)
		if len(pair) != 2 {
			continue
		}
		if slug, ok := pair[1].(string); ok {
			s.Attributes = append(s.Attributes, slug)
		}
	}
}
