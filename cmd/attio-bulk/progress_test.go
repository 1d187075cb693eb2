package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/exporter"
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
