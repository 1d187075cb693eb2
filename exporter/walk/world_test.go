package walk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/attio-bulk/attio-bulk/attio"
)

// world is an object's records that change while they are read: a Server. What it does follows from its seed and from
// what it is asked, not from which of several goroutines comes first.
type world struct {
	mu      sync.Mutex
	seed    uint64
	asked   map[string]uint64 // how often each query came
	rng     *rand.Rand
	records []attio.Record  // by ascending id
	hidden  map[string]bool // records that a filter does not show at the moment
	touched map[string]bool // records that were ever deleted or hidden
	changed int             // inserts, deletions and moves so far

	storm    func(w *world)                                                    // runs before every answer; nil for calm
	lie      func(w *world, q attio.Query, page []attio.Record) []attio.Record // bends an answer; nil for the truth
	order    func(a, b *attio.Record) int                                      // of unsorted answers; nil for ascending id
	refuse   map[string]bool                                                   // attributes that cannot be sorted by
	latency  time.Duration                                                     // at most, of an answer
	takes    int                                                               // values in a filter; 0 any number, -1 none
	values   int                                                               // the most in any filter so far
	requests int
	begun    time.Time // when the world was made
	offsets  []int
	filters  attio.FilterSizes
}

func newWorld(seed uint64, n int) *world {
	w := &world{begun: time.Now(), seed: seed, rng: rand.New(rand.NewPCG(seed, 7)), hidden: map[string]bool{},
		touched: map[string]bool{}, asked: map[string]uint64{}}
	for range n {
		w.insert(time.Now().Add(-time.Hour - time.Duration(w.rng.IntN(1e9))*time.Microsecond))
	}
	return w
}

func (w *world) insert(at time.Time) {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(w.rng.Uint32())
	}
	stamp := at.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000000000Z")
	r := attio.Record{ID: id.String(), CreatedAt: stamp, Values: map[string]json.RawMessage{
		"created_at": json.RawMessage(`[{"value":"` + stamp + `"}]`),
	}}
	i, _ := slices.BinarySearchFunc(w.records, r, func(a, b attio.Record) int { return byID(&a, &b) })
	w.records = slices.Insert(w.records, i, r)
	w.changed++
}

func (w *world) delete(n int) {
	for range min(n, len(w.records)) {
		i := w.rng.IntN(len(w.records))
		w.touched[w.records[i].ID] = true
		w.records = slices.Delete(w.records, i, i+1)
		w.changed++
	}
}

func byID(a, b *attio.Record) int { return cmp.Compare(a.ID, b.ID) }

func byTime(a, b *attio.Record) int { return cmp.Compare(a.CreatedAt, b.CreatedAt) }

func (w *world) Now() time.Time              { return time.Now() }
func (w *world) Stats() attio.Stats          { return attio.Stats{} }
func (w *world) Filters() *attio.FilterSizes { return &w.filters }

func (w *world) ReadPage(ctx context.Context, _ string, q attio.Query, into *attio.Page) error {
	there, back := w.delays(q)
	if err := pause(ctx, there); err != nil {
		return err
	}
	var err error
	if *into, err = w.answer(q); err != nil {
		return err
	}
	return pause(ctx, back)
}

// delays are how long a query takes to the server and back.
func (w *world) delays(q attio.Query) (there, back time.Duration) {
	if w.latency == 0 {
		return 0, 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	query := fmt.Sprint(q.Offset, q.Limit, string(q.Sorts), len(q.Filter))
	w.asked[query]++
	hash := fnv.New64()
	fmt.Fprint(hash, query, w.asked[query])
	rng := rand.New(rand.NewPCG(w.seed, hash.Sum64()))
	return time.Duration(rng.Int64N(int64(w.latency))), time.Duration(rng.Int64N(int64(w.latency)))
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

func (w *world) answer(q attio.Query) (attio.Page, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.storm != nil {
		w.storm(w)
	}
	w.requests++
	n := attio.ShapeOf(q.Filter).Values
	if w.values = max(w.values, n); w.takes != 0 && n > max(0, w.takes) {
		return attio.Page{}, &attio.Error{Class: attio.Refused, Status: 400, Code: "filter_error",
			Message: "too many constraint values used"}
	}
	w.offsets = append(w.offsets, q.Offset)
	order := w.order
	if q.Sorts != nil {
		var sorts []struct{ Attribute, Direction string }
		if err := json.Unmarshal(q.Sorts, &sorts); err != nil {
			return attio.Page{}, err
		}
		if w.refuse[sorts[0].Attribute] {
			return attio.Page{}, &attio.Error{Class: attio.Refused, Status: 400, Message: "cannot sort by " + sorts[0].Attribute}
		}
		order = map[string]func(a, b *attio.Record) int{"record_id": byID, "created_at": byTime}[sorts[0].Attribute]
		if sorts[0].Direction == "desc" {
			up := order
			order = func(a, b *attio.Record) int { return up(b, a) }
		}
	}
	var all []attio.Record
	for _, r := range w.sorted(order) {
		// A filter on ids is the only one that this server reads; any other shows what is not hidden.
		if !w.hidden[r.ID] && (!strings.Contains(string(q.Filter), "$in") || strings.Contains(string(q.Filter), r.ID)) {
			all = append(all, r)
		}
	}
	from := min(q.Offset, len(all))
	page := slices.Clone(all[from:min(from+q.Limit, len(all))])
	if w.lie != nil && !strings.Contains(string(q.Filter), "$in") {
		page = w.lie(w, q, page)
	}
	return attio.Page{Records: page, Offset: q.Offset, Limit: q.Limit}, nil
}

// sorted lists all records. Those that the order leaves equal come in another order every time.
func (w *world) sorted(order func(a, b *attio.Record) int) []attio.Record {
	all := slices.Clone(w.records)
	if order == nil {
		return all
	}
	slices.SortStableFunc(all, func(a, b attio.Record) int { return order(&a, &b) })
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && order(&all[from], &all[to]) == 0 {
			to++
		}
		ties := all[from:to]
		w.rng.Shuffle(len(ties), func(i, j int) { ties[i], ties[j] = ties[j], ties[i] })
		from = to
	}
	return all
}

// outcome is what a walk through a world emitted.
type outcome struct {
	Survey
	times map[string]int
	err   error
}

func (w *world) walk(ctx context.Context, s Source) outcome {
	o := outcome{times: map[string]int{}}
	if s.Server == nil {
		s.Server = w
	}
	s.Emit = func(r *attio.Record, _ Line) error { o.times[r.ID]++; return nil }
	s.Reset = func() error { clear(o.times); return nil }
	o.Survey, o.err = All(ctx, s)
	return o
}

// loss says what is wrong with an outcome that claims to be whole: records that existed throughout and are not there
// once.
func (o *outcome) loss(lasting []string) error {
	for id, n := range o.times {
		if n > 1 {
			return fmt.Errorf("%s came %d times", id, n)
		}
	}
	missing := 0
	for _, id := range lasting {
		if o.times[id] == 0 {
			missing++
		}
	}
	if missing > 0 && len(o.Doubts) == 0 {
		return fmt.Errorf("%d of %d lasting records are missing, and nothing is in doubt", missing, len(lasting))
	}
	return nil
}

// lasting are the records of a list that nobody deleted or hid since.
func (w *world) lasting(then []attio.Record) []string {
	var ids []string
	for _, r := range then {
		if !w.touched[r.ID] {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
