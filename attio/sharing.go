package attio

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/attio-bulk/attio-bulk/attio/share"
)

// share returns what a gate asks for its share of a second; nil where nothing is to be shared.
func (c *Client) share(budget string, limit float64) func(int64, int) (int, bool) {
	if c.folder == "" {
		return nil
	}
	return func(second int64, wanted int) (int, bool) {
		f := c.claims.Load()
		if f == nil {
			return 0, false
		}
		n, err := f.Claim(budget, second, wanted, int(limit))
		if err != nil {
			c.unshared.Do(func() {
				c.observe(Event{Kind: "pacing", Text: "seconds are not shared with other processes: " + err.Error()})
			})
		}
		return n, err == nil
	}
}

// joinWorkspace begins to share the seconds of the workspace that the key turned out to be of.
func (c *Client) joinWorkspace(id string) {
	if c.folder != "" && id != "" && c.claims.Load() == nil {
		sum := sha256.Sum256([]byte(c.base + "\n" + id))
		c.claims.Store(share.Open(c.folder, hex.EncodeToString(sum[:8])))
		c.reads.Ask()
		c.writes.Ask()
	}
}
