package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/claim"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// finder reads records by their unique values and ids. No filter of its queries holds more values than Attio takes.
// Where Attio refuses even a filter of one value, the object is read whole once, which tells who holds a value, and
// the records that are meant are read by their ids. It may be used from several goroutines.
type finder struct {
	client *attio.Client
	swept  sync.Map // *sweptObject by object; of those whose filters are refused
}

// find returns the records of an object that hold any of these values, each once. It may return others beside them,
// since Attio compares texts without regard to case: compare with heldKeys. fresh has it trust no earlier reading of
// the object, for what was written a moment ago. Errors: *attio.Error, *attio.FilterError.
func (f *finder) find(ctx context.Context, object string, keys []mapping.Key, fresh bool) ([]attio.Record, error) {
	if _, swept := f.swept.Load(object); swept {
		return f.findBySweep(ctx, object, keys, fresh)
	}
	var out []attio.Record
	seen := make(map[string]bool)
	sizes := f.client.Filters()
	for rest := keys; len(rest) > 0; {
		n := min(len(rest), sizes.Of(object))
		filter := keysFilter(rest[:n])
		records, err := f.holders(ctx, object, rest[:n], filter)
		switch {
		case err == nil:
			rest = rest[n:]
		case sizes.Refused(object, n, err):
			continue
		case attio.MayBeTooLarge(err):
			refused := &attio.FilterError{Object: object, Shape: attio.ShapeOf(filter), Err: err}
			if out, err = f.findBySweep(ctx, object, keys, fresh); attio.MayBeTooLarge(err) {
				return nil, refused // nothing is answered, not even without a filter
			}
			return out, err
		default:
			return nil, fmt.Errorf("look up %s: %w", object, err)
		}
		for i := range records {
			if !seen[records[i].ID] {
				seen[records[i].ID] = true
				out = append(out, records[i])
			}
		}
	}
	return out, nil
}

// holders reads the records that a filter for these keys fits, page by page until each key is found or a page is empty:
// a page that is shorter than asked for may only be as long as the server makes them. Of an attribute that is not
// unique all holders are read.
func (f *finder) holders(
	ctx context.Context, object string, keys []mapping.Key, filter json.RawMessage,
) (out []attio.Record, err error) {
	missing := make(map[mapping.Key]bool, len(keys))
	for _, k := range keys {
		missing[mapping.Key{Attr: k.Attr, Norm: k.Norm}] = true
	}
	attrs := attrsOf(keys)
	unique := !slices.ContainsFunc(attrs, func(a *attio.Attribute) bool { return !a.Unique })
	for rec, err := range f.client.Records(ctx, object, attio.Query{Filter: filter}) {
		if err != nil {
			return nil, err
		}
		out = append(out, *rec)
		for k := range heldKeys(attrs, rec) {
			delete(missing, k)
		}
		if len(missing) == 0 && unique {
			break
		}
	}
	return out, nil
}

// attrsOf are the attributes of these keys, each once.
func attrsOf(keys []mapping.Key) (out []*attio.Attribute) {
	for _, k := range keys {
		if !slices.Contains(out, k.Attr) {
			out = append(out, k.Attr)
		}
	}
	return out
}

// heldKeys yields the values of these attributes that a record holds, without Text.
func heldKeys(attrs []*attio.Attribute, rec *attio.Record) iter.Seq[mapping.Key] {
	return func(yield func(mapping.Key) bool) {
		var norms []string
		for _, a := range attrs {
			norms = value.KeysOf(norms[:0], a, rec)
			for _, n := range norms {
				if !yield(mapping.Key{Attr: a, Norm: n}) {
					return
				}
			}
		}
	}
}

// holdsKey reports whether a record holds a value.
func holdsKey(rec *attio.Record, k mapping.Key) bool {
	return slices.Contains(value.KeysOf(nil, k.Attr, rec), k.Norm)
}

// keysFilter finds the records that hold any of these values.
func keysFilter(keys []mapping.Key) json.RawMessage {
	var filters [][]byte
	for _, a := range attrsOf(keys) {
		var norms []string
		for _, k := range keys {
			if k.Attr == a {
				norms = append(norms, k.Norm)
			}
		}
		filters = append(filters, value.KeyFilter(a, norms))
	}
	if len(filters) == 1 {
		return filters[0]
	}
	return slices.Concat([]byte(`{"$or":[`), bytes.Join(filters, []byte{','}), []byte("]}"))
}

// sweptObject is what reading a whole object told: which record holds which value, in 32 bytes a value.
type sweptObject struct {
	turn   chan struct{}      // holds one while somebody has the rest to himself
	attrs  []*attio.Attribute // whose values were read
	claims *claim.Table       // a value's place in ids, from 1
	ids    []string
	more   map[claim.Key][]string // further holders of a value, where its attribute is not unique
}

// findBySweep finds records without a filter.
func (f *finder) findBySweep(
	ctx context.Context, object string, keys []mapping.Key, fresh bool,
) (out []attio.Record, err error) {
	s, _ := f.swept.LoadOrStore(object, &sweptObject{turn: make(chan struct{}, 1)})
	ids, err := s.(*sweptObject).idsOf(ctx, f.client, object, keys, fresh)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	for _, id := range ids {
		rec, err := f.client.Record(ctx, object, id)
		switch {
		case attio.ClassOf(err) == attio.Refused: // gone, or no id at all
		case err != nil:
			return nil, fmt.Errorf("look up %s: %w", object, err)
		default:
			out = append(out, rec)
		}
	}
	return out, nil
}

// idsOf are the ids of the records that hold any of these values, each once. A value of an attribute that was not read
// has the object read again.
func (s *sweptObject) idsOf(
	ctx context.Context, c *attio.Client, object string, keys []mapping.Key, fresh bool,
) (out []string, err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for _, a := range attrsOf(keys) {
		if a.Slug != recordID && !slices.ContainsFunc(s.attrs, func(b *attio.Attribute) bool { return b.Slug == a.Slug }) {
			s.attrs, fresh = append(s.attrs, a), true
		}
	}
	if fresh && len(s.attrs) > 0 {
		s.claims, s.ids, s.more = claim.New(0), nil, map[claim.Key][]string{}
		for page, err := range sweep(ctx, c, object) {
			if err != nil {
				s.attrs = nil // nothing is known of them
				return nil, err
			}
			for i := range page.Records {
				s.ids = append(s.ids, page.Records[i].ID)
				for k := range heldKeys(s.attrs, &page.Records[i]) {
					key := s.claims.Key(k)
					if !k.Attr.Unique && s.claims.Owner(key) > 0 {
						s.more[key] = append(s.more[key], page.Records[i].ID)
						continue
					}
					s.claims.Claim(key, len(s.ids))
				}
			}
		}
	}
	for _, k := range keys {
		holders := []string{k.Norm}
		if k.Attr.Slug != recordID {
			key := s.claims.Key(k)
			at := s.claims.Owner(key)
			if at == 0 {
				continue
			}
			holders = append(s.ids[at-1:at:at], s.more[key]...)
		}
		for _, id := range holders {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out, nil
}

// sweepPage is how many records a page of a sweep has.
const sweepPage = 500

// sweep yields all pages of an object, several of which are read at the same time. Only an empty page is the end: one
// that is shorter than asked for may be as long as the server makes them. Then the longest so far is the size to ask
// for.
func sweep(ctx context.Context, c *attio.Client, object string) iter.Seq2[*attio.Page, error] {
	return func(yield func(*attio.Page, error) bool) {
		for offset, size, longest, n := 0, sweepPage, 0, 1; ; {
			pages := make([]attio.Page, n)
			g, gctx := errgroup.WithContext(ctx)
			for i := range n {
				g.Go(func() error {
					return c.ReadPage(gctx, object, attio.Query{Limit: size, Offset: offset + i*size}, &pages[i])
				})
			}
			if err := g.Wait(); err != nil {
				yield(nil, err)
				return
			}
			n = min(2*n, maxLookups)
			for i := range pages {
				got := len(pages[i].Records)
				if got == 0 || !yield(&pages[i], nil) {
					return
				}
				offset, longest = offset+got, max(longest, got)
				if got < size {
					size, n = longest, 1 // the pages behind it are not where they were expected
					break
				}
			}
		}
	}
}
