package attio

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRecordedErrorsAreUnderstood: what others recorded of the real Attio says as much to a caller as it holds.
func TestRecordedErrorsAreUnderstood(t *testing.T) {
	const head = `{"status_code":400,"type":"invalid_request_error","code":`
	const id = "0d5a3a4e-2f6d-4a3b-9d9c-1b7d7e0c5a11"
	for name, tc := range map[string]struct {
		body string
		want Error
	}{
		"a conflict that names the record": {
			head + `"uniqueness_conflict","message":"A value provided for attribute with slug \"domains\" conflicts with ` +
				`one already in the system. This attribute has a uniqueness constraint. Please ensure all values for this ` +
				`attribute do not exist on another record. Conflicting record IDs: ` + id + `"}`,
			Error{Code: CodeUniquenessConflict, Attribute: "domains", ConflictingRecords: []string{id}},
		},
		"a value": {
			head + `"validation_type","message":"An invalid value was passed to attribute with slug \"email_addresses\".",` +
				`"validation_errors":[{"code":"invalid","path":["email_address"],"message":"Invalid email address"}]}`,
			Error{Code: "validation_type", Attribute: "email_addresses",
				Validation: []Validation{{Code: "invalid", Path: []any{"email_address"}, Message: "Invalid email address"}}},
		},
		"a filter": {
			head + `"unknown_filter_attribute_slug","message":"Unknown attribute slug: email.","path":["$or","1","email"]}`,
			Error{Code: "unknown_filter_attribute_slug", Attribute: "email", FilterPath: []string{"$or", "1", "email"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestClient(t, playing(answering(400, tc.body)))
			e := asError(t, c.ReadPage(t.Context(), "users", Query{Limit: 1}, new(Page)), Refused)
			require.Equal(t, "invalid_request_error", e.Type)
			require.Equal(t, tc.want.Code, e.Code)
			require.Equal(t, tc.want.Attribute, e.Attribute)
			require.Equal(t, tc.want.ConflictingRecords, e.ConflictingRecords)
			require.Equal(t, tc.want.Validation, e.Validation)
			require.Equal(t, tc.want.FilterPath, e.FilterPath)
		})
	}
}

// TestRecordedRefusalsAreClassed: the other bodies on record, each with what follows of it.
func TestRecordedRefusalsAreClassed(t *testing.T) {
	body := func(status int, kind, code, rest string) string {
		return fmt.Sprintf(`{"status_code":%d,"type":%q,"code":%q,"message":%s}`, status, kind, code, rest)
	}
	const invalid, auth = "invalid_request_error", "auth_error"
	for _, tc := range []struct {
		status            int
		kind, code, rest  string // rest: the message, and what follows it
		class             Class
		attribute, faulty string
	}{
		{404, invalid, "not_found", `"Could not find endpoint \"GET /v2/objects/people/records\"."`, Fatal, "", ""},
		{404, invalid, "not_found", `"Object with slug/ID \"projects\" not found."`, Fatal, "", ""},
		{400, invalid, "validation_type", `"An invalid value was passed to attribute with slug \"name\".",` +
			`"validation_errors":[{"code":"invalid_type","path":["first_name"],"message":"Required","expected":"string",` +
			`"received":"undefined"}]`, Refused, "name", "first_name"},
		{400, invalid, "validation_type", `"Body payload validation error.","validation_errors":[{"code":"invalid_type",` +
			`"path":["data","values"],"message":"Required","expected":"object","received":"undefined"}]`,
			Refused, "", "data.values"},
		{400, invalid, "validation_type", `"An invalid value was passed to attribute with slug \"phone_numbers\".",` +
			`"validation_errors":[{"code":"invalid","path":["original_phone_number"],"message":"Invalid phone number"}]`,
			Refused, "phone_numbers", "original_phone_number"},
		{400, invalid, "value_not_found", `"Cannot find attribute with slug/ID \"x\"."`, Refused, "x", ""},
		{400, invalid, "matching_attribute_definition_not_unique",
			`"The matching attribute specified is not a unique attribute."`, Refused, "", ""},
		{400, invalid, "invalid_filter_operator", `"Invalid operator \"$contains\"","path":["company","$contains"]`,
			Refused, "", ""},
		{401, auth, "unauthorized", `"The API Key provided could not be found. This is most commonly caused by the token ` +
			`having been revoked."`, Fatal, "", ""},
		{403, auth, "unauthorized", `"The API Key provided is not authorized to perform the requested action. This request ` +
			`requires scopes: Read-Write access to the Records scope."`, Fatal, "", ""},
	} {
		c := newTestClient(t, playing(answering(tc.status, body(tc.status, tc.kind, tc.code, tc.rest))))
		e := asError(t, c.ReadPage(t.Context(), "users", Query{Limit: 1}, new(Page)), tc.class)
		require.Equal(t, []any{tc.status, tc.kind, tc.code}, []any{e.Status, e.Type, e.Code})
		require.Equal(t, tc.attribute, e.Attribute, tc.rest)
		require.NotEmpty(t, e.Message)
		if tc.faulty != "" {
			require.Contains(t, e.Error(), tc.faulty)
		}
	}
}

// TestRecordedTasksAndNotesAreCounted: their shapes are those of recorded answers, key by key.
func TestRecordedTasksAndNotesAreCounted(t *testing.T) {
	const by = `"created_by_actor":{"type":"workspace-member","id":"m1"},"created_at":"2026-05-01T09:00:00.000000000Z"`
	task := `{"data":[{"id":{"workspace_id":"w1","task_id":"t1"},"content_plaintext":"Write","is_completed":false,` +
		`"completed_at":null,"deadline_at":null,"linked_records":[{"target_object_id":"people","target_record_id":"r1"}],` +
		`"assignees":[],` + by + `}]}`
	note := `{"data":[{"id":{"workspace_id":"w1","note_id":"n1"},"parent_object":"people","parent_record_id":"r1",` +
		`"title":"Call","meeting_id":null,"content_plaintext":"","content_markdown":"","tags":[],` + by + `}]}`
	const none = `{"data":[]}`
	c := newTestClient(t, playing(answering(200, task), answering(200, none)))
	tasks, err := c.CountTasks(t.Context(), "people", "r1")
	require.NoError(t, err)
	c = newTestClient(t, playing(answering(200, note), answering(200, none)))
	notes, err := c.CountNotes(t.Context(), "people", "r1")
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{tasks, notes})
}
