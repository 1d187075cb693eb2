package attio

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// tooMany is Attio's refusal of a filter with too many values.
func tooMany() error {
	return &Error{
		Class: Refused, Method: "POST", Path: "/v2/objects/people/records/query", Status: 400, Code: "filter_error",
		Message: `too many constraint values used: "ada@example.com", …`,
	}
}

func TestFilterSizeBeginsAtAttiosLimit(t *testing.T) {
	var s FilterSizes
	require.Equal(t, 100, s.Of("people"))
	require.Equal(t, 30, (&FilterSizes{most: 30}).Of("people"))
}

func TestFilterSizeIsHalvedOncePerSize(t *testing.T) {
	var s FilterSizes
	for range 12 { // twelve queries that were under way at one size
		require.True(t, s.Refused("people", 100, tooMany()))
	}
	require.Equal(t, 50, s.Of("people"))
	require.Equal(t, 100, s.Of("companies"), "each object has a size of its own")
	require.True(t, s.Refused("people", 50, tooMany()))
	require.Equal(t, 25, s.Of("people"))
	require.True(t, s.Refused("people", 3, tooMany()), "a smaller filter than allowed was refused")
	require.Equal(t, 1, s.Of("people"))
	require.False(t, s.Refused("people", 1, tooMany()), "there is nothing smaller than one value")
}

func TestWhichRefusalsMayBeOfSize(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{tooMany(), true},
		{&Error{Class: Refused, Status: 400, Code: "something_new"}, true},
		{&Error{Class: Refused, Status: http.StatusRequestEntityTooLarge}, true},
		{&Error{Class: Refused, Status: http.StatusRequestURITooLong}, true},
		{&Error{Class: NotProcessed, Status: 429, Code: CodeRateLimited}, true},
		{&Error{Class: Fatal, Status: 429, Code: CodeRateLimited}, false}, // asks for more than a minute
		{&Error{Class: Fatal, Status: 400, Code: CodeQuotaExceeded}, false},
		{&Error{Class: Fatal, Status: 403}, false},
		{&Error{Class: Unknown, Status: 502}, false},
		{errors.New("disk full"), false},
		{nil, false},
	} {
		require.Equal(t, c.want, MayBeTooLarge(c.err), "%v", c.err)
	}
}

func TestFilterErrorShowsNoValue(t *testing.T) {
	filter := json.RawMessage(`{"email_addresses":{"email_address":{"$eq":"ada@example.com"}}}`)
	e := &FilterError{Object: "people", Shape: ShapeOf(filter), Err: tooMany()}
	require.EqualError(t, e, "look up people: Attio refuses a filter of 1 value ($eq on email_addresses): "+
		"POST /v2/objects/people/records/query: 400 filter_error")
	var api *Error
	require.ErrorAs(t, e, &api)
	api.FilterPath = []string{"email_addresses", "$eq"}
	require.ErrorContains(t, e, "400 filter_error (at email_addresses.$eq)")
	require.EqualError(t, &FilterError{Object: "people", Err: errors.New("lost")},
		"look up people: Attio refuses a filter of 0 values: lost")
}

func TestShapeOfFilters(t *testing.T) {
	for filter, want := range map[string]string{
		`{"name":"Ada"}`:                            "1 value (on name)",
		`{"user_id":{"$in":["a","b","c"]}}`:         "3 values ($in on user_id)",
		`{"user_id":{"value":{"$in":["a","b"]}}}`:   "2 values ($in on user_id)",
		`{"$not":{"name":{"$not_empty":true}}}`:     "1 value ($not, $not_empty on name)",
		`{"created_at":{"$gte":"x","$lt":"y"}}`:     "2 values ($gte, $lt on created_at)",
		`{"company":{"target_object":"companies"}}`: "1 value (on company)",
		`{"$or":[{"domains":{"domain":{"$eq":"a.com"}}},{"domains":{"domain":{"$eq":"b.com"}}},{"name":"C"}]}`: "3 " +
			"values ($eq, $or on domains, name)",
		`{"path":[["people","company"],["companies","domains"]],"constraints":{"domain":{"$in":["a.com","b.com"]}}}`: "2 " +
			"values ($in on company, domains)",
		`no filter`: "0 values",
	} {
		require.Equal(t, want, ShapeOf(json.RawMessage(filter)).String(), filter)
	}
}
