package attiotest

import (
	"bytes"
	_ "embed" // the workspace is a file
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Workspace is a whole workspace as a file: what a Server starts from and what it dumps. It is meant to be written by
// hand: every id may be left out (it then follows from the names, the same in every run), values stand in Attio's
// simple write form, and the three attributes that every object has are not listed.
type Workspace struct {
	ID      string   `json:"id,omitempty"`
	Name    string   `json:"name,omitempty"` // "" for "Sandbox"
	Slug    string   `json:"slug,omitempty"` // "" for "sandbox"
	Members []Member `json:"members,omitempty"`
	Objects []Object `json:"objects"`
	Lists   []List   `json:"lists,omitempty"`
	Notes   []Note   `json:"notes,omitempty"`
	Tasks   []Task   `json:"tasks,omitempty"`
}

// Member is a member of the workspace. Where there is none, an admin is made.
type Member struct {
	ID          string `json:"id,omitempty"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	Email       string `json:"email_address"`
	AccessLevel string `json:"access_level,omitempty"` // admin, member or suspended; "" for member
}

// Object is a kind of record.
type Object struct {
	ID         string      `json:"id,omitempty"`
	Slug       string      `json:"api_slug"`
	Singular   string      `json:"singular_noun"`
	Plural     string      `json:"plural_noun"`
	Attributes []Attribute `json:"attributes"` // in the order of the user interface
	Records    []Record    `json:"records,omitempty"`
}

// Attribute is a property of an object; false and "" are what most attributes are.
type Attribute struct {
	ID          string   `json:"id,omitempty"`
	Slug        string   `json:"api_slug"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Type        string   `json:"type"`
	System      bool     `json:"system,omitempty"` // Attio's own: stands before created_at, cannot be edited
	ReadOnly    bool     `json:"read_only,omitempty"`
	Required    bool     `json:"required,omitempty"`
	Unique      bool     `json:"unique,omitempty"`
	Multi       bool     `json:"multi,omitempty"`
	Archived    bool     `json:"archived,omitempty"`
	Currency    string   `json:"currency,omitempty"` // code of a currency attribute
	Objects     []string `json:"objects,omitempty"`  // slugs that a record-reference may point to; none: any
	Inverse     string   `json:"inverse,omitempty"`  // the other side of a two-way relationship: "companies.team"
	Options     []Option `json:"options,omitempty"`  // of a select or a status
	// Default is given to new records that bring no value, in write form.
	Default json.RawMessage `json:"default,omitempty"`
}

// Option is a choice of a select or a stage of a status. In JSON a plain string is an option with that title.
type Option struct {
	ID          string `json:"id,omitempty"`
	Title       string `json:"title"`
	Archived    bool   `json:"archived,omitempty"`
	Celebration bool   `json:"celebration_enabled,omitempty"`
	TargetTime  string `json:"target_time_in_status,omitempty"` // an ISO 8601 duration
}

// Record is a record with its values by slug.
type Record struct {
	ID        string                     `json:"id,omitempty"`
	CreatedAt string                     `json:"created_at,omitempty"` // ISO 8601; "" for the moment of loading
	Values    map[string]json.RawMessage `json:"values"`
}

// List is a list of records of one object, without attributes of its own.
type List struct {
	ID      string  `json:"id,omitempty"`
	Slug    string  `json:"api_slug"`
	Name    string  `json:"name"`
	Object  string  `json:"parent_object"`
	Entries []Entry `json:"entries,omitempty"`
}

// Entry is a record's place in a list.
type Entry struct {
	ID     string `json:"id,omitempty"`
	Record string `json:"parent_record_id"`
}

// Note is a note on a record.
type Note struct {
	ID      string `json:"id,omitempty"`
	Object  string `json:"parent_object"`
	Record  string `json:"parent_record_id"`
	Title   string `json:"title"`
	Content string `json:"content,omitempty"`
}

// Task is a task that is linked to a record.
type Task struct {
	ID        string `json:"id,omitempty"`
	Object    string `json:"target_object"`
	Record    string `json:"target_record_id"`
	Content   string `json:"content"`
	Completed bool   `json:"is_completed,omitempty"`
}

// UnmarshalJSON takes a plain string for a title.
func (o *Option) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &o.Title)
	}
	type plain Option
	return strictly(data, (*plain)(o))
}

// strictly decodes JSON in which no key is unknown.
func strictly(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// MarshalJSON writes an option that is nothing but its title as a plain string.
func (o Option) MarshalJSON() ([]byte, error) {
	if o == (Option{Title: o.Title}) {
		return json.Marshal(o.Title)
	}
	type plain Option
	return json.Marshal(plain(o))
}

// ReadWorkspace reads a workspace file and checks it wholly: unknown keys, values that Attio would refuse, references
// to nothing. The error says where.
func ReadWorkspace(r io.Reader) (*Workspace, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	w := &Workspace{}
	if _, err = parseJSON(data); err == nil { // it refuses keys that stand twice
		err = strictly(data, w)
	}
	if err != nil {
		return nil, fmt.Errorf("workspace file: %w", err)
	}
	return w, w.Check()
}

// Check reports all that keeps the workspace from being served, nil for nothing.
func (w *Workspace) Check() error {
	o := Options{Seed: w}
	o.fill()
	_, problems := load(w, &o, 0)
	return errors.Join(problems...)
}

// standard is the built-in workspace. The categories of companies and a few other lists stand for longer ones; to users
// some custom attributes are added, such as teams add.
//
//go:embed standard.json
var standard []byte

// Standard is the built-in workspace: Attio's standard objects with their own attributes (users, workspaces and deals
// enabled), a custom object "specimens" with an attribute of every type, three members, and no records.
// A new user needs user_id and primary_email_address, both unique. Server.Dump shows every attribute.
func Standard() *Workspace {
	w := &Workspace{}
	if err := strictly(standard, w); err != nil {
		panic(err) // a test reads it
	}
	return w
}
