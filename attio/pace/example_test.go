package pace_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/pace"
)

// A gate paces the requests of all callers. Each one waits for its turn and says what came of it.
func Example() {
	clock := pace.NewClock()
	reads := pace.New(pace.Options{Rate: 100, Clock: clock})
	writes := pace.New(pace.Options{Rate: 25, Clock: clock}) // the answers to reads teach it the clock too
	queries := pace.Queries(reads)

	for _, gate := range []*pace.Gate{reads, writes, queries} {
		turn, err := gate.Wait(context.Background(), false)
		if err != nil {
			fmt.Println(err)
			return
		}
		// … send the request …
		gate.Done(turn, pace.Answer{Received: time.Now(), Date: time.Now().Truncate(time.Second)})
	}
	fmt.Println("sent", 3)
	// Output: sent 3
}

// A server that asks for a long pause is not waited for: every caller learns until when it takes nothing.
func ExampleLongPauseError() {
	gate := pace.New(pace.Options{Rate: 25})
	turn, _ := gate.Wait(context.Background(), false)
	gate.Done(turn, pace.Answer{Received: time.Now(), Limited: true, RetryAfter: time.Hour})

	_, err := gate.Wait(context.Background(), true)
	var long *pace.LongPauseError
	fmt.Println("a pause that nobody should wait for:", errors.As(err, &long))
	// Output: a pause that nobody should wait for: true
}
