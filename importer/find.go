package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
		records, err := f.all(ctx, object, filter)
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

// all reads every record that a filter fits.
func (f *finder) all(ctx context.Context, object string, filter json.RawMessage) ([]attio.Record, error) {
	q := attio.Query{Filter: filter, Limit: lookupPage}
	var out []attio.Record
	for {
		var page attio.Page // of its own: its records are kept
		if err := f.client.ReadPage(ctx, object, q, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Records...)
		if len(page.Records) < lookupPage {
			return out, nil
		}
		q.Offset += len(page.Records)
	}
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
	for first := 0; ; first += lookupsInFlight {
		pages, err := readPages(ctx, c, object, first, lookupsInFlight)
		if err != nil {
			clear(s.attrs) // nothing is known of them
			return err
		}
		for _, page := range pages {
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
			if len(page.Records) < sweepPage {
				return nil
			}
		}
	}
}

// readPages reads n pages of an object side by side, from page first on.
func readPages(ctx context.Context, c *attio.Client, object string, first, n int) ([]attio.Page, error) {
	got := make([]attio.Page, n)
	g, ctx := errgroup.WithContext(ctx)
	for i := range n {
		g.Go(func() error {
			q := attio.Query{Limit: sweepPage, Offset: (first + i) * sweepPage}
			return c.ReadPage(ctx, object, q, &got[i])
		})
	}
	return got, g.Wait()
}
