package main

import (
	"cmp"
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

// exportError tells what a person has to put right from what may pass by itself.
func exportError(err error, object string) error {
	if option, ok := errors.AsType[*exporter.OptionError](err); ok {
		name := cmp.Or(exportFlag[option.Option], strings.ToLower(option.Option))
		return refused(&hinted{errors.New("--" + name + ": " + option.Err.Error()), hints(err)})
	}
	if problems, ok := errors.AsType[problem.Problems](err); ok { // with columns and sort keys
		for i := range problems {
			if problems[i].Where == "Sort" {
				problems[i].Where = "--sort"
			}
		}
		return refused(&hinted{problems, []string{seeAttributes(object)}})
	}
	_, whole := errors.AsType[*exporter.NotWholeError](err)
	api, ok := errors.AsType[*attio.Error](err)
	if whole || ok && api.Class == attio.Refused { // the filter, above all, which Attio alone can check
		return refused(err)
	}
	return err
}

// seeAttributes is the hint to look for the names of attributes.
func seeAttributes(object string) string {
	return "to see the attributes: " + quoted("attio-bulk", "schema", object)
}

// ofOneObject reports whether an error says nothing of other objects: Attio looked at what was asked of this one and
// refused it, or the key may not see it.
func ofOneObject(err error) bool {
	api, ok := errors.AsType[*attio.Error](err)
	return ok && (api.Class == attio.Refused || errors.Is(err, attio.ErrForbidden) ||
		errors.Is(err, attio.ErrNotFound))
}

// inFilter adds to what Attio says of a filter what it does not say: which names there are.
func inFilter(err error, o *attio.Object) error {
	api, ok := errors.AsType[*attio.Error](err)
	if o == nil || !ok || api.Class != attio.Refused || len(api.FilterPath) == 0 {
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
		hint = append(append(hint, didYouMean(api.Attribute, slugs)...), seeAttributes(o.Slug))
	}
	return &hinted{err, hint}
}
