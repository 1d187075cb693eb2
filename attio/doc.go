// Package attio is a client for Attio's REST API that paces itself, knows which failures may be repeated, and says of
// every write whether it was done, was not done, or cannot be known.
//
//	c, err := attio.New(attio.Options{Key: attio.Secret(os.Getenv("ATTIO_API_KEY"))})
//	for record, err := range c.Records(ctx, "people", attio.Query{}) { … }
//
// # Key
//
// A [Client] talks to the one workspace that its API key belongs to. The key is sent to the base URL alone: redirects
// are not followed, plain http is for loopback. Nothing prints it: it is taken out of every error and event.
//
// # Pace
//
// Reads, queries and writes pass gates (package attio/pace), which all callers share: 100 reads and 25 writes a
// second, or less where Attio refuses. A refusal for the rate costs a request nothing but time. A pause of more than
// a minute fails at once, for every caller. Use one Client for all goroutines.
//
// # Failures
//
// Every failed request is an [*Error] with a [Class]:
//
//   - Refused: Attio looked at it and said no; nothing was stored.
//   - NotSent, NotProcessed: nothing was stored; it was repeated for a while, and may be sent again.
//   - Unknown: a write may have been done and may not. Look before you send a create again.
//   - Fatal: no request of its kind can succeed: the key, a scope, the plan, the address.
//   - Stopped: the context ended.
//
// A create is never sent twice where the first may have been done. All other requests may be repeated, and are.
// [errors.Is] tells [ErrNotFound], [ErrConflict] and their like; Error has Attio's code, the attribute and the
// records that it names. Its text may quote a value of the caller's; [Error.Brief] never does.
//
// # Pages
//
// [Client.Records] iterates over what a query finds. [Client.ReadPage] reads one page into memory that the caller
// owns and may use again. A filter may hold [MaxFilterValues] values; [Client.Filters] learns it where Attio takes
// fewer.
//
// # Everything else
//
// Objects, attributes and members are read by [Client.Schema]. What has no method of its own goes through
// [Client.Do]. Values stay as JSON; package attio/rawjson walks them. What is taken for granted about Attio, with its
// sources, is in [Assumptions], and [Client.Probe] asks a workspace about it. Package attio/attiotest is an Attio to
// test against.
package attio
