package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWorkersFollowTheLatency(t *testing.T) {
	tests := []struct {
		name string
		rate float64
		took []time.Duration // repeated a hundred times
		want int
	}{
		{"nothing measured yet", 25, nil, maxWorkers},
		{"a quick server", 25, []time.Duration{50 * time.Millisecond}, 27},
		{"a slow server", 25, []time.Duration{800 * time.Millisecond}, 45},
		{"one slow call in fifty counts", 25, []time.Duration{50 * time.Millisecond, 50 * time.Millisecond, time.Second}, 50},
		{"never more than may be", 1000, []time.Duration{time.Second}, maxWorkers},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l latencies
			for range 100 {
				for _, d := range tt.took {
					l.add(d)
				}
			}
			l.add(0) // nothing was sent
			require.Equal(t, tt.want, l.workers(tt.rate))
		})
	}
}
