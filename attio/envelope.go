package attio

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// list reads {"data":[…]} of what the API gives in another form, W.
func list[T any, W interface{ plain() T }](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	data, err := readList[W](ctx, c, &request{method: http.MethodGet, path: path, query: query.Encode()})
	if err != nil {
		return nil, err
	}
	items := make([]T, len(data))
	for i, d := range data {
		items[i] = d.plain()
	}
	return items, nil
}

// readList does r, whose answer is {"data":[…]}.
func readList[T any](ctx context.Context, c *Client, r *request) (items []T, err error) {
	r.read = func(rep reply) error {
		items = nil // nothing of an answer that could not be read to its end
		return decodeData(rep.body, &items)
	}
	_, err = c.do(ctx, r)
	return items, err
}

// decodeData reads the envelope of every answer that is no record's; those are Page.decode's and decodeRecord's.
func decodeData(body []byte, into any) error {
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return err
	}
	if len(envelope.Data) == 0 || string(envelope.Data) == "null" {
		return errors.New(`no "data" in it`)
	}
	return json.Unmarshal(envelope.Data, into)
}
