package attiotest

import (
	"net/http"
	"strings"
)

// absent are the endpoints that Attio has and this package does not model: a client that calls one is told so, with a
// 501, and not that there is no such endpoint.
var absent = endpoints(`
	POST   /v2/objects
	PATCH  /v2/objects/*
	DELETE /v2/objects/*
	GET    /v2/objects/*/views
	POST   /v2/objects/records/search
	POST   /v2/objects/*/records/merge
	GET    /v2/objects/*/records/*/attributes/*/values
	PUT    /v2/objects/*/records/*/attributes/*/values
	POST   /v2/lists
	PATCH  /v2/lists/*
	POST   /v2/lists/*/attributes
	PATCH  /v2/lists/*/attributes/*
	POST   /v2/lists/*/attributes/*/options
	PATCH  /v2/lists/*/attributes/*/options/*
	POST   /v2/lists/*/attributes/*/statuses
	PATCH  /v2/lists/*/attributes/*/statuses/*
	GET    /v2/lists/*/views
	GET    /v2/lists/*/views/*
	POST   /v2/lists/*/entries
	PUT    /v2/lists/*/entries
	GET    /v2/lists/*/entries/*
	PATCH  /v2/lists/*/entries/*
	PUT    /v2/lists/*/entries/*
	DELETE /v2/lists/*/entries/*
	GET    /v2/lists/*/entries/*/attributes/*/values
	PUT    /v2/lists/*/entries/*/attributes/*/values
	POST   /v2/notes
	GET    /v2/notes/*
	PATCH  /v2/notes/*
	DELETE /v2/notes/*
	POST   /v2/tasks
	GET    /v2/tasks/*
	PATCH  /v2/tasks/*
	DELETE /v2/tasks/*
	GET    /v2/threads/*
	POST   /v2/comments
	GET    /v2/comments/*
	DELETE /v2/comments/*
	GET    /v2/meetings
	POST   /v2/meetings
	GET    /v2/meetings/*
	GET    /v2/meetings/*/call_recordings
	POST   /v2/meetings/*/call_recordings
	GET    /v2/meetings/*/call_recordings/*
	DELETE /v2/meetings/*/call_recordings/*
	GET    /v2/meetings/*/call_recordings/*/transcript
	GET    /v2/files
	POST   /v2/files
	POST   /v2/files/upload
	GET    /v2/files/*
	DELETE /v2/files/*
	GET    /v2/files/*/download
	POST   /v2/sql
	GET    /v2/webhooks
	POST   /v2/webhooks
	GET    /v2/webhooks/*
	PATCH  /v2/webhooks/*
	DELETE /v2/webhooks/*
	GET    /scim/v2/Schemas`)

// endpoints reads lines of a method and a pattern.
func endpoints(text string) (list []route) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		words := strings.Fields(line)
		list = append(list, route{method: words[0], pattern: words[1]})
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
