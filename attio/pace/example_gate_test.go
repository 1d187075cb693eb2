package pace_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/attio-bulk/attio-bulk/attio/pace"
	"github.com/attio-bulk/attio-bulk/attio/share"
)

// Alone, with a known clock: rules 1 and 2 say that all that is allowed leaves in the first third of each second,
// and rule 5 that the first seconds get 0.8 of it.
func ExampleGate_alone() {
	play(func(w *world) {
		clock := pace.NewClock()
		w.teach(clock)
		g := pace.New(pace.Options{Rate: 25, Clock: clock})
		w.send(g, 1, 2*time.Second)
		w.tell("the first two seconds, with care", 2*time.Second)
		w.send(g, 1, 10*time.Second)
		w.tell("later", 10*time.Second)
		fmt.Println("in the first 400 ms of a second:", w.late < 400*time.Millisecond)
	})
	// Output:
	// the first two seconds, with care: 20 a second, 0 refused
	// later: 25 a second, 0 refused
	// in the first 400 ms of a second: true
}

// Answers carry no Date: rule 3 says 0.8 of the rate until that is sure, and 0.9 from then on.
func ExampleGate_noClock() {
	play(func(w *world) {
		w.undated = true
		g := pace.New(pace.Options{Rate: 25, Observe: func(e pace.Event) { fmt.Println(e.Text) }})
		w.send(g, 1, 30*time.Second)
		w.tell("half a minute", 30*time.Second)
	})
	// Output:
	// answers carry no Date: pacing evenly
	// half a minute: 22 a second, 0 refused
}

// A refusal in the middle of a second: rule 4 says that nothing leaves until the next second begins, and rule 5
// that one refusal changes nothing else.
func ExampleGate_refusal() {
	play(func(w *world) {
		clock := pace.NewClock()
		w.teach(clock)
		g := pace.New(pace.Options{Rate: 25, Clock: clock})
		w.send(g, 1, 5200*time.Millisecond)
		turn, _ := g.Wait(context.Background(), false)
		refused := time.Now()
		g.Done(turn, pace.Answer{
			Received: refused, Date: refused.Truncate(time.Second), Limited: true, RetryAfter: time.Second,
		})
		_, _ = g.Wait(context.Background(), true)
		fmt.Println("next second:", time.Now().Truncate(time.Second).Sub(refused.Truncate(time.Second)))
		fmt.Println("behind its begin:", time.Since(time.Now().Truncate(time.Second)).Round(10*time.Millisecond))
		time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
		w.yes, w.no = 0, 0
		w.send(g, 1, 5*time.Second)
		w.tell("after it", 5*time.Second)
	})
	// Output:
	// next second: 1s
	// behind its begin: 40ms
	// after it: 25 a second, 0 refused
}

// Retry-After, while the clock is not known: rule 4 says that as much is waited after the answer as lies between
// its Date and the time that it names. Without a Date that is the whole pause, after the answer.
func ExampleGate_retryAfter() {
	for _, dated := range []bool{true, false} {
		play(func(w *world) {
			g := pace.New(pace.Options{Rate: 25})
			turn, _ := g.Wait(context.Background(), false)
			time.Sleep(300 * time.Millisecond)
			a := pace.Answer{Received: time.Now(), Limited: true, RetryAfter: 2 * time.Second}
			if dated {
				a.Date = a.Received.Truncate(time.Second)
			}
			g.Done(turn, a)
			_, _ = g.Wait(context.Background(), true)
			fmt.Printf("with a Date %t: %v after the answer\n", dated, time.Since(a.Received))
		})
	}
	// Output:
	// with a Date true: 2s after the answer
	// with a Date false: 2s after the answer
}

// Two processes that share: rule 10 says that each gets half, and that nothing is refused.
func ExampleGate_twoProcesses() {
	folder, err := os.MkdirTemp("", "pace-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	play(func(w *world) {
		clock := pace.NewClock()
		w.teach(clock)
		var all sync.WaitGroup
		for range 2 {
			file := share.Open(folder, "workspace")
			g := pace.New(pace.Options{Rate: 25, Clock: clock, Share: func(second int64, wanted int) (int, bool) {
				n, err := file.Claim("writes", second, wanted, 25)
				return n, err == nil
			}})
			all.Go(func() { w.send(g, 30, 20*time.Second) })
		}
		all.Wait()
		w.tell("together", 20*time.Second)
	})
	// Output:
	// together: 25 a second, 0 refused
}

// Another client of the workspace sends ten a second: rules 5 and 6 say that the level falls to what it leaves,
// and that now and then a second tries more, which costs a few refusals.
func ExampleGate_anotherClient() {
	play(func(w *world) {
		clock := pace.NewClock()
		w.teach(clock)
		w.limit = func(int64) int { return 15 } // the other ten come first
		g := pace.New(pace.Options{Rate: 25, Clock: clock})
		w.send(g, 1, 20*time.Second)
		w.yes, w.no = 0, 0
		w.send(g, 1, time.Minute)
		fmt.Println("accepted a second, of 15:", w.yes/60)
		fmt.Println("refused, of a thousand, less than 20:", 1000*w.no/w.yes < 20)
	})
	// Output:
	// accepted a second, of 15: 15
	// refused, of a thousand, less than 20: true
}

// The limit is lowered to ten for twenty seconds: rules 5 and 6 say that the level follows within a few seconds
// and comes back. Rule 7 says that it may go evenly meanwhile, and that this ends within six minutes.
func ExampleGate_loweredLimit() {
	play(func(w *world) {
		clock := pace.NewClock()
		w.teach(clock)
		g := pace.New(pace.Options{Rate: 25, Clock: clock})
		w.send(g, 1, 10*time.Second)
		w.limit = func(int64) int { return 10 }
		w.send(g, 1, 10*time.Second)
		w.yes, w.no = 0, 0
		w.send(g, 1, 10*time.Second)
		fmt.Println("at ten a second, few are refused:", w.yes >= 90, w.no < 20)
		w.limit = nil
		w.send(g, 1, 6*time.Minute)
		w.yes, w.no = 0, 0
		w.send(g, 1, 10*time.Second)
		w.tell("when it is over", 10*time.Second)
	})
	// Output:
	// at ten a second, few are refused: true true
	// when it is over: 25 a second, 0 refused
}

// The server's clock is set ahead by three seconds: rule 1 says that it is learned again within two seconds,
// while requests leave evenly.
func ExampleGate_clockSteps() {
	play(func(w *world) {
		step := time.Duration(0)
		w.ahead = func() time.Duration { return step }
		clock := pace.NewClock()
		w.teach(clock)
		g := pace.New(pace.Options{Rate: 25, Clock: clock})
		w.send(g, 1, 10*time.Second)
		step = 3*time.Second + 400*time.Millisecond
		w.send(g, 1, 3*time.Second)
		fmt.Println("the clock follows:", time.Until(clock.Now()).Round(100*time.Millisecond))
		w.yes, w.no = 0, 0
		w.send(g, 1, 10*time.Second)
		w.tell("afterwards", 10*time.Second)
	})
	// Output:
	// the clock follows: 3.4s
	// afterwards: 25 a second, 0 refused
}

// A pause of more than a minute: rule 8 says that nobody waits for it, those who wait already no more than those
// who come.
func ExampleGate_longPause() {
	play(func(w *world) {
		g := pace.New(pace.Options{Rate: 25})
		turn, _ := g.Wait(context.Background(), false)
		began := time.Now()
		g.Done(turn, pace.Answer{Received: began, Limited: true, RetryAfter: 61 * time.Second})
		for _, caller := range []*pace.Gate{g, pace.Queries(g)} {
			_, err := caller.Wait(context.Background(), false)
			var long *pace.LongPauseError
			fmt.Println(errors.As(err, &long), long.Until.Sub(began), time.Since(began))
		}
	})
	// Output:
	// true 1m1s 0s
	// true 1m1s 0s
}

// The server counts any second, against what its guide says: rule 7 says that requests leave evenly once the
// level has been low for ten seconds, and that nine in ten go through or nearly so.
func ExampleGate_slidingSecond() {
	play(func(w *world) {
		w.sliding, w.way = true, 150*time.Millisecond
		g := pace.New(pace.Options{Rate: 25, Observe: func(e pace.Event) {
			if e.Pause == 0 {
				fmt.Println(e.Text)
			}
		}})
		w.send(g, 64, time.Minute)
		w.yes, w.no = 0, 0
		w.send(g, 64, time.Minute)
		fmt.Println("more than 20 a second:", w.yes > 20*60, "- less than one in a hundred refused:", w.no < w.yes/100)
	})
	// Output:
	// refusals do not follow the server's clock second: pacing evenly
	// more than 20 a second: true - less than one in a hundred refused: true
}

// Queries that are dear: rule 9 says that their refusals slow down queries, and leave other reads alone.
func ExampleQueries() {
	play(func(w *world) {
		clock := pace.NewClock()
		w.teach(clock)
		reads := pace.New(pace.Options{Rate: 100, Clock: clock})
		queries := pace.Queries(reads)
		w.limit = func(int64) int { return 2 } // a query in half a second
		w.send(queries, 1, time.Minute)
		fmt.Println("queries slow down:", w.yes > 60, w.no < 30)
		w.limit = func(int64) int { return 100 }
		w.yes, w.no = 0, 0
		w.send(reads, 1, 10*time.Second)
		w.tell("reads", 10*time.Second)
	})
	// Output:
	// queries slow down: true true
	// reads: 100 a second, 0 refused
}
