package mapping

import (
	"slices"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// WithOptions returns a plan that knows further options or statuses of an attribute (one of the plan's object, or of
// a target that the plan may create), after they were created for `missing: create`. The plan itself stays as it is.
// Rows that had a value with Missing are to be read again with the new plan, which then finds it.
func (p *Plan) WithOptions(a *attio.Attribute, options ...attio.Option) *Plan {
	q := *p
	q.entries = withOptions(p.entries, a, options)
	return &q
}

func withOptions(entries []*entry, a *attio.Attribute, options []attio.Option) []*entry {
	out := make([]*entry, len(entries))
	for i, e := range entries {
		changed := *e
		changed.fill = withOptions(e.fill, a, options)
		if e.attr == a && e.whole != nil && e.whole.Options != nil {
			whole := *e.whole
			whole.Options = e.whole.Options.With(options)
			changed.whole = &whole
		}
		out[i] = &changed
	}
	return out
}

// NearestOptions are up to three titles of options most like one that does not exist, best first.
func NearestOptions(a *attio.Attribute, title string) []string {
	return problem.Nearest(title, value.NewOptions(a.Options).Titles)
}

// Creates reports whether some column has what is missing created: a target or an option.
func (p *Plan) Creates() bool {
	return slices.ContainsFunc(
		p.entries, func(e *entry) bool { return e.whole != nil && e.whole.Missing == value.MissingCreate })
}
