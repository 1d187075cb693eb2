package attio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// bodies are Attio's error bodies as they were recorded, and those of the things in front of it.
var bodies = []struct {
	name   string
	status int
	body   string
	want   Error // of a POST …/records; Method, Path and Status are filled in
	text   string
}{
	{
		"uniqueness_conflict since autumn 2026", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"uniqueness_conflict","message":"A value provided for attribute with slug \"domains\" conflicts with one already in the system. This attribute has a uniqueness constraint. Please ensure all values for this attribute do not exist on another record. Conflicting record IDs: 498f9009-e208-4386-90ce-f4c272b13a74, d7393919-e128-45ad-9cd6-e970da078b2f"}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "uniqueness_conflict", Attribute: "domains",
			ConflictingRecords: []string{"498f9009-e208-4386-90ce-f4c272b13a74", "d7393919-e128-45ad-9cd6-e970da078b2f"}},
		"400 uniqueness_conflict: A value provided for attribute",
	},
	{
		"uniqueness_conflict of September 2026", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"uniqueness_conflict","message":"A value provided for attribute with slug \"email_addresses\" conflicts with one already in the system. This attribute has a uniqueness constraint. Please ensure all values for this attribute do not exist on another record."}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "uniqueness_conflict", Attribute: "email_addresses"},
		"do not exist on another record",
	},
	{
		"uniqueness_conflict of 2025", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"uniqueness_conflict","message":"The value \"{\\\"domain\\\":\\\"x.com\\\"}\" provided for attribute with ID \"60ec752a-a718-4811-b7f6-8b93cfb4185f\" conflicts with one already in the system."}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "uniqueness_conflict",
			Attribute: "60ec752a-a718-4811-b7f6-8b93cfb4185f"},
		`provided for attribute with ID`,
	},
	{
		"a value that imitates a conflict", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"uniqueness_conflict","message":"The value \"attribute with slug \"evil\" conflicts. Conflicting record IDs: 498f9009-e208-4386-90ce-f4c272b13a74\" provided for attribute with ID \"60ec752a-a718-4811-b7f6-8b93cfb4185f\" conflicts with one already in the system."}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "uniqueness_conflict",
			Attribute: "60ec752a-a718-4811-b7f6-8b93cfb4185f"},
		"evil",
	},
	{
		"validation of a name", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"validation_type","message":"An invalid value was passed to attribute with slug \"name\".","validation_errors":[{"code":"invalid_type","path":["first_name"],"message":"Required","expected":"string","received":"undefined"},{"code":"invalid_type","path":["last_name"],"message":"Required","expected":"string","received":"undefined"}]}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "validation_type", Attribute: "name",
			Validation: []Validation{
				{Code: "invalid_type", Path: []any{"first_name"}, Message: "Required", Expected: "string", Received: "undefined"},
				{Code: "invalid_type", Path: []any{"last_name"}, Message: "Required", Expected: "string", Received: "undefined"},
			}},
		`slug "name": first_name: Required (want string, got undefined); last_name: Required (want string, got undefined)`,
	},
	{
		"validation of an e-mail address", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"validation_type","message":"An invalid value was passed to attribute with slug \"email_addresses\".","validation_errors":[{"code":"invalid","path":["email_address"],"message":"Invalid email address"}]}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "validation_type", Attribute: "email_addresses",
			Validation: []Validation{{Code: "invalid", Path: []any{"email_address"}, Message: "Invalid email address"}}},
		`email_address: Invalid email address`,
	},
	{
		"a path with a number, and items of other shapes", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"validation_type","message":"Body payload validation error.","validation_errors":[{"code":5,"path":["data",0,{"x":1},null,"values"],"message":["no"]}]}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "validation_type",
			Validation: []Validation{{Path: []any{"data", 0.0, "values"}}}},
		"Body payload validation error: data.0.values: ",
	},
	{
		"a missing value names the attribute's id", 400,
		attioError(400, "missing_value",
			`Required value for attribute with ID "41252299-f8c7-4b5e-99c9-4ff8321d2f96" was not provided.`),
		Error{Class: Refused, Type: "invalid_request_error", Code: "missing_value",
			Attribute: "41252299-f8c7-4b5e-99c9-4ff8321d2f96"}, "missing_value",
	},
	{
		"an unknown attribute", 400, attioError(400, "value_not_found", `Cannot find attribute with slug/ID "x".`),
		Error{Class: Refused, Type: "invalid_request_error", Code: "value_not_found", Attribute: "x"}, "value_not_found",
	},
	{
		"an unknown matching attribute", 400,
		attioError(400, "value_not_found", `No attribute was found for matching_attribute slug/ID "my-attribute".`),
		Error{Class: Refused, Type: "invalid_request_error", Code: "value_not_found", Attribute: "my-attribute"},
		"value_not_found",
	},
	{
		"an unknown option", 400, attioError(400, "value_not_found", `Cannot find select option with title "X".`),
		Error{Class: Refused, Type: "invalid_request_error", Code: "value_not_found"}, "value_not_found",
	},
	{
		"a filter's unknown attribute", 400,
		`{"status_code":400,"type":"invalid_request_error","code":"unknown_filter_attribute_slug","message":"Unknown attribute slug: email.","path":["$or","1","email",2]}`,
		Error{Class: Refused, Type: "invalid_request_error", Code: "unknown_filter_attribute_slug", Attribute: "email",
			FilterPath: []string{"$or", "1", "email", "2"}},
		"(at $or.1.email.2 of the filter)",
	},
	{
		"a title that is taken", 409,
		attioError(409, "slug_conflict", `There is already another select option with the title "Medium".`),
		Error{Class: Refused, Type: "invalid_request_error", Code: "slug_conflict"}, "409 slug_conflict",
	},
	{
		"a key that was revoked", 401,
		attioError(401, "unauthorized",
			"The API Key provided could not be found. This is most commonly caused by the token having been revoked."),
		Error{Class: Fatal, Type: "auth_error", Code: "unauthorized"}, "401 unauthorized",
	},
	{
		"a scope that is missing", 403,
		attioError(403, "unauthorized",
			"The API Key provided is not authorized to perform the requested action. This request requires scopes: "+
				"Read-Write access to the Records scope."),
		Error{Class: Fatal, Type: "auth_error", Code: "unauthorized"}, "403 unauthorized",
	},
	{
		"a plan's limit", 403, attioError(403, "billing_error", "Not in your plan."),
		Error{Class: Fatal, Type: "auth_error", Code: "billing_error"}, "403 billing_error",
	},
	{
		"a quota", 400, attioError(400, "quota_exceeded", "You have met your plan's object limit."),
		Error{Class: Fatal, Type: "invalid_request_error", Code: "quota_exceeded"}, "400 quota_exceeded",
	},
	{
		"a gate", 400, attioError(400, "particle_gate_violation", "No."),
		Error{Class: Fatal, Type: "invalid_request_error", Code: "particle_gate_violation"}, "particle_gate_violation",
	},
	{
		"an object that is not there", 404, attioError(404, "not_found", `Object with slug/ID "people" not found.`),
		Error{Class: Fatal, Type: "invalid_request_error", Code: "not_found"}, "404 not_found",
	},
	{
		"an endpoint that is not there", 404,
		attioError(404, "not_found", `Could not find endpoint "GET /v2/objects/people/records".`),
		Error{Class: Fatal, Type: "invalid_request_error", Code: "not_found"}, "404 not_found",
	},
	{"plain text", 503, "Service Unavailable", Error{Class: Unknown}, "503 Service Unavailable"},
	{"HTML", 502, "<html><body>Bad gateway</body></html>", Error{Class: Unknown}, "502 Bad Gateway"},
	{"HTML in front", 403, "<html>blocked</html>", Error{Class: Fatal}, "403 Forbidden"},
	{"a 400 without a body", 400, "", Error{Class: Refused}, "400 Bad Request"},
	{"half a document", 400, `{"status_code":400,"code":"uniq`, Error{Class: Refused}, "400 Bad Request"},
	{"an array", 422, `[1,2]`, Error{Class: Refused}, "422"},
	{"null", 400, `null`, Error{Class: Refused}, "400 Bad Request"},
	{"fields of other types", 400, `{"code":7,"message":{"a":1},"type":null,"validation_errors":"no","path":"x"}`,
		Error{Class: Refused}, "400 Bad Request"},
	{"a time-out of a server in between", 408, "", Error{Class: Unknown}, "408"},
	{"Cloudflare's own", 522, "error code: 522", Error{Class: Unknown}, "522"},
	{"Attio's words with a status of Cloudflare's", 521, attioError(521, "x", "No."),
		Error{Class: Unknown, Code: "x", Type: "invalid_request_error"}, "521 x"},
	{"a redirect", 302, "", Error{Class: Fatal, Message: "redirects are not followed: the base URL is not the API's"},
		"302 Found: redirects"},
}

func TestErrorBodies(t *testing.T) {
	for _, tc := range bodies {
		t.Run(tc.name, func(t *testing.T) {
			s := playing(answering(tc.status, tc.body, "X-Attio-Execution-Id", "7c9e6679-7425-40de-944b-e07fc1f90ae7"))
			c := newTestClient(t, s)
			w, err := c.CreateRecord(context.Background(), "people", nil, nil)
			e := asError(t, err, tc.want.Class)
			require.Len(t, s.got, 1, "a create goes once")
			require.Equal(t, 1, w.Attempts)
			require.Contains(t, e.Error(), tc.text)
			require.NotRegexp(t, `\.$`, e.Error())
			if e.Code != "" {
				require.NotEmpty(t, e.Message)
			}
			want := tc.want
			want.Method, want.Path, want.Status, want.ExecutionID = "POST", "/v2/objects/people/records", tc.status,
				"7c9e6679-7425-40de-944b-e07fc1f90ae7"
			if want.Message == "" {
				want.Message = e.Message
			}
			require.Equal(t, want, *e)
		})
	}
}

// TestNotFoundByRoute: the same code is a row's matter where the request names a record, and everybody's where not.
func TestNotFoundByRoute(t *testing.T) {
	body := attioError(404, "not_found", `Record with ID "r1" not found.`)
	ctx := context.Background()
	for name, tc := range map[string]struct {
		call func(*Client) error
		want Class
	}{
		"get":     {func(c *Client) error { _, err := c.Record(ctx, "users", "r1"); return err }, Refused},
		"update":  {func(c *Client) error { _, err := c.UpdateRecord(ctx, "users", "r1", nil, nil); return err }, Refused},
		"delete":  {func(c *Client) error { _, err := c.DeleteRecord(ctx, "users", "r1", nil); return err }, Refused},
		"entries": {func(c *Client) error { _, err := c.CountEntries(ctx, "users", "r1"); return err }, Refused},
		"create":  {func(c *Client) error { _, err := c.CreateRecord(ctx, "users", nil, nil); return err }, Fatal},
		"assert": {func(c *Client) error { _, err := c.AssertRecord(ctx, "users", "user_id", nil, nil); return err },
			Fatal},
		"query":      {func(c *Client) error { return c.ReadPage(ctx, "users", Query{}, new(Page)) }, Fatal},
		"notes":      {func(c *Client) error { _, err := c.CountNotes(ctx, "users", "r1"); return err }, Refused},
		"tasks":      {func(c *Client) error { _, err := c.CountTasks(ctx, "users", "r1"); return err }, Refused},
		"attributes": {func(c *Client) error { _, err := c.Attributes(ctx, "users", false); return err }, Fatal},
	} {
		t.Run(name, func(t *testing.T) {
			e := asError(t, tc.call(newTestClient(t, playing(answering(404, body)))), tc.want)
			require.Equal(t, "not_found", e.Code)
			e = asError(t, tc.call(newTestClient(t, playing(answering(404, "<html>nothing here</html>")))), Fatal)
			require.Empty(t, e.Code, "a 404 that is not Attio's says nothing of a record")
			for _, message := range []string{
				`Object with slug/ID "users" not found.`,
				`The referenced object was not found.`,
				`Could not find endpoint "GET /attio/v2/objects/users/records/r1".`,
			} {
				body := attioError(404, "not_found", message)
				requireClass(t, tc.call(newTestClient(t, playing(answering(404, body)))), Fatal)
			}
		})
	}
}

func TestNothingIsAskedForAnEmptyName(t *testing.T) {
	ctx := context.Background()
	for name, call := range map[string]func(*Client) error{
		"create without an object": func(c *Client) error { _, err := c.CreateRecord(ctx, "", nil, nil); return err },
		"update without a record": func(
			c *Client) error {
			_, err := c.ReplaceRecord(ctx, "users", "", nil, nil)
			return err
		},
		"delete of a step up": func(c *Client) error { _, err := c.DeleteRecord(ctx, "users", "..", nil); return err },
		"assert without a match": func(
			c *Client) error {
			_, err := c.AssertRecord(ctx, "users", "", nil, nil)
			return err
		},
		"get of here":             func(c *Client) error { _, err := c.Record(ctx, "users", "."); return err },
		"query without an object": func(c *Client) error { return c.ReadPage(ctx, "", Query{}, new(Page)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := playing(answering(200, oneRecord))
			err := call(newTestClient(t, s))
			requireClass(t, err, Refused)
			require.ErrorContains(t, err, "names no object, record or attribute")
			require.Empty(t, s.got)
		})
	}
}

func TestNamesAreEscaped(t *testing.T) {
	s := playing(answering(200, oneRecord))
	c := newTestClient(t, s)
	_, err := c.UpdateRecord(context.Background(), "a/b", "r?x=1", nil, nil)
	require.NoError(t, err)
	require.Equal(t, "/v2/objects/a/b/records/r?x=1", s.got[0].path, "one part each, unescaped by the URL")
	require.Empty(t, s.got[0].query)
}

func TestMessagesAreShortAndFitToShow(t *testing.T) {
	message := "bell\a esc\x1b[31m " + strings.Repeat("é", 400)
	c := newTestClient(t, playing(answering(400, attioError(400, "validation_type", message))))
	_, err := c.CreateRecord(context.Background(), "users", nil, nil)
	e := asError(t, err, Refused)
	require.LessOrEqual(t, len(e.Message), 500)
	require.Greater(t, len(e.Message), 490)
	require.True(t, utf8.ValidString(e.Message))
	require.NotContains(t, e.Error(), "\x1b")
	require.NotContains(t, e.Error(), "\a")
}

func TestClassOf(t *testing.T) {
	require.Equal(t, NotSent, ClassOf(fmt.Errorf("row 3: %w", &Error{Class: NotSent})))
	require.Equal(t, Stopped, ClassOf(fmt.Errorf("row 3: %w", context.Canceled)))
	require.Equal(t, Stopped, ClassOf(context.DeadlineExceeded))
	require.Equal(t, Fatal, ClassOf(errors.New("disk full")))
	for c := Refused; c <= Stopped; c++ {
		require.NotContains(t, c.String(), "class")
	}
}

func TestErrorUnwraps(t *testing.T) {
	cause := errors.New("cable")
	require.ErrorIs(t, &Error{Class: Unknown, Err: cause}, cause)
	require.Equal(t, "PUT /v2/x: outcome unknown: cable",
		(&Error{Class: Unknown, Method: "PUT", Path: "/v2/x", Err: cause}).Error())
}

func FuzzErrorBody(f *testing.F) {
	for _, b := range bodies {
		f.Add(b.status, []byte(b.body))
	}
	f.Add(400, []byte(`{"message":"attribute with slug \"`+testKey+`\" Conflicting record IDs:"}`))
	c, err := New(Options{Key: testKey})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status >= 200 && status <= 299 {
			return
		}
		e := c.readError(&request{method: "POST", path: "/v2/objects/x/records"},
			reply{status: status, header: http.Header{}, body: body})
		if len(e.Message) > maxMessage || len(e.Validation) > maxItems || len(e.ConflictingRecords) > maxItems {
			t.Fatalf("too long: %+v", e)
		}
		text := fmt.Sprintf("%s %+v", e.Error(), *e)
		if strings.Contains(text, testKey) || !utf8.ValidString(e.Error()) ||
			bytes.ContainsAny([]byte(e.Error()), "\x1b\n\x00") {
			t.Fatalf("unfit to show: %q", text)
		}
		if status >= 500 && e.Class == Refused {
			t.Fatalf("a %d is no refusal", status)
		}
	})
}
