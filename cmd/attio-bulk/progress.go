package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// linesEvery is how often progress is printed where no line can be redrawn: often enough to see that it lives, seldom
// enough for a log.
const linesEvery = 5 * time.Second

// progress shows how far a run is: a bar where standard error is a terminal, else a line now and then, nothing with
// --quiet. The client calls it from any goroutine, the run from its loop.
type progress struct {
	u    *ui
	mu   sync.Mutex
	bar  *progressbar.ProgressBar // nil where lines are printed
	last time.Time                // of the last line
	now  func() time.Time         // a test's clock; time.Now otherwise

	total int // rows that the run is about, once it has said so

	pausedUntil time.Time
	pause       string
}

func newProgress(u *ui) *progress {
	return &progress{u: u, now: time.Now}
}

// event takes note of waits that Attio asks for; --verbose prints them and the repeats as well.
func (p *progress) event(e attio.Event) {
	p.u.detail("%s", e.Text)
	if e.Kind != "paused" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pausedUntil = p.now().Add(e.Wait)
	p.pause = "paused " + seconds(e.Wait) + " by Attio"
	if p.bar == nil && !p.u.quiet && !p.u.verbose && p.due(p.now()) {
		p.u.line("", p.pause) // before there is any progress to show, a wait must not look like a standstill
	}
}

// update shows the state of a run.
func (p *progress) update(s importer.Progress) {
	p.total = s.Total
	done := s.Counts.Finished()
	p.show(max(1, s.Total), done, grouped(int64(done))+" of "+count(s.Total, "row")+": ",
		func(now time.Time) string { return p.text(s, now) })
}

// pages shows how far an export is; how many records there are, nobody knows before the end.
func (p *progress) pages(s exporter.Progress) {
	p.show(-1, s.Records, "", func(now time.Time) string {
		return append(list{count(s.Records, "record") + " read"}, p.waits(now)...).String()
	})
}

// show draws the bar, or prints a line where it is time for one; lead begins the line. total is -1 where it is not
// known.
func (p *progress) show(total, done int, lead string, text func(now time.Time) string) {
	if p.u.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.u.live {
		p.draw(total, done, text(now))
	} else if p.due(now) {
		p.u.line("", lead+text(now))
	}
}

// waits is the wait that Attio has asked for, where it is not over.
func (p *progress) waits(now time.Time) []string {
	if now.Before(p.pausedUntil) {
		return []string{p.pause}
	}
	return nil
}

// due reports whether it is time for another line. The first one comes after the first interval: a short run needs
// none.
func (p *progress) due(now time.Time) bool {
	if p.last.IsZero() {
		p.last = now
	}
	if now.Sub(p.last) < linesEvery {
		return false
	}
	p.last = now
	return true
}

// text is the state in words: what is being done, how fast, what went wrong so far, how long it will take.
func (p *progress) text(s importer.Progress, now time.Time) string {
	parts, c := list{s.Phase}, s.Counts
	if s.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%.1f rows/s", s.Rate))
	}
	parts.add(c.Conflict, count(c.Conflict, "conflict"))
	parts.add(c.Rejected, count(c.Rejected, "reject"))
	parts.add(c.Unknown, grouped(int64(c.Unknown))+" unknown")
	parts = append(parts, p.waits(now)...)
	parts.add(int(s.ETA), remaining(s.ETA)+" left")
	return parts.String()
}

// draw redraws the bar; total is -1 where it is not known. The ui clears it before it prints anything else.
func (p *progress) draw(total, done int, text string) {
	p.u.mu.Lock()
	defer p.u.mu.Unlock()
	bar := 20
	if p.u.width != nil {
		bar = min(bar, p.u.width()/10)
	}
	if p.bar == nil {
		options := []progressbar.Option{progressbar.OptionSetWriter(p.u.err), progressbar.OptionSetWidth(bar),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionThrottle(100 * time.Millisecond),
			progressbar.OptionSetSpinnerChangeInterval(0)} // else it redraws by itself, for ever
		if total > 0 {
			options = append(options, progressbar.OptionShowCount())
		}
		p.bar = progressbar.NewOptions(total, options...)
		p.u.bar = p.bar
	}
	p.bar.Describe(p.fit(text, bar, total))
	if total > 0 {
		done = min(done, total-1) // never full: a full bar ends its line by itself
	}
	_ = p.bar.Set(done)
}

// fit leaves out of the text beside a bar what the terminal has no room for: what was wrapped could not be redrawn.
// How it goes and when it ends stay longest.
func (p *progress) fit(text string, bar, total int) string {
	if p.u.width == nil {
		return text
	}
	room := p.u.width() - len("- ") - 1
	if total > 0 {
		room = p.u.width() - bar - len(fmt.Sprintf(" 100%% || (%d/%d)  ", total, total))
	}
	parts := strings.Split(text, ", ")
	for len(parts) > 2 && len(strings.Join(parts, ", ")) > room {
		parts = slices.Delete(parts, 1, 2)
	}
	return strings.Join(parts, ", ")
}

// done takes the bar away.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.u.mu.Lock()
	defer p.u.mu.Unlock()
	if p.u.bar != nil {
		_ = p.u.bar.Clear()
		p.u.bar, p.bar = nil, nil
	}
}

// before is a writer that takes the bar away before anything is written to w.
func (p *progress) before(w io.Writer) io.Writer { return &clearing{Writer: w, p: p} }

type clearing struct {
	io.Writer
	p *progress
}

func (c *clearing) Write(b []byte) (int, error) {
	c.p.done()
	return c.Writer.Write(b)
}

// seconds writes a short wait: 250 ms, 1 s, 1.5 s.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + " s"
}

// remaining writes a long wait, to two units: 45 s, 12 min 30 s, 11 h 7 min.
func remaining(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	default:
		return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
	}
}

// undone shows how far an undo is.
func (p *progress) undone(done, total int) {
	p.update(importer.Progress{Total: total, Counts: journal.Counts{Read: done}, Phase: "undoing"})
}
