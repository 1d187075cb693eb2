package importer

import (
	"fmt"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// bounded says what limited the speed of a leg, with its share of the time: the largest cause, when it is worth a
// word. before is what had held the client up when the leg began.
func bounded(s, before attio.Stats, elapsed time.Duration, writes bool) string {
	causes := []struct {
		name string
		time time.Duration
	}{
		{"Attio's limit of writes", s.WritesHeld.Limit - before.WritesHeld.Limit},
		{"another client of the workspace, or limits that Attio lowered", s.WritesHeld.Other + s.ReadsHeld.Other - before.WritesHeld.Other - before.ReadsHeld.Other},
		{"Attio's limit of reads", s.ReadsHeld.Limit - before.ReadsHeld.Limit},
		{"Attio's score budget for queries", s.ReadsHeld.Score - before.ReadsHeld.Score},
	}
	most := 0
	for i, c := range causes {
		if c.time > causes[most].time {
			most = i
		}
	}
	if elapsed <= 0 {
		return ""
	}
	if share := float64(causes[most].time) / float64(elapsed); share >= 0.5 {
		return fmt.Sprintf("%s, %.0f %% of the time", causes[most].name, min(share, 1)*100)
	}
	if writes {
		return "the latency of the calls"
	}
	return "this machine: reading and checking the file"
}
