package attio

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWrites(t *testing.T) {
	ada := json.RawMessage(`{"name":"Ada"}`)
	const wrapped = `{"data":{"values":{"name":"Ada"}}}`
	const records = "/v2/objects/people/records"
	for name, tc := range map[string]struct {
		call func(*Client, context.Context) (Written, error)
		want sent
	}{
		"create": {
			func(c *Client, ctx context.Context) (Written, error) { return c.CreateRecord(ctx, "people", ada, nil) },
			sent{method: "POST", path: records, body: wrapped},
		},
		"without values": {
			func(c *Client, ctx context.Context) (Written, error) { return c.CreateRecord(ctx, "people", nil, nil) },
			sent{method: "POST", path: records, body: `{"data":{"values":{}}}`},
		},
		"update": {
			func(c *Client, ctx context.Context) (Written, error) {
				return c.UpdateRecord(ctx, "people", "r1", ada, nil)
			},
			sent{method: "PATCH", path: records + "/r1", body: wrapped},
		},
		"replace": {
			func(c *Client, ctx context.Context) (Written, error) {
				return c.ReplaceRecord(ctx, "people", "r1", ada, nil)
			},
			sent{method: "PUT", path: records + "/r1", body: wrapped},
		},
		"assert": {
			func(c *Client, ctx context.Context) (Written, error) {
				return c.AssertRecord(ctx, "people", "email_addresses", ada, nil)
			},
			sent{method: "PUT", path: records, query: "matching_attribute=email_addresses", body: wrapped},
		},
		"delete": {
			func(c *Client, ctx context.Context) (Written, error) { return c.DeleteRecord(ctx, "people", "r1", nil) },
			sent{method: "DELETE", path: records + "/r1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := oneRecord
			if name == "delete" {
				body = "{}"
			}
			s := playing(answering(200, body, "Date", "Fri, 15 May 2026 21:46:53 GMT"))
			c := newTestClient(t, s)
			got, err := tc.call(c, context.Background())
			require.NoError(t, err)
			require.Equal(t, time.Date(2026, 5, 15, 21, 46, 53, 0, time.UTC), got.At.UTC())
			require.Equal(t, 1, got.Attempts)
			s.got[0].header, s.got[0].at = nil, time.Time{}
			require.Equal(t, []sent{tc.want}, s.got)
			require.EqualValues(t, 1, c.Stats().Writes)
			if name == "delete" {
				require.Empty(t, got.Record)
				return
			}
			require.Equal(t, Record{
				ID: "r1", CreatedAt: "2026-05-15T21:46:52.967000000Z",
				WebURL: "https://app.attio.com/nango-dev/person/r1",
				Values: map[string]json.RawMessage{"name": json.RawMessage(`[{"value":"Ada","attribute_type":"text"}]`),
					"team": json.RawMessage(`[]`)},
			}, got.Record)
		})
	}
}

// TestDeleteWantsAttiosAnswer: a page of a hotel's network that answers 200 has deleted nothing.
func TestDeleteWantsAttiosAnswer(t *testing.T) {
	for _, body := range []string{"", "<html></html>", "null", "[]", "true"} {
		synctest.Test(t, func(t *testing.T) {
			_, err := newTestClient(t, playing(answering(200, body))).DeleteRecord(t.Context(), "users", "r1", nil)
			requireClass(t, err, Unknown)
			require.ErrorContains(t, err, "unreadable answer: not an object")
		})
	}
}

func TestNoDateNoTime(t *testing.T) {
	got, err := newTestClient(t, playing(answering(200, oneRecord, "Date", ""))).CreateRecord(
		t.Context(), "users", nil, nil)
	require.NoError(t, err)
	require.True(t, got.At.IsZero())
}

func TestOptions(t *testing.T) {
	made := `{"data":{"id":{"workspace_id":"w","object_id":"o","attribute_id":"a","option_id":"op1"},"title":"Medium","is_archived":false}}`
	status := `{"data":{"id":{"workspace_id":"w","object_id":"o","attribute_id":"a","status_id":"st1"},"title":"Won 🎉","is_archived":false,"target_time_in_status":null,"celebration_enabled":false}}`
	selects, statuses := Attribute{ID: "a1", Slug: "size", Type: TypeSelect}, Attribute{Slug: "stage", Type: TypeStatus}

	t.Run("create an option", func(t *testing.T) {
		s := playing(answering(200, made))
		o, err := newTestClient(t, s).CreateOption(t.Context(), "users", selects, `Me"dium`)
		require.NoError(t, err)
		require.Equal(t, Option{ID: "op1", Title: "Medium"}, o)
		require.Equal(t, `POST /v2/objects/users/attributes/a1/options {"data":{"title":"Me\"dium"}}`,
			s.got[0].method+" "+s.got[0].path+" "+s.got[0].body)
	})
	t.Run("create a status", func(t *testing.T) {
		s := playing(answering(200, status))
		o, err := newTestClient(t, s).CreateOption(t.Context(), "deals", statuses, "Won 🎉")
		require.NoError(t, err)
		require.Equal(t, Option{ID: "st1", Title: "Won 🎉"}, o)
		require.Equal(t, "/v2/objects/deals/attributes/stage/statuses", s.got[0].path)
	})
	t.Run("archive", func(t *testing.T) {
		s := playing(answering(200, made))
		c := newTestClient(t, s)
		_, err := c.SetArchived(t.Context(), "users", selects, "op1", true)
		require.NoError(t, err)
		require.Equal(t, `PATCH /v2/objects/users/attributes/a1/options/op1 {"data":{"is_archived":true}}`,
			s.got[0].method+" "+s.got[0].path+" "+s.got[0].body)
		require.EqualValues(t, 1, c.Stats().Writes)
	})
	t.Run("restore", func(t *testing.T) {
		s := playing(answering(200, made))
		o, err := newTestClient(t, s).SetArchived(t.Context(), "users", selects, "op1", false)
		require.NoError(t, err)
		require.False(t, o.Archived)
		require.Equal(t, `PATCH /v2/objects/users/attributes/a1/options/op1 {"data":{"is_archived":false}}`,
			s.got[0].method+" "+s.got[0].path+" "+s.got[0].body)
	})
	conflict := answering(409,
		attioError(409, CodeSlugConflict, `There is already another select option with the title "Medium".`))
	t.Run("a title that is taken", func(t *testing.T) {
		s := playing(conflict)
		_, err := newTestClient(t, s).CreateOption(t.Context(), "users", selects, "Medium")
		require.Equal(t, CodeSlugConflict, asError(t, err, Refused).Code)
		require.Len(t, s.got, 1, "by somebody else: nothing to look up")
	})
	t.Run("made by an attempt whose answer was lost", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := playing(failing(errReset), conflict,
				answering(200, `{"data":[{"id":{"option_id":"op0"},"title":"Medium","is_archived":true},{"id":{"option_id":"op1"},"title":"Medium"}]}`))
			o, err := newTestClient(t, s).CreateOption(t.Context(), "users", selects, "Medium")
			require.NoError(t, err)
			require.Equal(t, Option{ID: "op1", Title: "Medium"}, o)
			require.Equal(t, http.MethodGet, s.got[2].method)
			require.Equal(t, "show_archived=true", s.got[2].query)
		})
	})
	t.Run("not made after all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := playing(failing(errReset), conflict,
				answering(200, `{"data":[{"id":{"option_id":"op0"},"title":"Medium","is_archived":true}]}`))
			_, err := newTestClient(t, s).CreateOption(t.Context(), "users", selects, "Medium")
			require.Equal(t, CodeSlugConflict, asError(t, err, Refused).Code)
		})
	})
	t.Run("an answer without an id", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, err := newTestClient(t, playing(answering(200, `{"data":{"title":"Medium"}}`))).CreateOption(
				t.Context(), "users", selects, "Medium")
			requireClass(t, err, Unknown)
		})
	})
}
