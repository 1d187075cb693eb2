package attio

import (
	"sync"
	"time"
)

// maxDateSlack is how far two answers may differ about the server's clock before the newer one is believed. Date is cut
// to whole seconds, and an answer is late by its way; more than that is a clock that was set.
const maxDateSlack = 1500 * time.Millisecond

// serverClock is the server's clock as its Date headers tell it, kept on the local monotonic clock, so that setting the
// local clock changes nothing.
type serverClock struct {
	zero time.Time // when the client was made, with its monotonic reading

	mu     sync.Mutex
	atZero time.Time // the server's clock at that moment; the zero time before the first answer
}

// learn takes in the Date of an answer that arrived at received. Date lies behind the true time by up to a second and
// the answer's way, so the latest estimate is the best.
func (k *serverClock) learn(date, received time.Time) {
	if date.IsZero() {
		return
	}
	estimate := date.Add(-received.Sub(k.zero))
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.atZero.IsZero() || estimate.After(k.atZero) || k.atZero.Sub(estimate) > maxDateSlack {
		k.atZero = estimate
	}
}

// now is the server's time in UTC; the zero time before the first answer.
func (k *serverClock) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.atZero.IsZero() {
		return time.Time{}
	}
	return k.atZero.Add(time.Since(k.zero)).UTC()
}
