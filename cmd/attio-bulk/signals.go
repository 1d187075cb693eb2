package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/attio-bulk/attio-bulk/importer"
)

// errAborted is the cause with which requests in flight are given up.
var errAborted = errors.New("given up at the second signal")

// signals makes two contexts. The first SIGINT, SIGTERM or SIGHUP cancels stop: no new row is begun, and what is in
// flight is seen through. The second cancels abort: it is given up. The third kills the process as if it had never
// listened. SIGPIPE is ignored, so that a reader who has gone is an error like any other. A SIGHUP that is ignored as
// the program starts, as by nohup, stays ignored.
func signals(u *ui) (stop, abort context.Context, release func()) {
	stop, cancelStop := context.WithCancelCause(context.Background())
	abort, cancelAbort := context.WithCancelCause(context.Background())
	ch := make(chan os.Signal, 4)
	signal.Ignore(syscall.SIGPIPE)
	heeded := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		heeded = append(heeded, syscall.SIGHUP)
	}
	signal.Notify(ch, heeded...)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-ch:
			asking := u.asking.Load()
			cancelStop(interruption(s))
			if !asking {
				u.say("finishing the requests in flight; press Ctrl-C again to cancel them")
			}
		case <-done:
			return
		}
		select {
		case <-ch:
			signal.Reset(heeded...)
			cancelAbort(errAborted)
			u.say("cancelling the requests in flight; the next command checks those without an answer")
		case <-done:
		}
	}()
	return stop, abort, func() {
		signal.Stop(ch)
		close(done)
		cancelStop(nil)
		cancelAbort(nil)
	}
}

// interruption is the cause of a stop by a signal. A terminal that hangs up asks for what SIGTERM asks for.
func interruption(s os.Signal) *importer.Interrupted {
	name, as := "SIGTERM", syscall.SIGTERM
	switch s {
	case os.Interrupt:
		name, as = "SIGINT", syscall.SIGINT
	case syscall.SIGHUP:
		name = "SIGHUP"
	}
	return &importer.Interrupted{Signal: name, ExitCode: 128 + int(as)}
}
