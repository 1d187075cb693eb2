package attiotest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// call is one request that has come through to its handler.
type call struct {
	method string
	path   string
	segs   []string // what the placeholders of the route stand for
	query  url.Values
	body   any // the tree of a request with a body
	by     *actor
	key    string
	now    int64         // nanoseconds by the server's clock
	lag    time.Duration // what a fault adds to it
	lies   []Lie         // what faults make of a query's page
}

// ms is the moment as records keep it: Attio's own times have no more than three significant digits.
func (c *call) ms() int64 { return c.now / 1e6 }

// reply is an answer that says yes.
type reply struct {
	body     []byte
	accurate bool // carries x-accurate-at
	scored   bool // carries x-attio-record-query-score
	score    int
}

// data wraps an answer as the API does.
func data(v any) reply {
	return reply{body: encode(struct {
		Data any `json:"data"`
	}{v}), accurate: true}
}

// handler does the work of a route.
type handler func(*Server, *call) (reply, *refusal)

// route is one endpoint.
type route struct {
	method, pattern string // segments; * stands for anything
	scopes          []string
	write           bool // counts against the writes, and wants the write lock
	body            bool
	handle          handler
}

const (
	readConfig   = "object_configuration:read"
	writeConfig  = "object_configuration:read-write"
	readLists    = "list_configuration:read"
	readRecords  = "record_permission:read"
	writeRecords = "record_permission:read-write"
)

var (
	attributes = "/v2/*/*/attributes"
	records    = "/v2/objects/*/records"
)

// routes are the endpoints that are modelled; all others are refused and remembered.
var routes = []route{
	getRoute("/v2/self", (*Server).self),
	getRoute("/v2/objects", (*Server).listObjects, readConfig),
	getRoute("/v2/objects/*", (*Server).getObject, readConfig),
	getRoute("/v2/workspace_members", (*Server).listMembers, "user_management:read"),
	getRoute("/v2/workspace_members/*", (*Server).getMember, "user_management:read"),

	getRoute(attributes, (*Server).listAttributes, readConfig),
	writeRoute("POST", attributes, (*Server).createAttribute, writeConfig),
	getRoute(attributes+"/*", (*Server).getAttribute, readConfig),
	writeRoute("PATCH", attributes+"/*", (*Server).patchAttribute, writeConfig),
	getRoute(attributes+"/*/options", (*Server).listOptions, readConfig),
	writeRoute("POST", attributes+"/*/options", (*Server).createOption, writeConfig),
	writeRoute("PATCH", attributes+"/*/options/*", (*Server).patchOption, writeConfig),
	getRoute(attributes+"/*/statuses", (*Server).listStatuses, readConfig),
	writeRoute("POST", attributes+"/*/statuses", (*Server).createStatus, writeConfig),
	writeRoute("PATCH", attributes+"/*/statuses/*", (*Server).patchStatus, writeConfig),

	queryRoute(records+"/query", (*Server).queryRecords, readRecords, readConfig),
	writeRoute("POST", records, (*Server).createRecord, writeRecords, readConfig),
	writeRoute("PUT", records, (*Server).assertRecord, writeRecords, readConfig),
	getRoute(records+"/*", (*Server).getRecord, readRecords, readConfig),
	writeRoute("PATCH", records+"/*", (*Server).patchRecord, writeRecords, readConfig),
	writeRoute("PUT", records+"/*", (*Server).putRecord, writeRecords, readConfig),
	writeRoute("DELETE", records+"/*", (*Server).deleteRecord, writeRecords, readConfig),

	getRoute(records+"/*/entries", (*Server).recordEntries, "list_entry:read", readRecords, readConfig),
	getRoute("/v2/lists", (*Server).listLists, readLists),
	getRoute("/v2/lists/*", (*Server).getList, readLists),
	queryRoute("/v2/lists/*/entries/query", (*Server).queryEntries, "list_entry:read", readLists),
	getRoute("/v2/threads", (*Server).listThreads, "comment:read"),
	getRoute("/v2/notes", (*Server).listNotes, "note:read", readRecords, readConfig),
	getRoute("/v2/tasks", (*Server).listTasks, "task:read", "user_management:read", readRecords, readConfig),
}

func getRoute(pattern string, h handler, scopes ...string) route {
	return route{method: "GET", pattern: pattern, handle: h, scopes: scopes}
}

func queryRoute(pattern string, h handler, scopes ...string) route {
	return route{method: "POST", pattern: pattern, handle: h, scopes: scopes, body: true}
}

func writeRoute(method, pattern string, h handler, scopes ...string) route {
	return route{method: method, pattern: pattern, handle: h, scopes: scopes, write: true, body: method != "DELETE"}
}

// findRoute picks the route of a request and what its placeholders stand for.
func findRoute(method, escapedPath string) (*route, []string) {
	found, filled := matchRoute(routes, method, escapedPath)
	if found == nil || !strings.HasPrefix(found.pattern, attributes) {
		return found, filled
	}
	// Writes to the attributes of lists are not modelled.
	if filled[0] == "objects" || filled[0] == "lists" && !found.write {
		return found, filled
	}
	return nil, nil
}

// matchRoute finds the first route that fits.
func matchRoute(list []route, method, escapedPath string) (*route, []string) {
	segs := strings.Split(escapedPath, "/")
next:
	for i := range list {
		want := strings.Split(list[i].pattern, "/")
		if list[i].method != method || len(want) != len(segs) {
			continue
		}
		var filled []string
		for j, w := range want {
			seg, err := url.PathUnescape(segs[j])
			switch {
			case err != nil || w == "*" && seg == "":
				continue next
			case w == "*":
				filled = append(filled, seg)
			case w != seg:
				continue next
			}
		}
		return &list[i], filled
	}
	return nil, nil
}

// object finds the object that a record route names.
func (c *call) object(ws *state) (*object, *refusal) {
	if o := ws.object(c.segs[0]); o != nil {
		return o, nil
	}
	return nil, notFound("Object with slug/ID %q not found.", c.segs[0])
}

// record finds the record that a route names.
func (c *call) record(ws *state) (*record, *refusal) {
	o, r := c.object(ws)
	if r != nil {
		return nil, r
	}
	id, ok := uuidOf(c.segs[1])
	if !ok {
		return nil, invalid("Path params validation error.", invalidItem("Invalid uuid", "record_id"))
	}
	if rec := o.records[id]; rec != nil {
		return rec, nil
	}
	return nil, notFound("Record with ID %q not found.", id)
}

// onlyQuery refuses query parameters that the route does not know, so that a misspelt one is seen.
func (c *call) onlyQuery(known ...string) *refusal {
	for name, values := range c.query {
		if !slices.Contains(known, name) || len(values) != 1 {
			return badQuery(name)
		}
	}
	return nil
}

// self answers GET /v2/self. Unknown keys do not come here: auth has answered them.
func (s *Server) self(c *call) (reply, *refusal) {
	client := uuid.NewSHA1(s.ws.id, []byte("client"+c.key))
	return reply{body: encode(struct {
		Active    bool      `json:"active"`
		Scope     string    `json:"scope"`
		Client    uuid.UUID `json:"client_id"`
		TokenType string    `json:"token_type"`
		Exp       *int64    `json:"exp"`
		Iat       int64     `json:"iat"`
		Sub       uuid.UUID `json:"sub"`
		Aud       uuid.UUID `json:"aud"`
		Iss       string    `json:"iss"`
		Member    string    `json:"authorized_by_workspace_member_id"`
		Workspace uuid.UUID `json:"workspace_id"`
		Name      string    `json:"workspace_name"`
		Slug      string    `json:"workspace_slug"`
		Logo      *string   `json:"workspace_logo_url"`
	}{true, strings.Join(s.o.Scopes, " "), client, "Bearer", nil, s.ws.now / 1000, s.ws.id, client, "attio.com",
		s.ws.members[0].ID, s.ws.id, s.ws.name, s.ws.slug, nil})}, nil
}

// memberJSON is a workspace member in the API's shape.
type memberJSON struct {
	ID struct {
		Workspace uuid.UUID `json:"workspace_id"`
		Member    string    `json:"workspace_member_id"`
	} `json:"id"`
	First  string  `json:"first_name"`
	Last   string  `json:"last_name"`
	Avatar *string `json:"avatar_url"`
	Email  string  `json:"email_address"`
	Access string  `json:"access_level"`
	Since  string  `json:"created_at"`
}

func (ws *state) memberJSON(m Member) memberJSON {
	j := memberJSON{First: m.FirstName, Last: m.LastName, Email: m.Email, Access: m.AccessLevel, Since: stamp(ws.now)}
	j.ID.Workspace, j.ID.Member = ws.id, m.ID
	return j
}

// listMembers answers GET /v2/workspace_members, in one page.
func (s *Server) listMembers(*call) (reply, *refusal) {
	list := []memberJSON{}
	for _, m := range s.ws.members {
		list = append(list, s.ws.memberJSON(m))
	}
	return data(list), nil
}

// getMember answers GET /v2/workspace_members/{id}.
func (s *Server) getMember(c *call) (reply, *refusal) {
	for _, m := range s.ws.members {
		if m.ID == c.segs[0] {
			return data(s.ws.memberJSON(m)), nil
		}
	}
	return reply{}, refuse(http.StatusNotFound, "not_found", "Workspace member with ID %q not found.", c.segs[0])
}
