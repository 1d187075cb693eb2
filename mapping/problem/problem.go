package problem

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// Problems are all the reasons why a mapping cannot be bound.
type Problems []Problem

// Problem is one of them.
type Problem struct {
	Where string   // "users.yaml:7:3", or `users.csv: column "E-mail"`
	Text  string   // "no attribute of users is called \"emial\""
	Hint  []string // lines to add or change in the mapping file, ready to paste
	// Open: the mapping file itself asks, at Where, and nobody has answered. Hint are the lines to choose from, each
	// behind its place; to take the "# " off one is the answer.
	Open bool
}

// Error is the problems, a line each, without their hints.
func (p Problems) Error() string {
	all := make([]string, len(p))
	for i, one := range p {
		all[i] = one.String()
	}
	return strings.Join(all, "\n")
}

// String is where the problem stands and what it is.
func (p Problem) String() string {
	if p.Where == "" {
		return p.Text
	}
	return p.Where + ": " + p.Text
}

// FindObject finds an object whose attributes were read, by its slug or id. where is the place of a problem.
func FindObject(s *attio.Schema, slug, where string) (*attio.Object, Problems) {
	o := s.Object(slug)
	if o != nil && o.Attributes != nil {
		return o, nil
	}
	if o != nil {
		return nil, Problems{{Where: where, Text: fmt.Sprintf("the attributes of %q were not read", slug)}}
	}
	var names []string
	for i := range s.Objects {
		names = append(names, s.Objects[i].Slug)
	}
	end, _ := Meant(slug, names)
	text := fmt.Sprintf("the workspace has no object %q%s", slug, cmp.Or(end, "; it has "+strings.Join(names, ", ")))
	return nil, Problems{{Where: where, Text: text}}
}
