package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// What is asked of the workspace before anything is begun: what the key is and may do, and the schema.

// The scopes of a key, as Attio spells them.
const (
	scopeReadRecords  = "record_permission:read"
	scopeWriteRecords = "record_permission:read-write"
	scopeReadObjects  = "object_configuration:read"
	scopeWriteObjects = "object_configuration:read-write"
	scopeReadMembers  = "user_management:read"
	scopeReadEntries  = "list_entry:read"
	scopeReadNotes    = "note:read"
	scopeReadTasks    = "task:read"
)

// scopeTitles are the names of what scopes are about, in Attio's settings.
var scopeTitles = map[string]string{"record_permission": "Records", "object_configuration": "Object configuration",
	"user_management": "User management", "list_entry": "List entries", "note": "Notes", "task": "Tasks"}

// missingScopes says what a key may not do that the command needs.
type missingScopes struct {
	workspace string
	scopes    []string
}

func (e *missingScopes) Error() string {
	return fmt.Sprintf("the API key of workspace %q lacks the scope %s", e.workspace, strings.Join(e.scopes, " and "))
}

func (e *missingScopes) hints() []string {
	return []string{"in Attio, under Workspace settings > Developers, open the key and switch on " + titles(e.scopes)}
}

func titles(scopes []string) string {
	out := make([]string, len(scopes))
	for i, s := range scopes {
		what, how, _ := strings.Cut(s, ":")
		out[i] = scopeTitles[what] + ": R" + how[1:]
	}
	return strings.Join(out, " and ")
}

// checkScopes reports the scopes that a key lacks as a *missingScopes.
func checkScopes(self attio.Self, scopes ...string) error {
	var missing []string
	for _, s := range scopes {
		if !slices.Contains(self.Scopes, s) && !slices.Contains(self.Scopes, s+"-write") {
			missing = append(missing, s)
		}
	}
	if missing == nil {
		return nil
	}
	return &missingScopes{self.WorkspaceName, missing}
}

// objectNamed is the object of a slug or an id; nil for none.
func objectNamed(objects []attio.Object, name string) *attio.Object {
	return (&attio.Schema{Objects: objects}).Object(name)
}

// checkObjects looks names of objects up, slugs or ids.
func checkObjects(self attio.Self, objects []attio.Object, names ...string) error {
	for _, name := range names {
		if objectNamed(objects, name) != nil {
			continue
		}
		known := slugs(objects)
		slices.Sort(known)
		hint := didYouMean(name, known)
		switch name {
		case "users", "workspaces", "deals": // the standard objects that a workspace begins without
			hint = append(hint, "an admin can switch "+name+" on in Attio under Workspace settings > Objects")
		}
		return &hinted{fmt.Errorf("workspace %q has no object %q", self.WorkspaceName, name),
			append(hint, "the workspace has "+strings.Join(known, ", "))}
	}
	return nil
}

func slugs(objects []attio.Object) (out []string) {
	for _, o := range objects {
		out = append(out, o.Slug)
	}
	return out
}

// readObjects checks the key, and reads the workspace's objects, which have to include those that are named.
func readObjects(ctx context.Context, c *attio.Client, names []string, scopes ...string) ([]attio.Object, error) {
	self, err := c.Self(ctx)
	if err == nil {
		err = checkScopes(self, scopes...)
	}
	if err != nil {
		return nil, startError(err)
	}
	objects, err := c.Objects(ctx)
	if err != nil {
		return nil, startError(err)
	}
	return objects, refused(checkObjects(self, objects, names...))
}

// readSchema checks the key and reads what plans for the object need.
func readSchema(ctx context.Context, c *attio.Client, object string, scopes ...string) (*attio.Schema, error) {
	return readChecked(ctx, c.Schema, object, scopes...)
}

// readChecked reads a schema with what the client offers for it, and checks the key.
func readChecked(ctx context.Context, read func(context.Context, ...string) (*attio.Schema, error), object string,
	scopes ...string) (*attio.Schema, error) {
	schema, err := read(ctx, object)
	if schema.Self.Active { // what the key lacks is the reason why the rest was refused
		if err := checkScopes(schema.Self, scopes...); err != nil {
			return nil, startError(err)
		}
	}
	if api, ok := errors.AsType[*attio.Error](err); ok && api.Code == attio.CodeNotFound && schema.Objects != nil {
		if err := checkObjects(schema.Self, schema.Objects, object); err != nil {
			return nil, refused(err)
		}
	}
	if err != nil {
		return nil, startError(err)
	}
	return schema, nil
}

// startError marks an error that came before anything was begun: what a person has to put right is a refusal. A server
// that cannot be reached or is in trouble, a run that another process holds, and a full disk may be otherwise the next
// time.
func startError(err error) error {
	if api, ok := errors.AsType[*attio.Error](err); ok &&
		(api.Status == 0 || api.Status == http.StatusTooManyRequests || api.Status >= http.StatusInternalServerError) {
		return err
	}
	if _, held := errors.AsType[*journal.BusyError](err); held || errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return refused(err)
}
