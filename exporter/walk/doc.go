// Package walk reads all records of an object once, and reports whether that is proven. The query it reads by knows
// nothing but limit and offset, while others insert, edit and delete. [All] is the one entry. What it may claim, and
// why:
//
// Order. An unsorted query costs nothing of the workspace's budget of ten seconds. One sorted by created_at costs
// about 36·log2(n) a page, 571 at 60,000 records. Attio answers unsorted queries by ascending record_id. That was
// observed, not promised, so the walk looks: every page must ascend. One that does not starts the walk again, sorted.
// Sorted by created_at, records of the same time may come in any sequence.
//
// Proof. In a fixed order a page is a slice of all records at one instant: whatever existed then and stands between
// the page's first row and its last is on it. The frontier is the place up to which such slices cover the order
// without a hole. A page whose first row is at or before the frontier moves the frontier to its last row. So a record
// that existed throughout was on the slice that covered its place, however many records came and went before it, and
// whether or not these balanced. The argument is about places in the order, which do not move, and never about
// offsets, which do. It needs no second pass, and pages may be read at the same time and in any sequence: they are
// prefetched.
//
// Shifts. Neighbouring pages share a row. A deletion before the cursor makes the next page begin behind the frontier.
// Then the walk locates the frontier, and fills the gap with pages that join. An insertion makes rows come twice: ids
// are counted once when a page is accepted.
//
// The end. Neither a short page nor an empty one is the end, and a server may give fewer rows a page than it is asked
// for. The end is proven by a slice that starts at or before the frontier, is shorter than asked for and holds
// nothing new, when the page behind it and one further on are empty.
//
// Doubt. A record that was there before the walk, turns up unseen in a covered place and is still there at the end
// refutes the order: the walk starts again in another one. The control sample, the newest records, read first and
// from the other end, tells a server that stops at some offset from an end. What stays in doubt is in
// [Survey].Doubts, and nobody may call such a walk complete.
package walk
