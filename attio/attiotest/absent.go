package attiotest

import (
	_ "embed" // the endpoints are a file
	"net/http"
	"strings"
)

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
