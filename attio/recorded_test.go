package attio

import (
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
