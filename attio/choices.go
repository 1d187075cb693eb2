package attio

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// option is an option as the API answers it: an option of a select attribute or a status, alike but for the name of
// their id.
type option struct {
	Option
	ID struct {
		OptionID string `json:"option_id"`
		StatusID string `json:"status_id"`
	} `json:"id"`
}

func (o option) plain() Option {
	o.Option.ID = o.ID.OptionID + o.ID.StatusID
	return o.Option
}

// optionsPath is where an attribute's choices are: a status attribute has its own route, and answers [] on the other.
func optionsPath(object string, a Attribute) string {
	kind := "options"
	if a.Type == TypeStatus {
		kind = "statuses"
	}
	return route("objects", object, "attributes", cmp.Or(a.ID, a.Slug), kind)
}

// options lists an attribute's choices, archived ones included: their titles are taken. Attio is taken to list all at
// once; where the number is a round one it may be a page's, and what is behind it is asked for.
func (c *Client) options(ctx context.Context, object string, a Attribute) ([]Option, error) {
	all, err := c.optionsFrom(ctx, object, a, 0)
	if err != nil {
		return nil, err
	}
	for len(all) > 0 && len(all)%roundOptions == 0 {
		more, err := c.optionsBehind(ctx, object, a, all)
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			break
		}
		all = append(all, more...)
	}
	return all, nil
}

// roundOptions divides the sizes of pages that an API may have.
const roundOptions = 25

// optionsBehind reads the choices that follow those that are known. A server without pages refuses an offset or pays no
// heed to it: then there are none.
func (c *Client) optionsBehind(ctx context.Context, object string, a Attribute, known []Option) ([]Option, error) {
	page, err := c.optionsFrom(ctx, object, a, len(known))
	if isRefused(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(page, func(o Option) bool {
		return slices.ContainsFunc(known, func(k Option) bool { return k.ID == o.ID })
	}), nil
}

// optionsFrom reads one answer. Where archived choices are refused it asks for the others.
func (c *Client) optionsFrom(ctx context.Context, object string, a Attribute, offset int) ([]Option, error) {
	query := url.Values{"show_archived": {"true"}}
	if offset > 0 {
		query.Set("offset", strconv.Itoa(offset))
	}
	options, err := list[Option, option](ctx, c, optionsPath(object, a), query)
	if isRefused(err) && offset == 0 {
		return list[Option, option](ctx, c, optionsPath(object, a), nil)
	}
	return options, err
}

// CreateOption makes an option of a select attribute, or a status of a status attribute. A title that exists, even
// archived, is a Refused *Error with code slug_conflict. Titles being unique, an unknown outcome is repeated; where it
// turns out that the option had been made, it is returned.
func (c *Client) CreateOption(ctx context.Context, object string, a Attribute, title string) (Option, error) {
	var made option
	r := &request{method: http.MethodPost, path: optionsPath(object, a), write: true,
		body: append(rawjson.AppendString([]byte(`{"data":{"title":`), title), "}}"...)}
	doubt, err := c.sendOption(ctx, r, &made)
	if err == nil {
		return made.plain(), nil
	}
	if e, ok := errors.AsType[*Error](err); !doubt || !ok || e.Code != CodeSlugConflict {
		return Option{}, err
	}
	all, listErr := c.options(ctx, object, a)
	if listErr != nil {
		return Option{}, listErr
	}
	for _, o := range all {
		if o.Title == title && !o.Archived {
			return o, nil
		}
	}
	return Option{}, err
}

// SetArchived archives an option or a status, named by its id, or brings it back; Attio cannot delete them.
func (c *Client) SetArchived(ctx context.Context, object string, a Attribute, id string, to bool) (Option, error) {
	var now option
	r := &request{
		method: http.MethodPatch, path: optionsPath(object, a) + "/" + url.PathEscape(id), write: true,
		body: []byte(`{"data":{"is_archived":` + strconv.FormatBool(to) + `}}`),
	}
	_, err := c.sendOption(ctx, r, &now)
	return now.plain(), err
}

// sendOption does r, whose answer is an option. doubt says that an attempt before the last may have been processed.
func (c *Client) sendOption(ctx context.Context, r *request, made *option) (doubt bool, err error) {
	r.read = func(rep reply) error {
		*made = option{}
		if err := decodeData(rep.body, made); err != nil {
			return err
		}
		if made.plain().ID == "" {
			return errors.New("an option without id")
		}
		return nil
	}
	res, err := c.do(ctx, r)
	return res.doubt, err
}
