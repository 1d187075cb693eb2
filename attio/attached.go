package attio

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// What hangs on a record, counted. A record that is not there is a Refused *Error with code not_found.

// CountEntries counts the list entries whose parent the record is, over all lists
// (docs.attio.com/rest-api/endpoint-reference/records/list-record-entries). It needs the scope list_entry:read.
func (c *Client) CountEntries(ctx context.Context, object, id string) (int, error) {
	return c.tally(ctx, route("objects", object, "records", id, "entries"), url.Values{}, 1000)
}

// CountNotes counts the notes of a record (docs.attio.com/rest-api/endpoint-reference/notes/list-notes). It needs the
// scope note:read.
func (c *Client) CountNotes(ctx context.Context, object, id string) (int, error) {
	return c.tally(ctx, "/v2/notes", url.Values{"parent_object": {object}, "parent_record_id": {id}}, 50)
}

// CountTasks counts the tasks that a record is linked to, finished ones included
// (docs.attio.com/rest-api/endpoint-reference/tasks/list-tasks). It needs the scopes task:read and
// user_management:read.
func (c *Client) CountTasks(ctx context.Context, object, id string) (int, error) {
	return c.tally(ctx, "/v2/tasks", url.Values{"linked_object": {object}, "linked_record_id": {id}}, 500)
}

// tally counts the items of a paged list to its end. limit is the most that the route gives at a time; a server may
// have a lower limit of its own, so only an empty page is the end, or one that was there before.
func (c *Client) tally(ctx context.Context, path string, query url.Values, limit int) (int, error) {
	if err := checkQuery(query); err != nil {
		return 0, err
	}
	query.Set("limit", strconv.Itoa(limit))
	var before string
	for n := 0; ; {
		query.Set("offset", strconv.Itoa(n))
		r := request{method: http.MethodGet, path: path, query: query.Encode(), record: true}
		page, err := readList[json.RawMessage](ctx, c, &r)
		if err != nil || len(page) == 0 || string(page[0]) == before {
			return n, err
		}
		n, before = n+len(page), string(page[0])
	}
}
