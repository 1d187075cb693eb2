package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

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
	mu     sync.Mutex
	swept  map[string]*sweptObject // by object; of those whose filters are refused
}

func newFinder(c *attio.Client) *finder {
	return &finder{client: c, swept: make(map[string]*sweptObject)}
}

// find returns the records of an object that hold any of these values, each once. It may return others beside them,
// since Attio compares texts without regard to case: compare with KeysOf. Errors: *attio.Error, *attio.FilterError.
func (f *finder) find(ctx context.Context, object string, keys []mapping.Key) ([]attio.Record, error) {
	return f.findSince(ctx, object, keys, false)
}

// findNow is find for what was written a moment ago: it trusts no earlier reading of the object.
func (f *finder) findNow(ctx context.Context, object string, keys []mapping.Key) ([]attio.Record, error) {
	return f.findSince(ctx, object, keys, true)
}

func (f *finder) findSince(ctx context.Context, object string, keys []mapping.Key, fresh bool) ([]attio.Record, error) {
	if f.isSwept(object) {
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
// a page that is shorter than asked for may only be as long as the server makes them.
func (f *finder) holders(
	ctx context.Context, object string, keys []mapping.Key, filter json.RawMessage,
) ([]attio.Record, error) {
	missing := make(map[[2]string]bool, len(keys))
	attrs := make(map[string]*attio.Attribute)
	for _, k := range keys {
		missing[[2]string{k.Attr.Slug, k.Norm}], attrs[k.Attr.Slug] = true, k.Attr
	}
	var out []attio.Record
	var norms []string
	for rec, err := range f.client.Records(ctx, object, attio.Query{Filter: filter}) {
		if err != nil {
			return nil, err
		}
		out = append(out, *rec)
		for slug, a := range attrs {
			norms = value.KeysOf(norms[:0], a, rec)
			for _, n := range norms {
				delete(missing, [2]string{slug, n})
			}
		}
		if len(missing) == 0 {
			break
		}
	}
	return out, nil
}

// keysFilter finds the records that hold any of these values.
func keysFilter(keys []mapping.Key) json.RawMessage {
	byAttr := make(map[string][]string)
	var attrs []*attio.Attribute
	for _, k := range keys {
		if byAttr[k.Attr.Slug] == nil {
			attrs = append(attrs, k.Attr)
		}
		byAttr[k.Attr.Slug] = append(byAttr[k.Attr.Slug], k.Norm)
	}
	filters := make([]json.RawMessage, len(attrs))
	for i, a := range attrs {
		filters[i] = value.KeyFilter(a, byAttr[a.Slug])
	}
	if len(filters) == 1 {
		return filters[0]
	}
	or := append([]byte(`{"$or":[`), bytes.Join(rawBytes(filters), []byte{','})...)
	return append(or, "]}"...)
}

func rawBytes(raws []json.RawMessage) [][]byte {
	out := make([][]byte, len(raws))
	for i, r := range raws {
		out[i] = r
	}
	return out
}

// sweptObject is what reading a whole object told: which record holds which value, in 32 bytes a value.
type sweptObject struct {
	turn   chan struct{}               // holds one: whoever takes it has the rest to himself
	attrs  map[string]*attio.Attribute // whose values were read
	claims *claim.Table                // a value's place in ids, from 1
	ids    []string
}

func (f *finder) isSwept(object string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.swept[object] != nil
}

// findBySweep finds records without a filter.
func (f *finder) findBySweep(
	ctx context.Context, object string, keys []mapping.Key, fresh bool,
) ([]attio.Record, error) {
	ids, err := f.sweptIDs(ctx, object, keys, fresh)
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", object, err)
	}
	var out []attio.Record
	for _, id := range ids {
		rec, err := f.client.Record(ctx, object, id)
		var api *attio.Error
		if errors.As(err, &api) && api.Class == attio.Refused {
			continue // gone, or no id at all
		}
		if err != nil {
			return nil, fmt.Errorf("look up %s: %w", object, err)
		}
		out = append(out, rec)
	}
	return out, nil
}

// sweptIDs are the ids of the records that hold any of these values, by a sweep. A value of an attribute that was not
// read has the object read again.
func (f *finder) sweptIDs(ctx context.Context, object string, keys []mapping.Key, fresh bool) ([]string, error) {
	f.mu.Lock()
	s := f.swept[object]
	if s == nil {
		s = &sweptObject{turn: make(chan struct{}, 1), attrs: make(map[string]*attio.Attribute)}
		s.turn <- struct{}{}
		f.swept[object] = s
	}
	f.mu.Unlock()
	select {
	case <-s.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { s.turn <- struct{}{} }()
	for _, k := range keys {
		if k.Attr.Slug != recordID && s.attrs[k.Attr.Slug] == nil {
			s.attrs[k.Attr.Slug], fresh = k.Attr, true
		}
	}
	if fresh && len(s.attrs) > 0 {
		if err := s.read(ctx, f.client, object); err != nil {
			return nil, err
		}
	}
	var out []string
	seen := make(map[string]bool)
	for _, k := range keys {
		id := k.Norm
		if k.Attr.Slug != recordID {
			if id = ""; s.claims.Owner(s.claims.Key(k)) > 0 {
				id = s.ids[s.claims.Owner(s.claims.Key(k))-1]
			}
		}
		if id != "" && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out, nil
}

// read reads the object.
func (s *sweptObject) read(ctx context.Context, c *attio.Client, object string) error {
	s.claims, s.ids = claim.New(0), nil
	var norms []string
	for page, err := range sweep(ctx, c, object) {
		if err != nil {
			clear(s.attrs) // nothing is known of them
			return err
		}
		for i := range page.Records {
			rec := &page.Records[i]
			s.ids = append(s.ids, rec.ID)
			for _, a := range s.attrs {
				norms = value.KeysOf(norms[:0], a, rec)
				for _, n := range norms {
					s.claims.Claim(s.claims.Key(mapping.Key{Attr: a, Norm: n}), len(s.ids))
				}
			}
		}
	}
	return nil
}
