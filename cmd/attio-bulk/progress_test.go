package main

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// What a terminal shows after a text that redraws one line.
func lastLine(text string) string {
	text = text[strings.LastIndexByte(text, '\r')+1:]
	return strings.TrimSpace(strings.TrimPrefix(text, "\x1b[2K"))
}

// The line that shows an export's progress is gone when it is done, and stays away; nothing says a number twice.
func TestProgressOfAnExport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var screen bytes.Buffer
		p := newProgress(&ui{err: &screen, live: true})
		for n := range 20 {
			p.pages(exporter.Progress{Pages: n, Records: 1000 + n})
			time.Sleep(200 * time.Millisecond)
		}
		require.Contains(t, screen.String(), "1,018 records read")
		require.NotContains(t, screen.String(), "/-")
		var data bytes.Buffer
		out := p.before(&data)
		_, err := out.Write([]byte("record_id\n"))
		require.NoError(t, err)
		require.Empty(t, lastLine(screen.String()), "cleared before the first record")
		shown := screen.Len()
		time.Sleep(time.Second)
		require.Equal(t, shown, screen.Len())
		require.Equal(t, "record_id\n", data.String())
	})
}

// A line that is longer than the terminal would leave its rest behind each time that it is redrawn: what matters
// least is left out of it.
func TestProgressFitsTheTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var screen bytes.Buffer
		p := newProgress(&ui{err: &screen, live: true, width: func() int { return 60 }})
		for n := range 20 {
			p.update(importer.Progress{Phase: "writing", Total: 20_000, Rate: 24.7, ETA: 13 * time.Minute,
				Counts: journal.Counts{Read: 20_000, Pending: 19_000 - n, Conflict: 1234, Rejected: 1234, Unknown: 12}})
			time.Sleep(200 * time.Millisecond)
		}
		for _, line := range strings.Split(screen.String(), "\r") {
			require.LessOrEqual(t, len([]rune(strings.TrimPrefix(line, "\x1b[2K"))), 60)
		}
		require.Contains(t, lastLine(screen.String()), "writing, 13 min 0 s left")
	})
}

// The client speaks from its own goroutines, also while the line is taken away; the race detector listens.
func TestProgressIsDoneWhileTheClientSpeaks(t *testing.T) {
	var screen bytes.Buffer
	p := newProgress(&ui{err: &screen, live: true})
	p.pages(exporter.Progress{Records: 1000})
	var client sync.WaitGroup
	client.Go(func() {
		for range 100 {
			p.event(attio.Event{Kind: "paused", Wait: time.Second})
		}
	})
	p.done()
	client.Wait()
	require.Empty(t, lastLine(screen.String()))
}
