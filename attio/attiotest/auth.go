package attiotest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// bearer reads the token of a request: Bearer, or Basic with the token as user name and no password.
func bearer(r *http.Request) string {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch scheme {
	case "Bearer":
		return rest
	case "Basic":
		plain, err := base64.StdEncoding.DecodeString(rest)
		if user, ok := strings.CutSuffix(string(plain), ":"); ok && err == nil {
			return user
		}
	}
	return ""
}

// keyLength is that of an API key.
const keyLength = 64

// authorise checks the key and its scopes; an answer is what refuses. /v2/self has rules of its own: it never gives a
// 401, and answers a well-formed dead key with a 200 that says so.
func (s *Server) authorise(r *http.Request, found *route) (key string, a *answer) {
	key = bearer(r)
	known := len(key) == keyLength && (s.o.Key == "" || key == s.o.Key)
	self := found != nil && found.pattern == "/v2/self"
	deny := func(message string) *answer {
		return s.refused(&refusal{Status: http.StatusUnauthorized, Type: authError, Code: "unauthorized", Message: message})
	}
	switch {
	case known && found != nil:
		return key, s.scoped(found)
	case known:
		return key, nil
	case self && len(key) == keyLength:
		return key, s.answer(http.StatusOK, []byte(`{"active":false}`))
	case self:
		return key, s.refused(refuse(http.StatusBadRequest, "missing_value",
			"Token was not recognised, please ensure that you are passing a valid token in the Authorization header."))
	case r.Header.Get("Authorization") == "":
		return key, deny("The Authorization header was not provided. Please ensure that you are passing an API Key.")
	case len(key) != keyLength:
		return key, deny("The API Key provided was invalid because it was the wrong length (API Keys should be 64 " +
			"characters long). You might not have copied the entire API key from your Admin panel?")
	default:
		return key, deny(usual[http.StatusUnauthorized][2])
	}
}

// scopeNames are Attio's words for scopes; "Records" is on record, the others follow its settings page.
var scopeNames = map[string]string{"record_permission": "Records", "object_configuration": "Object Configuration",
	"list_entry": "List Entries", "list_configuration": "List Configuration", "comment": "Comments", "note": "Notes",
	"task": "Tasks", "user_management": "User Management"}

// scoped refuses a key that lacks what the route needs. A read-write scope covers its read.
func (s *Server) scoped(found *route) *answer {
	var missing []string
	for _, scope := range found.scopes {
		name, level, _ := strings.Cut(scope, ":")
		if slices.Contains(s.o.Scopes, scope) || slices.Contains(s.o.Scopes, name+":read-write") {
			continue
		}
		access := map[string]string{"read": "Read access", "read-write": "Read-Write access"}[level]
		missing = append(missing, access+" to the "+scopeNames[name]+" scope")
	}
	if missing == nil {
		return nil
	}
	return s.refused(&refusal{Status: http.StatusForbidden, Type: authError, Code: "unauthorized",
		Message: "The API Key provided is not authorized to perform the requested action. This request requires scopes: " +
			strings.Join(missing, ", ") + "."})
}

// actor is who a key writes as: an api-token with an id of its own for each key.
func (s *Server) actor(key string) *actor {
	if a, ok := s.actors.Load(key); ok {
		return a.(*actor)
	}
	a, _ := s.actors.LoadOrStore(key, newActor("api-token", uuid.NewSHA1(s.ws.id, []byte("token"+key)).String()))
	return a.(*actor)
}
