package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
)

// member is the only actor type that can be written.
const memberType = "workspace-member"

// memberTable finds workspace members by id, e-mail address, full name and first name.
type memberTable struct {
	known  bool // false where the key may not read the members
	all    []attio.Member
	byID   map[string]*attio.Member
	byMail map[string]*attio.Member
	byName map[string][]*attio.Member // full name in lower case
	byCall map[string][]*attio.Member // first name in lower case
}

func newMemberTable(members []attio.Member) *memberTable {
	t := &memberTable{known: members != nil, all: members, byID: map[string]*attio.Member{}, byMail: map[string]*attio.Member{},
		byName: map[string][]*attio.Member{}, byCall: map[string][]*attio.Member{}}
	for i := range members {
		m := &members[i]
		t.byID[m.ID], t.byMail[strings.ToLower(m.Email)] = m, m
		full, first := strings.ToLower(joinName(m.FirstName, m.LastName)), strings.ToLower(m.FirstName)
		t.byName[full] = append(t.byName[full], m)
		t.byCall[first] = append(t.byCall[first], m)
	}
	return t
}

// parseActor finds a workspace member by id (alone or as an export writes it, workspace-member:id), e-mail address, full name or first
// name, in this order; a name that fits several is refused. https://docs.attio.com/docs/attribute-types/attribute-types-actor-reference
func parseActor(s *source, _ Kind, text string, v *Value) *refusal {
	t := s.members
	id, typed := strings.CutPrefix(text, memberType+":")
	low := strings.ToLower(id)
	if m := t.byID[low]; m != nil {
		v.Text = m.ID
		return nil
	}
	bad := &refusal{code: codeMember, message: fmt.Sprintf("no member of the workspace is %q", text), accepted: s.form()}
	if !t.known && isUUID(low) {
		v.Text = low
		return nil
	}
	if typed {
		return bad
	}
	if kind, _, _ := strings.Cut(text, ":"); kind == "api-token" || kind == "system" || kind == "app" {
		bad.code, bad.message = codeActor, fmt.Sprintf("%q is not a workspace member; no other actor can be written", text)
		return bad
	}
	if m := t.byMail[low]; m != nil {
		v.Text = m.ID
		return nil
	}
	if !t.known {
		if strings.Contains(low, "@") {
			v.Text = low
			return nil
		}
		bad.message = fmt.Sprintf("%q cannot be looked up: the key may not read the members of the workspace", text)
		bad.accepted = "a member's id or e-mail address"
		return bad
	}
	return t.byAnyName(text, bad, v)
}

// byAnyName finds the one member with this full name or, where there is none, this first name.
func (t *memberTable) byAnyName(text string, bad *refusal, v *Value) *refusal {
	fits := t.byName[strings.ToLower(text)]
	if len(fits) == 0 {
		fits = t.byCall[strings.ToLower(text)]
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
		bad.code, bad.message = codeMemberTwice, fmt.Sprintf("%q fits several members: %s", text, strings.Join(mails, ", "))
		bad.accepted = "the e-mail address of one of them"
		bad.fix = fmt.Sprintf("values: {%s: %s}", quoteYAML(text), mails[0])
	} else if m := t.nearest(text); m != nil {
		bad.message += "; the nearest is " + joinName(m.FirstName, m.LastName)
		bad.fix = fmt.Sprintf("values: {%s: %s}", quoteYAML(text), quoteYAML(m.Email))
	}
	return bad
}

// nearest is the one member whose full name or, failing that, first name is like a text; nil where that is nobody's or several members'.
func (t *memberTable) nearest(text string) *attio.Member {
	for _, name := range []func(*attio.Member) string{
		func(m *attio.Member) string { return joinName(m.FirstName, m.LastName) },
		func(m *attio.Member) string { return m.FirstName },
	} {
		var like []*attio.Member
		for i := range t.all {
			if m := &t.all[i]; len(nearest(text, []string{name(m)})) > 0 {
				like = append(like, m)
			}
		}
		if len(like) == 1 {
			return like[0]
		}
		if len(like) > 1 {
			return nil
		}
	}
	return nil
}

// encodeActor sends the member's id; the e-mail address where the members could not be read.
func encodeActor(dst []byte, v *Value) []byte {
	if strings.IndexByte(v.Text, '@') >= 0 {
		return append(quote(append(dst, `{"workspace_member_email_address":`...), v.Text), '}')
	}
	dst = append(dst, `{"referenced_actor_type":"workspace-member","referenced_actor_id":`...)
	return append(quote(dst, v.Text), '}')
}

// decodeActor reads any actor: a member's Text is the id, of another type:id, or the type alone where there is no id.
func decodeActor(_ *attio.Attribute, raw []byte, v *Value) bool {
	kind, id := memberText(raw, "referenced_actor_type"), memberText(raw, "referenced_actor_id")
	if v.Text = id; kind != memberType {
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
	if isUUID(v.Text) {
		return memberType + ":" + v.Text
	}
	return v.Text
}

// isUUID recognises a UUID in lower case or upper case.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !isAlnum(c) || c|0x20 > 'f' {
			return false
		}
	}
	return true
}
