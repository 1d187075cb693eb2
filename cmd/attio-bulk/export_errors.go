package main

import (
	"errors"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/exporter"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// What a person has to put right in an export, in the words of the command.

// exportFlag are the flags of exporter.Options' fields where they are not spelled alike.
var exportFlag = map[string]string{"Spreadsheet": "for-spreadsheet", "MinRecords": "min-records",
	"ChangesSince": "changes-since"}

// flagError is an option that cannot be used, under the name of its flag.
type flagError struct{ *exporter.OptionError }

func (e *flagError) Error() string {
	name := exportFlag[e.Option]
	if name == "" {
		name = strings.ToLower(e.Option)
	}
	return "--" + name + ": " + e.Reason()
}

func (e *flagError) Unwrap() error { return e.OptionError }

// columnsError are columns and sort keys that the object does not have.
type columnsError struct {
	problem.Problems
	object string
}

func (e *columnsError) Unwrap() error { return e.Problems }

func (e *columnsError) hints() []string {
	return []string{"to see the attributes: " + quoted("attio-bulk", "schema", e.object)}
}

// exportError tells what a person has to put right from what may pass by itself.
func exportError(err error, object string) error {
	var option *exporter.OptionError
	var whole *exporter.NotWholeError
	var problems problem.Problems
	var api *attio.Error
	switch {
	case errors.As(err, &option):
		return refused(&flagError{option})
	case errors.As(err, &problems):
		for i := range problems {
			if problems[i].Where == "Sort" {
				problems[i].Where = "--sort"
			}
		}
		return refused(&columnsError{problems, object})
	case errors.As(err, &whole):
		return refused(err)
	case errors.As(err, &api) && api.Class == attio.Refused: // the filter, above all, which Attio alone can check
		return refused(err)
	}
	return err
}

// ofOneObject reports whether an error says nothing of other objects: Attio looked at what was asked of this one and
// refused it, or the key may not see it.
func ofOneObject(err error) bool {
	var api *attio.Error
	return errors.As(err, &api) && (api.Class == attio.Refused || errors.Is(err, attio.ErrForbidden) ||
		errors.Is(err, attio.ErrNotFound))
}

// inFilter adds to what Attio says of a filter what it does not say: which names there are.
func inFilter(err error, o *attio.Object) error {
	var api *attio.Error
	if o == nil || !errors.As(err, &api) || api.Class != attio.Refused || len(api.FilterPath) == 0 {
		return err
	}
	var hint []string
	if a := o.Attribute(api.FilterPath[len(api.FilterPath)-1]); a != nil && len(a.Options) > 0 {
		var known []string
		for _, option := range a.Options {
			if !option.Archived {
				known = append(known, option.Title)
			}
		}
		hint = append(hint, a.Slug+" has "+strings.Join(known, ", "))
	}
	if api.Attribute != "" {
		var slugs []string
		for _, a := range o.Attributes {
			slugs = append(slugs, a.Slug)
		}
		if near := problem.Nearest(api.Attribute, slugs); len(near) > 0 {
			hint = append(hint, "did you mean "+strings.Join(near, " or ")+"?")
		}
		hint = append(hint, "to see the attributes: "+quoted("attio-bulk", "schema", o.Slug))
	}
	return &hinted{err, hint}
}
