package attio

// Type is the type of an attribute, as Attio's API spells it.
type Type string

// The 17 types that the API can answer with.
const (
	TypeText            Type = "text"
	TypeNumber          Type = "number"
	TypeCheckbox        Type = "checkbox"
	TypeCurrency        Type = "currency"
	TypeDate            Type = "date"
	TypeTimestamp       Type = "timestamp"
	TypeRating          Type = "rating"
	TypeStatus          Type = "status"
	TypeSelect          Type = "select"
	TypeRecordReference Type = "record-reference"
	TypeActorReference  Type = "actor-reference"
	TypeLocation        Type = "location"
	TypeDomain          Type = "domain"
	TypeEmailAddress    Type = "email-address"
	TypePhoneNumber     Type = "phone-number"
	TypeInteraction     Type = "interaction"
	TypePersonalName    Type = "personal-name"
)

// Self is what a key is: its workspace and what it may do (GET /v2/self).
type Self struct {
	Active        bool     `json:"active"` // false for a revoked key: the answer is 200 even so
	Scopes        []string `json:"scopes"` // "record_permission:read-write", …
	ClientID      string   `json:"client_id"`
	WorkspaceID   string   `json:"workspace_id"`
	WorkspaceName string   `json:"workspace_name"`
	WorkspaceSlug string   `json:"workspace_slug"`
}

// Object is one kind of record, with its attributes where they were read.
type Object struct {
	ID         string      `json:"id"`
	Slug       string      `json:"api_slug"`
	Singular   string      `json:"singular_noun"`
	Plural     string      `json:"plural_noun"`
	Attributes []Attribute `json:"attributes,omitempty"` // in the order of Attio's user interface; nil when not read
}

// Attribute is one property of an object.
type Attribute struct {
	ID             string `json:"id"`
	Slug           string `json:"api_slug"`
	Title          string `json:"title"`
	Type           Type   `json:"type"`
	System         bool   `json:"is_system_attribute"`
	Writable       bool   `json:"is_writable"`
	Required       bool   `json:"is_required"`
	Unique         bool   `json:"is_unique"`
	Multi          bool   `json:"is_multiselect"`
	Archived       bool   `json:"is_archived"`
	DefaultEnabled bool   `json:"is_default_value_enabled"`
	CurrencyCode   string `json:"currency_code,omitempty"` // of a currency attribute; "" where none is set
	// object ids that a record-reference may point to; nil for any object
	AllowedObjects []string `json:"allowed_object_ids,omitempty"`
	// of a select or status attribute, archived ones included
	Options []Option `json:"options,omitempty"`
}

// Option is a choice of a select attribute or a stage of a status attribute.
type Option struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Archived bool   `json:"is_archived"`
}

// Member is a member of the workspace, the only actor that can be written.
type Member struct {
	ID          string `json:"id"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name"`
	Email       string `json:"email_address"`
	AccessLevel string `json:"access_level"` // admin, member or suspended
}

// Schema is what a plan is bound to: the workspace's objects, with the attributes of those that were
// asked for and of those they refer to. It marshals to one JSON document, so that it can be saved.
type Schema struct {
	Self    Self     `json:"self"`
	Objects []Object `json:"objects"` // every object of the workspace, ascending id
	Members []Member `json:"members"` // nil where no attribute needs them or the key may not read them
}

// Object finds an object by slug or id; nil when the workspace has none such.
func (s *Schema) Object(slugOrID string) *Object {
	for i := range s.Objects {
		if o := &s.Objects[i]; o.Slug == slugOrID || o.ID == slugOrID {
			return o
		}
	}
	return nil
}

// Attribute finds an attribute by slug or id; nil when the object has none such.
func (o *Object) Attribute(slugOrID string) *Attribute {
	for i := range o.Attributes {
		if a := &o.Attributes[i]; a.Slug == slugOrID || a.ID == slugOrID {
			return a
		}
	}
	return nil
}
