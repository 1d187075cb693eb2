package value

import (
	"cmp"
	"strings"

	"github.com/google/uuid"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// MemberType is the only actor type that can be written.
const MemberType = "workspace-member"

// Members finds workspace members by id, e-mail address, full name and first name.
type Members struct {
	Known  bool // false where the key may not read the members
	all    []attio.Member
	byID   map[string]*attio.Member
	byMail map[string]*attio.Member
	byName [len(memberNames)]map[string][]*attio.Member // in lower case
}

// memberNames are the names of a member, the one that counts first.
var memberNames = [...]func(*attio.Member) string{
	func(m *attio.Member) string { return JoinName(m.FirstName, m.LastName) },
	func(m *attio.Member) string { return m.FirstName },
}

// NewMembers is a table of members; nil where the key may not read them.
func NewMembers(members []attio.Member) *Members {
	t := &Members{Known: members != nil, all: members,
		byID: map[string]*attio.Member{}, byMail: map[string]*attio.Member{}}
	for i := range members {
		m := &members[i]
		t.byID[m.ID], t.byMail[strings.ToLower(m.Email)] = m, m
	}
	for i, name := range memberNames {
		t.byName[i] = make(map[string][]*attio.Member)
		for j := range members {
			low := strings.ToLower(name(&members[j]))
			t.byName[i][low] = append(t.byName[i][low], &members[j])
		}
	}
	return t
}

// parseActor finds a workspace member by id (alone or as an export writes it, workspace-member:id), e-mail address,
// full name or first name, in this order; a name that fits several is refused.
// https://docs.attio.com/docs/attribute-types/attribute-types-actor-reference
func parseActor(r *Reader, _ Kind, text string, v *Value) *Refusal {
	t := r.Members
	id, typed := strings.CutPrefix(text, MemberType+":")
	id = strings.ToLower(id)
	if m := cmp.Or(t.byID[id], t.byMail[strings.ToLower(text)]); m != nil {
		v.Text = m.ID
		return nil
	}
	bad := r.refuse(CodeMember, "no member of the workspace is %q", text)
	switch kind, _, _ := strings.Cut(text, ":"); {
	case kind == "api-token" || kind == "system" || kind == "app":
		return r.refuse(CodeActor, "%q is not a workspace member; no other actor can be written", text)
	case !t.Known && (IsUUID(id) || !typed && strings.Contains(id, "@")):
		v.Text = id
		return nil
	case typed:
		return bad
	case !t.Known:
		return refuse(CodeMember, "a member's id or e-mail address",
			"%q cannot be looked up: the key may not read the members of the workspace", text)
	}
	return t.byAnyName(text, bad, v)
}

// byAnyName finds the one member with this full name or, where there is none, this first name.
func (t *Members) byAnyName(text string, bad *Refusal, v *Value) *Refusal {
	var fits []*attio.Member
	for i := 0; i < len(t.byName) && len(fits) == 0; i++ {
		fits = t.byName[i][strings.ToLower(text)]
	}
	if len(fits) == 1 {
		v.Text = fits[0].ID
		return nil
	}
	if len(fits) > 1 {
		var mails []string
		for _, m := range fits {
			mails = append(mails, m.Email)
		}
		return refuse(CodeMemberTwice, "the e-mail address of one of them", "%q fits several members: %s",
			text, strings.Join(mails, ", "))
	}
	if m := t.nearest(text); m != nil {
		bad.Message += "; the nearest is " + JoinName(m.FirstName, m.LastName)
		bad.Setting = insteadOf(text, m.Email)
	}
	return bad
}

// nearest is the one member whose full name or, failing that, first name is like a text; nil where that is nobody's
// or several members'.
func (t *Members) nearest(text string) *attio.Member {
	var like []*attio.Member
	for i := 0; i < len(memberNames) && len(like) == 0; i++ {
		for j := range t.all {
			if m := &t.all[j]; len(problem.Nearest(text, []string{memberNames[i](m)})) > 0 {
				like = append(like, m)
			}
		}
	}
	if len(like) == 1 {
		return like[0]
	}
	return nil
}

// encodeActor sends the member's id; the e-mail address where the members could not be read.
func encodeActor(dst []byte, v *Value) []byte {
	if strings.IndexByte(v.Text, '@') >= 0 {
		return append(Quote(append(dst, `{"workspace_member_email_address":`...), v.Text), '}')
	}
	dst = append(dst, `{"referenced_actor_type":"workspace-member","referenced_actor_id":`...)
	return append(Quote(dst, v.Text), '}')
}

// decodeActor reads any actor: a member's Text is the id, of another type:id, or the type alone where there is no id.
func decodeActor(_ *attio.Attribute, raw []byte, v *Value) bool {
	kind, id := memberText(raw, "referenced_actor_type"), memberText(raw, "referenced_actor_id")
	if v.Text = id; kind != MemberType {
		v.Text = actorText(kind, id)
	}
	return v.Text != ""
}

func actorText(kind, id string) string {
	if id == "" {
		return kind
	}
	return kind + ":" + id
}

func formatActor(_ *attio.Attribute, v *Value) string {
	if IsUUID(v.Text) {
		return MemberType + ":" + v.Text
	}
	return v.Text
}

// IsUUID recognises a UUID in lower case or upper case.
func IsUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// Has reports whether a text stands for exactly one member.
func (t *Members) Has(text string) bool {
	var v Value
	s := &Reader{Attr: &attio.Attribute{Type: attio.TypeActorReference}, Members: t}
	return t.Known && parseActor(s, TextCell, text, &v) == nil
}
