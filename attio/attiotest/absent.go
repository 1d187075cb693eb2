package attiotest

import (
	"net/http"
	"strings"
)

// absent are the endpoints that Attio has and this package does not model: a client that calls one is told so, with a
// 501, and not that there is no such endpoint.
var absent = endpoints(`
	/v2/objects                                 POST
	/v2/objects/*                               PATCH DELETE
	/v2/objects/*/views                         GET
	/v2/objects/records/search                  POST
	/v2/objects/*/records/merge                 POST
	/v2/objects/*/records/*/attributes/*/values GET PUT
	/v2/lists                                   POST
	/v2/lists/*                                 PATCH
	/v2/lists/*/attributes                      POST
	/v2/lists/*/attributes/*                    PATCH
	/v2/lists/*/attributes/*/options            POST
	/v2/lists/*/attributes/*/options/*          PATCH
	/v2/lists/*/attributes/*/statuses           POST
	/v2/lists/*/attributes/*/statuses/*         PATCH
	/v2/lists/*/views                           GET
	/v2/lists/*/views/*                         GET
	/v2/lists/*/entries                         POST PUT
	/v2/lists/*/entries/*                       GET PATCH PUT DELETE
	/v2/lists/*/entries/*/attributes/*/values   GET PUT
	/v2/notes                                   POST
	/v2/notes/*                                 GET PATCH DELETE
	/v2/tasks                                   POST
	/v2/tasks/*                                 GET PATCH DELETE
	/v2/threads/*                               GET
	/v2/comments                                POST
	/v2/comments/*                              GET DELETE
	/v2/meetings                                GET POST
	/v2/meetings/*                              GET
	/v2/meetings/*/call_recordings              GET POST
	/v2/meetings/*/call_recordings/*            GET DELETE
	/v2/meetings/*/call_recordings/*/transcript GET
	/v2/files                                   GET POST
	/v2/files/upload                            POST
	/v2/files/*                                 GET DELETE
	/v2/files/*/download                        GET
	/v2/sql                                     POST
	/v2/webhooks                                GET POST
	/v2/webhooks/*                              GET PATCH DELETE
	/scim/v2/Schemas                            GET`)

// endpoints reads lines of a pattern and its methods.
func endpoints(text string) (list []route) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
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
