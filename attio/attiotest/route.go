package attiotest

import (
	_ "embed" // the endpoints are a file
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// call is one request that has come through to its handler.
type call struct {
	s     *Server
	ws    *state
	route *route
	segs  []string // what the placeholders of the route stand for
	query url.Values
	body  any // the tree of a request with a body
	by    *actor
	key   string
	now   int64         // nanoseconds by the server's clock
	lag   time.Duration // what a fault adds to it
	lies  []Lie         // what faults make of a query's page
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
	return reply{body: encode(fields{{"data", v}}), accurate: true}
}

// handler does the work of a route; it refuses by a panic with a refusal.
type handler func(*call) reply

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
	readRoute("GET", "/v2/self", (*call).self),
	// what is listed comes in one page: objects by ascending id, lists by ascending created_at, as was seen
	readRoute("GET", "/v2/objects", func(c *call) reply { return data(mapped(c.ws.objects, (*object).json)) }, readConfig),
	readRoute("GET", "/v2/objects/*", func(c *call) reply { return data(c.object().json()) }, readConfig),
	readRoute("GET", "/v2/workspace_members",
		func(c *call) reply { return data(mapped(c.ws.members, c.ws.memberJSON)) }, "user_management:read"),
	readRoute("GET", "/v2/workspace_members/*", (*call).getMember, "user_management:read"),

	readRoute("GET", attributes, (*call).listAttributes, readConfig),
	writeRoute("POST", attributes, (*call).createAttribute, writeConfig),
	readRoute("GET", attributes+"/*", func(c *call) reply { return data(c.attribute().json()) }, readConfig),
	writeRoute("PATCH", attributes+"/*", (*call).patchAttribute, writeConfig),
	readRoute("GET", attributes+"/*/options", (*call).listChoices, readConfig),
	writeRoute("POST", attributes+"/*/options", (*call).createChoice, writeConfig),
	writeRoute("PATCH", attributes+"/*/options/*", (*call).patchChoice, writeConfig),
	readRoute("GET", attributes+"/*/statuses", (*call).listChoices, readConfig),
	writeRoute("POST", attributes+"/*/statuses", (*call).createChoice, writeConfig),
	writeRoute("PATCH", attributes+"/*/statuses/*", (*call).patchChoice, writeConfig),

	readRoute("POST", records+"/query", (*call).queryRecords, readRecords, readConfig),
	writeRoute("POST", records, (*call).createRecord, writeRecords, readConfig),
	writeRoute("PUT", records, (*call).assertRecord, writeRecords, readConfig),
	readRoute("GET", records+"/*", func(c *call) reply { return answered(c.record()) }, readRecords, readConfig),
	writeRoute("PATCH", records+"/*", (*call).updateRecord, writeRecords, readConfig),
	writeRoute("PUT", records+"/*", (*call).updateRecord, writeRecords, readConfig),
	writeRoute("DELETE", records+"/*", (*call).deleteRecord, writeRecords, readConfig),

	readRoute("GET", records+"/*/entries", (*call).recordEntries, "list_entry:read", readRecords, readConfig),
	readRoute("GET", "/v2/lists", func(c *call) reply { return data(mapped(c.ws.lists, (*object).listJSON)) }, readLists),
	readRoute("GET", "/v2/lists/*", func(c *call) reply { return data(c.list(c.segs[0]).listJSON()) }, readLists),
	readRoute("POST", "/v2/lists/*/entries/query",
		func(c *call) reply { return c.queryOf(c.list(c.segs[0])) }, "list_entry:read", readLists),
	readRoute("GET", "/v2/threads", (*call).listThreads, "comment:read"),
	readRoute("GET", "/v2/notes", (*call).listNotes, "note:read", readRecords, readConfig),
	readRoute("GET", "/v2/tasks", (*call).listTasks, "task:read", "user_management:read", readRecords, readConfig),
}

func readRoute(method, pattern string, h handler, scopes ...string) route {
	return route{method: method, pattern: pattern, handle: h, scopes: scopes, body: method == "POST"}
}

func writeRoute(method, pattern string, h handler, scopes ...string) route {
	return route{method: method, pattern: pattern, handle: h, scopes: scopes, write: true, body: method != "DELETE"}
}

// findRoute picks the route of a request and what its placeholders stand for.
func findRoute(method, escapedPath string) (*route, []string) {
	found, filled := matchRoute(routes, method, escapedPath)
	// Writes to the attributes of lists are not modelled.
	if found != nil && strings.HasPrefix(found.pattern, attributes) && filled[0] != "objects" &&
		(filled[0] != "lists" || found.write) {
		return nil, nil
	}
	return found, filled
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

// objectCalled finds an object by slug or id.
func (c *call) objectCalled(name string) *object {
	if o := c.ws.object(name); o != nil {
		return o
	}
	panic(notFound("Object with slug/ID %q not found.", name))
}

// object finds the object that a record route names.
func (c *call) object() *object { return c.objectCalled(c.segs[0]) }

// record finds the record that a route names.
func (c *call) record() *record {
	o := c.object()
	id, ok := uuidOf(c.segs[1])
	if !ok {
		panic(invalid("Path params validation error.", invalidItem("Invalid uuid", "record_id")))
	}
	return o.find(id.String())
}

// find is a record by id.
func (o *object) find(id string) *record {
	u, _ := uuidOf(id)
	if rec := o.records[u]; rec != nil {
		return rec
	}
	panic(notFound("Record with ID %q not found.", id))
}

// onlyQuery refuses query parameters that the route does not know, so that a misspelt one is seen.
func (c *call) onlyQuery(known ...string) {
	for name, values := range c.query {
		if !slices.Contains(known, name) || len(values) != 1 {
			panic(badQuery(name))
		}
	}
}

// word reads a query parameter that is one of some words; "" is among them where it may be left out.
func (c *call) word(name string, words ...string) string {
	v := c.query.Get(name)
	if !slices.Contains(words, v) {
		panic(badQuery(name))
	}
	return v
}

// count reads a query parameter that is a number.
func (c *call) count(name string, otherwise, low, high int) int {
	if !c.query.Has(name) {
		return otherwise
	}
	n, err := strconv.Atoi(c.query.Get(name))
	if err != nil || n < low || n > high {
		panic(badQuery(name))
	}
	return n
}

// pageOf answers with the part of a list that the query string asks for.
func pageOf[T any](c *call, list []T, limit, most int) reply {
	limit = c.count("limit", limit, 1, most)
	list = list[min(c.count("offset", 0, 0, 1<<31), len(list)):]
	return data(list[:min(limit, len(list))])
}

// self answers GET /v2/self. Unknown keys do not come here: auth has answered them.
func (c *call) self() reply {
	client := uuid.NewSHA1(c.ws.id, []byte("client"+c.key))
	return reply{body: encode(fields{{"active", true}, {"scope", strings.Join(c.s.o.Scopes, " ")},
		{"client_id", client}, {"token_type", "Bearer"}, {"exp", nil}, {"iat", c.ws.now / 1000}, {"sub", c.ws.id},
		{"aud", client}, {"iss", "attio.com"}, {"authorized_by_workspace_member_id", c.ws.members[0].ID},
		{"workspace_id", c.ws.id}, {"workspace_name", c.ws.name}, {"workspace_slug", c.ws.slug},
		{"workspace_logo_url", nil}})}
}

func (ws *state) memberJSON(m Member) fields {
	return fields{{"id", fields{{"workspace_id", ws.id}, {"workspace_member_id", m.ID}}}, {"first_name", m.FirstName},
		{"last_name", m.LastName}, {"avatar_url", nil}, {"email_address", m.Email}, {"access_level", m.AccessLevel},
		{"created_at", stamp(ws.now)}}
}

// getMember answers GET /v2/workspace_members/{id}.
func (c *call) getMember() reply {
	for _, m := range c.ws.members {
		if m.ID == c.segs[0] {
			return data(c.ws.memberJSON(m))
		}
	}
	panic(notFound("Workspace member with ID %q not found.", c.segs[0]))
}

// absent are the endpoints that Attio has and this package does not model: a client that calls one is told so, with a
// 501, and not that there is no such endpoint.
var absent = endpoints(absentFile)

// absentFile has a line for each of their paths: the pattern, then its methods.
//
//go:embed absent.txt
var absentFile string

// endpoints reads lines of a pattern and its methods.
func endpoints(text string) (list []route) {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for _, method := range words[1:] {
			list = append(list, route{method: method, pattern: words[0]})
		}
	}
	return list
}

// nowhere is the refusal of a request that no route takes: Attio's own where it has no such endpoint either.
func nowhere(method, escapedPath, path string) *refusal {
	if found, _ := matchRoute(absent, method, escapedPath); found != nil {
		return notModelled(method + " " + path)
	}
	return notFound("Could not find endpoint \"%s %s\".", method, path)
}

// notModelled says that Attio takes what this package does not.
func notModelled(what string) *refusal {
	return refuse(http.StatusNotImplemented, "not_modelled", "attiotest does not model %q, which Attio has.", what)
}
