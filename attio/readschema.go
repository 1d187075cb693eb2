package attio

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// attributesPage is how many attributes are asked for at a time; neither default nor maximum is documented.
const attributesPage = 500

// Self asks what the key is. A key that is revoked or unknown is an *Error of class Fatal with status 401, although
// Attio itself answers 200 {"active":false} here, or 400 where it is not even formed like a key.
func (c *Client) Self(ctx context.Context) (Self, error) {
	type wire struct {
		Self
		Scope *string `json:"scope"` // one text, divided by blanks
	}
	var answer wire
	r := &request{method: http.MethodGet, path: "/v2/self", read: func(rep reply) error {
		answer = wire{}
		return json.Unmarshal(rep.body, &answer)
	}}
	res, err := c.do(ctx, r)
	var e *Error
	switch {
	case errors.As(err, &e) && e.Class == Refused && e.Status == http.StatusBadRequest:
		e.Class, e.Status, e.Type, e.Code = Fatal, http.StatusUnauthorized, "auth_error", CodeUnauthorized
		return Self{}, e
	case err != nil:
		return Self{}, err
	case !answer.Active:
		return Self{}, &Error{Class: Fatal, Method: r.method, Path: r.path, Status: http.StatusUnauthorized,
			Type: "auth_error", Code: CodeUnauthorized,
			Message:     "The API key is not active: it was revoked, or is unknown.",
			ExecutionID: c.clean(res.header.Get("X-Attio-Execution-Id"), maxName)}
	}
	if answer.Scope != nil {
		answer.Scopes = strings.Fields(*answer.Scope)
	}
	c.joinWorkspace(answer.WorkspaceID)
	return answer.Self, nil
}

type wireObject struct {
	Object
	ID struct {
		ObjectID string `json:"object_id"`
	} `json:"id"`
}

func (w wireObject) plain() Object {
	w.Object.ID = w.ID.ObjectID
	return w.Object
}

// Objects lists the workspace's objects, without attributes, in ascending order of id.
func (c *Client) Objects(ctx context.Context) ([]Object, error) {
	objects, err := list[Object, wireObject](ctx, c, "/v2/objects", nil)
	slices.SortFunc(objects, func(a, b Object) int { return strings.Compare(a.ID, b.ID) })
	return objects, err
}

// Attributes lists an object's attributes, all pages, archived ones left out, with the options and statuses of
// those that have them when withOptions is set. They stand in the order of Attio's user interface.
func (c *Client) Attributes(ctx context.Context, object string, withOptions bool) ([]Attribute, error) {
	var all []*Attribute
	seen := make(map[string]bool)
	// options side by side, while the next page is read: each is a call, and an object may have dozens
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for offset := 0; ; {
			page, err := list[Attribute, wireAttribute](ctx, c, route("objects", object, "attributes"),
				url.Values{"limit": {strconv.Itoa(attributesPage)}, "offset": {strconv.Itoa(offset)}})
			if err != nil {
				return err
			}
			offset += len(page)
			before := len(seen)
			for i := range page {
				a := &page[i]
				if seen[a.ID] {
					continue
				}
				seen[a.ID] = true
				if a.Archived {
					continue
				}
				all = append(all, a)
				if withOptions && (a.Type == TypeSelect || a.Type == TypeStatus) {
					g.Go(func() (err error) {
						a.Options, err = c.options(ctx, object, *a)
						return err
					})
				}
			}
			if len(seen) == before { // nothing there, or a server that pays no heed to offsets: all of it is known
				return nil
			}
		}
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var kept []Attribute
	for _, a := range all {
		kept = append(kept, *a)
	}
	return kept, nil
}

type wireAttribute struct {
	Attribute
	ID struct {
		AttributeID string `json:"attribute_id"`
	} `json:"id"`
	Config struct {
		Currency struct {
			Code string `json:"default_currency_code"`
		} `json:"currency"`
		Reference struct {
			Allowed []string `json:"allowed_object_ids"`
		} `json:"record_reference"`
	} `json:"config"`
}

func (w wireAttribute) plain() Attribute {
	a := w.Attribute
	a.ID, a.CurrencyCode = w.ID.AttributeID, w.Config.Currency.Code
	if allowed := w.Config.Reference.Allowed; len(allowed) > 0 { // [] allows any object, as null does
		a.AllowedObjects = allowed
	}
	return a
}

type wireMember struct {
	Member
	ID struct {
		MemberID string `json:"workspace_member_id"`
	} `json:"id"`
}

func (w wireMember) plain() Member {
	w.Member.ID = w.ID.MemberID
	return w.Member
}

// WorkspaceMembers lists the members, suspended ones included.
func (c *Client) WorkspaceMembers(ctx context.Context) ([]Member, error) {
	return list[Member, wireMember](ctx, c, "/v2/workspace_members", nil)
}

// Schema reads what plans for these objects need: self, all objects, the attributes of the named ones with their
// options, the attributes of the objects they refer to (without options), and the members where a writable attribute
// points to them and the key may read them. Members is nil where it may not. An object that does not exist is an
// *Error with code not_found, class Fatal. With an error that is not Self's own, the Schema has its Self, which tells
// what the key may do.
func (c *Client) Schema(ctx context.Context, objects ...string) (*Schema, error) {
	s, err := c.attributesOf(ctx, objects, true)
	if err != nil {
		return s, err
	}
	return s, c.readReferred(ctx, s)
}

// AttributesOnly is a Schema of the named objects' attributes alone, without options, members, and what the objects
// refer to: enough to flatten records whose references are written by id, and read in half of the time.
func (c *Client) AttributesOnly(ctx context.Context, objects ...string) (*Schema, error) {
	return c.attributesOf(ctx, objects, false)
}

// attributesOf reads self, all objects, and the attributes of the named ones.
func (c *Client) attributesOf(ctx context.Context, objects []string, withOptions bool) (*Schema, error) {
	s := &Schema{}
	errs := make([]error, 2+len(objects)) // in the order in which a person wants to know of them
	named := make([][]Attribute, len(objects))
	// side by side: what is asked one after the other takes its time at the start of every command
	var calls sync.WaitGroup
	calls.Go(func() { s.Self, errs[0] = c.Self(ctx) })
	calls.Go(func() { s.Objects, errs[1] = c.Objects(ctx) })
	for i, name := range objects {
		calls.Go(func() { named[i], errs[2+i] = c.Attributes(ctx, name, withOptions) })
	}
	calls.Wait()
	if err := cmp.Or(errs[:2]...); err != nil {
		return s, err
	}
	for _, name := range objects {
		if s.Object(name) == nil {
			return s, &Error{Class: Fatal, Method: http.MethodGet, Path: "/v2/objects/" + url.PathEscape(name),
				Status: http.StatusNotFound, Type: "invalid_request_error", Code: CodeNotFound,
				Message: c.clean(fmt.Sprintf("Object with slug/ID %q not found.", name), maxMessage)}
		}
	}
	for i, err := range errs[2:] {
		if err != nil {
			return s, err
		}
		s.Object(objects[i]).Attributes = named[i]
	}
	return s, nil
}

// readReferred reads the attributes of the objects that those with attributes refer to, and the members where they
// point to them.
func (c *Client) readReferred(ctx context.Context, s *Schema) error {
	referred, members := make(map[string]bool), false
	for i := range s.Objects {
		members = members || slices.ContainsFunc(
			s.Objects[i].Attributes, func(a Attribute) bool { return a.Type == TypeActorReference && a.Writable })
		for _, a := range s.Objects[i].Attributes {
			switch {
			case a.Type != TypeRecordReference:
			case a.AllowedObjects == nil: // to any
				for _, other := range s.Objects {
					referred[other.ID] = true
				}
			default:
				for _, id := range a.AllowedObjects {
					referred[id] = true
				}
			}
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for i := range s.Objects {
		if o := &s.Objects[i]; referred[o.ID] && o.Attributes == nil {
			g.Go(func() (err error) {
				o.Attributes, err = c.Attributes(ctx, o.Slug, false)
				return err
			})
		}
	}
	if members {
		g.Go(func() (err error) {
			s.Members, err = c.WorkspaceMembers(ctx)
			if errors.Is(err, ErrForbidden) {
				s.Members, err = nil, nil
			}
			return err
		})
	}
	return g.Wait()
}
