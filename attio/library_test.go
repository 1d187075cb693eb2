package attio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// shelf is a server and a client of it, as a program that uses the library has them.
func shelf(t *testing.T) (*attiotest.Server, *attio.Client) {
	t.Helper()
	server := attiotest.New(attiotest.Options{WriteLimit: -1, ReadLimit: -1})
	c, err := attio.New(attio.Options{Key: key, Transport: server.Transport()})
	require.NoError(t, err)
	return server, c
}

func TestARecordFromItsFirstWriteToItsLast(t *testing.T) {
	ctx := t.Context()
	_, c := shelf(t)
	acme := json.RawMessage(`{"domains":["acme.com"],"name":"Acme"}`)
	first, err := c.AssertRecord(ctx, "companies", "domains", acme, nil)
	require.NoError(t, err)
	again, err := c.AssertRecord(
		ctx, "companies", "domains", json.RawMessage(`{"domains":["acme.com"],"name":"Acme & Co"}`),
		nil)
	require.NoError(t, err)
	require.Equal(t, first.Record.ID, again.Record.ID)
	_, err = c.UpdateRecord(ctx, "companies", first.Record.ID, json.RawMessage(`{"domains":["acme.org"]}`), nil)
	require.NoError(t, err)
	rec, err := c.Record(ctx, "companies", first.Record.ID)
	require.NoError(t, err)
	require.Contains(t, string(rec.Values["domains"]), "acme.com", "an update adds")
	require.Contains(t, string(rec.Values["domains"]), "acme.org")
	replaced, err := c.ReplaceRecord(ctx, "companies", rec.ID, json.RawMessage(`{"domains":["acme.net"]}`), nil)
	require.NoError(t, err)
	require.NotContains(t, string(replaced.Record.Values["domains"]), "acme.com")
	gone, err := c.DeleteRecord(ctx, "companies", rec.ID, nil)
	require.NoError(t, err)
	require.Empty(t, gone.Record.ID)
	require.Equal(t, 1, gone.Attempts)
	_, err = c.DeleteRecord(ctx, "companies", rec.ID, nil)
	require.ErrorIs(t, err, attio.ErrNotFound)
	require.Equal(t, attio.Refused, attio.ClassOf(err))
	require.InDelta(t, 25, c.WriteRate(), 0)
	require.Equal(t, int64(6), c.Stats().Writes)
}

func TestWhatHangsOnARecordIsCounted(t *testing.T) {
	server, c := shelf(t)
	id, err := server.Insert("companies", map[string]any{"domains": []any{"acme.com"}})
	require.NoError(t, err)
	require.NoError(t, server.AddEntry("sales", "companies", id))
	require.NoError(t, server.AddEntry("sales", "companies", id))
	require.NoError(t, server.AttachNote("companies", id, "a call"))
	require.NoError(t, server.AttachTask("companies", id, "call back"))
	entries, err := c.CountEntries(t.Context(), "companies", id)
	require.NoError(t, err)
	notes, err := c.CountNotes(t.Context(), "companies", id)
	require.NoError(t, err)
	tasks, err := c.CountTasks(t.Context(), "companies", id)
	require.NoError(t, err)
	require.Equal(t, []int{2, 1, 1}, []int{entries, notes, tasks})
}

func TestOptionsComeAndGo(t *testing.T) {
	ctx := t.Context()
	_, c := shelf(t)
	members, err := c.WorkspaceMembers(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, members)
	schema, err := c.AttributesOnly(ctx, "users")
	require.NoError(t, err)
	plan := schema.Object("users").Attribute("plan")
	require.Equal(t, attio.TypeSelect, plan.Type)
	require.Empty(t, plan.Options, "they are not read")
	made, err := c.CreateOption(ctx, "users", *plan, "Platinum")
	require.NoError(t, err)
	_, err = c.CreateOption(ctx, "users", *plan, "Platinum")
	require.ErrorIs(t, err, attio.ErrConflict)
	e, ok := errors.AsType[*attio.Error](err)
	require.True(t, ok)
	require.Equal(t, attio.CodeSlugConflict, e.Code)
	gone, err := c.SetArchived(ctx, "users", *plan, made.ID, true)
	require.NoError(t, err)
	require.True(t, gone.Archived)
	back, err := c.SetArchived(ctx, "users", *plan, made.ID, false)
	require.NoError(t, err)
	require.Equal(t, attio.Option{ID: made.ID, Title: "Platinum"}, back)
}

// What a caller decides by is told by every answer: the class, the code, the sentinel; and a line that quotes no value.
func TestFailuresAreToldApart(t *testing.T) {
	for _, tt := range []struct {
		fault string
		class attio.Class
		code  string
		is    error
	}{
		{"400 code=uniqueness_conflict", attio.Refused, attio.CodeUniquenessConflict, attio.ErrConflict},
		{"403 code=unauthorized", attio.Fatal, attio.CodeUnauthorized, attio.ErrForbidden},
		{"403 code=billing_error", attio.Fatal, attio.CodeBilling, attio.ErrQuota},
		{"400 code=quota_exceeded", attio.Fatal, attio.CodeQuotaExceeded, attio.ErrQuota},
		{"401", attio.Fatal, "", attio.ErrUnauthorized},
		{"500", attio.Unknown, "", nil},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			server, c := shelf(t)
			fault, err := attiotest.ParseFault("POST " + tt.fault)
			require.NoError(t, err)
			server.AddFault(fault)
			_, err = c.CreateRecord(t.Context(), "companies", json.RawMessage(`{"name":"Secret & Sons"}`), nil)
			require.Equal(t, tt.class, attio.ClassOf(err), "%v", err)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
			e, ok := errors.AsType[*attio.Error](err)
			require.True(t, ok)
			if tt.code != "" {
				require.Equal(t, tt.code, e.Code)
				require.NotEmpty(t, e.Refusal())
			}
			require.Contains(t, e.Brief(), "POST /v2/objects/companies/records")
			require.NotContains(t, e.Brief(), "Secret")
			server.ClearFaults()
			_, err = c.CreateRecord(t.Context(), "companies", json.RawMessage(`{"name":"Secret & Sons"}`), nil)
			require.NoError(t, err)
		})
	}
	require.Equal(t, attio.Stopped, attio.ClassOf(context.Canceled))
}

// A filter that is too large says so; what is shown of it has no values.
func TestFiltersThatAreTooLarge(t *testing.T) {
	_, c := shelf(t)
	var values []string
	for i := range attio.MaxFilterValues + 1 {
		values = append(values, fmt.Sprintf("%q", fmt.Sprint("u", i)))
	}
	filter := json.RawMessage(`{"user_id":{"$in":[` + strings.Join(values, ",") + `]}}`)
	var page attio.Page
	err := c.ReadPage(t.Context(), "users", attio.Query{Filter: filter}, &page)
	require.True(t, attio.MayBeTooLarge(err), "%v", err)
	require.Equal(t, attio.MaxFilterValues, c.Filters().Of("users"))
	require.True(t, c.Filters().Refused("users", len(values), err))
	require.Less(t, c.Filters().Of("users"), len(values))
	shape := attio.ShapeOf(filter)
	require.Equal(t, attio.FilterShape{Values: 101, Operators: []string{"$in"}, Attributes: []string{"user_id"}}, shape)
	refused := &attio.FilterError{Object: "users", Shape: shape, Err: err}
	require.ErrorIs(t, refused, err)
	require.Contains(t, refused.Error(), "101 values ($in on user_id)")
	require.NotContains(t, refused.Error(), "u100")
}

func TestAKeyIsNeverShown(t *testing.T) {
	text, err := json.Marshal(map[string]attio.Secret{"key": key})
	require.NoError(t, err)
	shown := fmt.Sprintf("%s %v %+v %#v %q %x %s %v", key, key, key, key, key, key, text, key.LogValue())
	require.NotContains(t, shown, string(key))
	require.Contains(t, shown, "[key]")
	require.Equal(t, slog.KindString, key.LogValue().Kind())
	_, err = attio.New(attio.Options{Key: "short\n", BaseURL: "http://example.com"})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "short")
}

// What is asked of a workspace is reported with a verdict in words.
func TestProbesSayWhatTheyFound(t *testing.T) {
	_, c := shelf(t)
	schema, err := c.Schema(t.Context(), "users")
	require.NoError(t, err)
	findings, err := c.Probe(t.Context(), schema.Object("users"))
	require.NoError(t, err)
	require.Len(t, findings, len(attio.Assumptions()))
	for _, f := range findings {
		text, err := f.Verdict.MarshalText()
		require.NoError(t, err)
		require.Equal(t, f.Verdict.String(), string(text))
		require.NotEqual(t, attio.Different, f.Verdict, "%s: %s", f.Name, f.Detail)
	}
}
