package exporter

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/attio-bulk/attio-bulk/attio"
)

// schemaWatch notices attributes that are archived, renamed or changed while an export reads: from then on their
// columns are empty. An answer has a value list for every attribute of its object, be it empty, and all records of a
// page are of one instant. Pages may be given to it from several goroutines.
type schemaWatch struct {
	attributes []attio.Attribute // those that have a column, as they were when the export began

	mu            sync.Mutex
	seen, missing map[string]bool // slugs that stood on some page; that were on no record of one
}

func newSchemaWatch(o *attio.Object, columns []string) *schemaWatch {
	w := &schemaWatch{seen: map[string]bool{}, missing: map[string]bool{}}
	for _, a := range o.Attributes {
		shown := func(column string) bool { return column == a.Slug || strings.HasPrefix(column, a.Slug+".") }
		if !a.Archived && (columns == nil || slices.ContainsFunc(columns, shown)) {
			w.attributes = append(w.attributes, a)
		}
	}
	return w
}

// page looks for attributes that no record of a page has.
func (w *schemaWatch) page(records []attio.Record) {
	if len(records) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.attributes {
		slug, found := w.attributes[i].Slug, w.missing
		if slices.ContainsFunc(records, func(r attio.Record) bool { return r.Values[slug] != nil }) {
			found = w.seen
		}
		found[slug] = true
	}
}

// changes compares with the attributes that the object has by now, and says what became of those that changed.
func (w *schemaWatch) changes(now []attio.Attribute) (changes []string) {
	for i := range w.attributes {
		was := &w.attributes[i]
		at := slices.IndexFunc(now, func(a attio.Attribute) bool { return a.ID == was.ID })
		var what string
		switch {
		case at < 0 || now[at].Archived:
			what = "was archived"
		case now[at].Slug != was.Slug:
			what = "was renamed to " + now[at].Slug
		case now[at].Type != was.Type || now[at].Multi != was.Multi:
			what = "changed its type"
		case w.seen[was.Slug] && w.missing[was.Slug]:
			what = "was missing from some pages"
		default:
			continue
		}
		text := fmt.Sprintf("the attribute %s %s during the export; its column may be empty in part", was.Slug, what)
		changes = append(changes, text)
	}
	return changes
}
