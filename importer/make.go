package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// maker makes what rows need and Attio does not have. Where a mapping says missing: create, the whole file is read once
// before the first row is sent: what is missing is listed with its counts, and made once, however many rows need it:
// options first, then targets, companies before people before the rest. Each is announced in the journal before it is
// made, so that undo knows it even after a crash.
//
// An option has neither a time nor a maker, so that one that is there says nothing of whose it is. Each is therefore
// announced by itself, right before it is made, when it was not there: one that is found after a crash has come
// since. That somebody else made it in that moment cannot be told; it counts as ours, and undo would archive it,
// which can be reverted in Attio.
type maker struct {
	*session
	resolver *resolver
	made     map[string]int // see accounts
}

// targetsAtOnce is how many targets are made side by side: about what a second allows.
const targetsAtOnce = 32

// need is what rows need and may have to be made: an option of an attribute, or the target of a reference.
type need struct {
	object, title string
	attr          *attio.Attribute // nil of a target
	archived      string           // the id of an option that is there and archived: it is brought back
	ref           value.Ref        // of a target: that of the first row that needs it
	rows          int
}

// hash names what is needed, in the journal too, without the title or key, which are cells of the file. Titles that
// differ in case alone are one option where it is created; an archived one is known by its id.
func (n *need) hash() string {
	parts := []string{n.object, n.ref.Attr, n.ref.Key}
	if n.attr != nil {
		parts = []string{"option", n.object, n.attr.Slug, cmp.Or(n.archived, strings.ToLower(n.title))}
	}
	return sha256Hex([]byte(strings.Join(parts, "\x00")))[:32]
}

func sha256Hex(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// prepare makes what is missing. In a dry run it only says and counts what would be made.
func (m *maker) prepare() error {
	if !m.Plan.Creates() {
		return nil
	}
	if err := m.adoptOptions(); err != nil {
		return err
	}
	options, targets, err := m.scan()
	if err == nil {
		targets, err = m.missing(targets)
	}
	if err != nil {
		return err
	}
	m.say(options, targets)
	if m.DryRun {
		for _, n := range slices.Concat(options, targets) {
			m.count(n)
		}
		return nil
	}
	if err := m.makeAll(options, 1); err != nil {
		return err
	}
	return m.makeAll(targets, targetsAtOnce)
}

// count counts what was made, as journal.History does.
func (m *maker) count(n *need) {
	kind := n.object
	if n.attr != nil {
		kind = "options"
	}
	m.made[kind]++
}

// scan reads the file for what may have to be made.
func (m *maker) scan() (options, targets []*need, err error) {
	seen := make(map[string]*need)
	note := func(list *[]*need, n need) {
		hash := n.hash()
		had := seen[hash]
		if had == nil {
			had = &n
			had.ref.Fill = slices.Clone(n.ref.Fill) // the row's storage is used again for the next row
			for i, f := range had.ref.Fill {
				had.ref.Fill[i].Values = slices.Clone(f.Values)
			}
			seen[hash] = had
			*list = append(*list, had)
		}
		had.rows++
	}
	noteOptions := func(object string, fields []value.Field) {
		for _, f := range fields {
			for _, v := range f.Values {
				if v.Missing {
					n := need{object: object, attr: f.Attr, title: v.Text, archived: archivedOption(f.Attr, v.Text)}
					note(&options, n)
				}
			}
		}
	}
	it := &item{}
	for row, err := range m.Input.Rows(m.stop) {
		if err != nil {
			return nil, nil, err
		}
		if m.Limit > 0 && row.Number > m.Limit {
			break
		}
		if row.Bad != nil || m.past.Action(row.Number) != "" || len(m.Plan.Values(row, &it.rec)) > 0 {
			continue
		}
		noteOptions(m.Plan.Object.Slug, it.rec.Fields)
		for ref := range it.refs() {
			if ref.Missing == value.MissingCreate && ref.Attr != "" {
				note(&targets, need{object: ref.Object, ref: *ref})
			}
			noteOptions(ref.Object, ref.Fill)
		}
	}
	return options, targets, context.Cause(m.stop)
}

// archivedOption is the id of the option of a title, where it is archived; "" else.
func archivedOption(a *attio.Attribute, title string) string {
	for _, o := range a.Options {
		if o.Archived && o.Title == title {
			return o.ID
		}
	}
	return ""
}

// missing looks targets up, and returns those that are not there, in the order in which they have to be made.
func (m *maker) missing(targets []*need) (missing []*need, err error) {
	for batch := range slices.Chunk(targets, lookupBatch) {
		items := make([]*item, len(batch))
		for i, n := range batch {
			items[i] = &item{rec: mapping.Record{Fields: []value.Field{{Values: []value.Value{{Ref: &n.ref}}}}}}
		}
		job := &lookup{asks: m.resolver.targetAsks(items)}
		if err := m.resolver.lookUp(job); err != nil {
			return nil, err
		}
		m.resolver.learn(job.asks)
		for i, n := range batch {
			m.resolver.fill(items[i])
			if id := items[i].targets[0].id; id == "" {
				missing = append(missing, n)
			} else if err := m.adoptTarget(n, id); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(missing, func(a, b *need) int { return cmp.Compare(madeOrder(a.object), madeOrder(b.object)) })
	return missing, nil
}

// madeOrder puts what is referred to before what refers to it.
func madeOrder(object string) int {
	if i := slices.Index([]string{"companies", "people", "workspaces", "users", "deals"}, object); i >= 0 {
		return i
	}
	return len(object) + 100 // custom objects last, in any order that stays
}

// say lists what will be made, once, with counts and the nearest titles there are.
func (m *maker) say(options, targets []*need) {
	verb, back := "making", "bringing back"
	if m.DryRun {
		verb, back = "would make", "would bring back"
	}
	for _, n := range options {
		if n.archived != "" {
			m.Notice(fmt.Sprintf("%s the archived option %q of %s for %s", back, n.title, n.attr.Slug, plural(n.rows, "row")))
			continue
		}
		line := fmt.Sprintf("%s option %q of %s for %s", verb, n.title, n.attr.Slug, plural(n.rows, "row"))
		if near := mapping.NearestOptions(n.attr, n.title); len(near) > 0 {
			line += "; the nearest there are: " + strings.Join(near, ", ")
		}
		m.Notice(line)
	}
	for len(targets) > 0 {
		object := targets[0].object
		other := slices.DeleteFunc(slices.Clone(targets), func(n *need) bool { return n.object == object })
		m.Notice(fmt.Sprintf("%s %s of %s that rows refer to", verb, plural(len(targets)-len(other), "record"), object))
		targets = other
	}
}
