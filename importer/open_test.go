package importer

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// addNotes adds an attribute to users. It returns its path.
func addNotes(t *testing.T, w *world) string {
	t.Helper()
	_, err := w.client.Do(t.Context(), attio.Call{Method: http.MethodPost, Path: "/v2/objects/users/attributes",
		Body: map[string]any{"data": map[string]any{
			"title": "Notes", "api_slug": "notes", "description": "", "type": "text", "is_required": false, "is_unique": false,
			"is_multiselect": false, "config": map[string]any{},
		}}}, nil)
	require.NoError(t, err)
	return "/v2/objects/users/attributes/notes"
}

// edit changes an attribute behind the run's back.
func (w *world) edit(ctx context.Context, path, change string) {
	client := newClient(w.t, w.server)
	call := attio.Call{Method: http.MethodPatch, Path: path, Body: json.RawMessage(`{"data":` + change + `}`)}
	_, err := client.Do(ctx, call, nil)
	require.NoError(w.t, err)
}

// abandon imports and gives the n-th create up once it is done: its row has an open intent.
func (w *world) abandon(ctx context.Context, j job, fault attiotest.Fault) (dir string) {
	w.t.Helper()
	abort, give := context.WithCancel(ctx)
	stop, cancel := context.WithCancelCause(ctx)
	fault.Latency = time.Second
	fault.Committed = func() { cancel(&Interrupted{"SIGINT", 130}); give() }
	w.server.AddFault(fault)
	j.edit = func(o *Options) { o.Abort = abort }
	_, dir, err := w.run(stop, j)
	require.Error(w.t, err)
	w.server.ClearFaults()
	return dir
}

func TestRowWhoseCreateWasSentIsLookedForBeforeItIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		id, err := w.server.Insert("companies", map[string]any{"domains": []any{"acme.com"}})
		require.NoError(t, err)
		m := strings.Replace(peopleMapping, "MISSING", "reject", 1)
		j := job{object: "people", mapping: m[:strings.Index(m, "  - column: About")],
			text: "Name,Email,Domain\n\"Lovelace, Ada\",ada@example.com,acme.com\n"}
		dir := w.abandon(t.Context(), j, attiotest.Fault{Match: isCreate})
		require.Equal(t, 1, w.server.Count("people"))
		require.NoError(t, w.server.Remove("companies", id)) // what the row refers to is gone by now
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Created: 1}, sum.Rows)
	})
}

func TestRowWhoseUpdateWasSentIsLookedForBeforeItIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		id, err := w.server.Insert("companies", map[string]any{"domains": []any{"acme.com"}})
		require.NoError(t, err)
		_, err = w.server.Insert("people", map[string]any{"email_addresses": []any{"ada@example.com"}})
		require.NoError(t, err)
		m := strings.Replace(peopleMapping, "MISSING", "reject", 1)
		j := job{object: "people", mapping: m[:strings.Index(m, "  - column: About")], mode: mapping.Update,
			match: "email_addresses", text: "Name,Email,Domain\n\"Lovelace, Ada\",ada@example.com,acme.com\n"}
		dir := w.abandon(t.Context(), j, attiotest.Fault{Method: http.MethodPatch})
		require.NoError(t, w.server.Remove("companies", id))
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 1, Updated: 1}, sum.Rows)
	})
}

func TestResumeSettlesWhatIsOpenBeforeItRefusesAChangedWorkspace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		notes := addNotes(t, w)
		var b strings.Builder
		b.WriteString("User ID,Notes,Primary email address\n")
		for line := range strings.Lines(strings.TrimPrefix(users(1, 200), usersHeader)) {
			b.WriteString(strings.Replace(line, ",", ",some words,", 1))
		}
		j := job{text: b.String()}
		dir := w.abandon(t.Context(), j, attiotest.Fault{Match: isCreate, N: 2})
		made := w.server.Count("users")
		w.edit(t.Context(), notes, `{"is_archived":true}`)
		sum, err := w.resume(t.Context(), dir)
		var problems problem.Problems
		require.ErrorAs(t, err, &problems)
		require.Equal(t, made, sum.Rows.Created, "rows whose create was sent are accounted for")
		require.Zero(t, sum.Rows.Unknown)
		require.False(t, sum.Finished)
		require.Equal(t, made, w.server.Count("users"), "nothing was sent")

		w.edit(t.Context(), notes, `{"is_archived":false}`)
		sum, err = w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 200, Created: 200}, sum.Rows)
		require.True(t, sum.Finished)
	})
}

func TestRunStopsWhereTheWorkspaceChanges(t *testing.T) {
	for change, want := range map[string]string{
		`{"is_archived":true}`: "the workspace changed: notes is archived or no longer there",
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, attiotest.Options{})
			notes := addNotes(t, w)
			var b strings.Builder
			b.WriteString("User ID,Notes,Primary email address\n")
			for line := range strings.Lines(strings.TrimPrefix(users(1, 300), usersHeader)) {
				b.WriteString(strings.Replace(line, ",", ",some words,", 1))
			}
			edit := func() { go w.edit(t.Context(), notes, change) }
			w.server.AddFault(attiotest.Fault{Match: isCreate, N: 60, Committed: edit})
			sum, dir, err := w.run(t.Context(), job{text: b.String()})
			require.EqualError(t, err, want)
			require.Equal(t, journal.ExitStopped, sum.ExitCode)
			require.Less(t, sum.Rows.Rejected, 100)
			w.server.ClearFaults()
			w.edit(t.Context(), notes, `{"is_archived":false}`)
			sum, err = w.resume(t.Context(), dir, journal.Rejected)
			require.NoError(t, err)
			require.Equal(t, journal.Counts{Read: 300, Created: 300}, sum.Rows)
		})
	}
}

func TestWhichChangesOfAnObjectMatter(t *testing.T) {
	then := &attio.Object{Attributes: []attio.Attribute{{Slug: "name", Writable: true}, {Slug: "id"}}}
	for _, c := range []struct {
		want string
		now  []attio.Attribute
	}{
		{"", []attio.Attribute{{Slug: "name", Writable: true}, {Slug: "id"}, {Slug: "new", Writable: true}}},
		{"name can no longer be written", []attio.Attribute{{Slug: "name"}, {Slug: "id"}}},
		{"name is archived or no longer there", []attio.Attribute{{Slug: "name", Archived: true}, {Slug: "id"}}},
		{"name is archived or no longer there", []attio.Attribute{{Slug: "id"}}},
		{"name is required now", []attio.Attribute{{Slug: "name", Writable: true, Required: true}, {Slug: "id"}}},
		{"n is required now", []attio.Attribute{{Slug: "name", Writable: true}, {Slug: "id"}, {Slug: "n", Required: true}}},
	} {
		require.Equal(t, c.want, changedSince(then, &attio.Object{Attributes: c.now}))
	}
}

func TestTargetsForgottenByTheCacheStayWithTheirRows(t *testing.T) {
	for _, missing := range []string{"reject", "blank"} {
		refs := newResolver(&session{})
		refs.most = 1
		companies := &attio.Attribute{Slug: "domains", Type: attio.TypeDomain, Unique: true}
		row := func(domain string) *item {
			return &item{rec: mapping.Record{Fields: []value.Field{{
				Attr: &attio.Attribute{Slug: "company", Type: attio.TypeRecordReference},
				Values: []value.Value{{Ref: &value.Ref{
					Object: "companies", Attr: "domains", Key: domain, Missing: value.Missing(missing),
				}}},
			}}}}
		}
		find := func(domain, id string) {
			refs.learn([]*ask{{"companies", []mapping.Key{{Attr: companies, Norm: domain}}, []attio.Record{
				{ID: id, Values: map[string]json.RawMessage{"domains": json.RawMessage(`[{"domain":"` + domain + `"}]`)}},
			}}})
		}
		find("a.com", "A")
		it := row("a.com")
		require.Empty(t, refs.fill(it))
		find("b.com", "B")
		find("c.com", "C") // by now the cache has begun anew
		require.Len(t, refs.fill(row("a.com")), 1)
		require.Empty(t, refs.resolve(it))
		require.Equal(t, "A", it.full.Fields[0].Values[0].Ref.ID)
		require.Empty(t, it.rec.Fields[0].Values[0].Ref.ID, "the row's own record is left as it was read")
	}
}

func TestAbortAloneEndsARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{Latency: time.Second})
		abort, give := context.WithCancel(t.Context())
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 3, Committed: func() { give() }, Latency: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, dir, err := w.run(ctx, job{text: users(1, 200), edit: func(o *Options) { o.Abort = abort }})
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, ctx.Err(), "it did not wait for its own context")
		w.server.ClearFaults()
		sum, err := w.resume(t.Context(), dir)
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Read: 200, Created: 200}, sum.Rows)
	})
}

func TestErrorOfTheEndIsToldBesideTheInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		stop, cancel := context.WithCancelCause(t.Context())
		dir := filepath.Join(w.dir, "run")
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 3, Committed: func() {
			cancel(&Interrupted{"SIGINT", 130})
			require.NoError(t, os.Mkdir(filepath.Join(dir, journal.SummaryFile), 0o700)) // nothing can take its place
			require.NoError(t, os.WriteFile(filepath.Join(dir, journal.SummaryFile, "x"), nil, 0o600))
		}, Latency: time.Millisecond})
		_, err := w.attempt(stop, job{text: users(1, 30), dir: dir})
		var sig *Interrupted
		require.ErrorAs(t, err, &sig)
		require.ErrorContains(t, err, "summary: ")
	})
}

func TestVerifyKeepsItsReportUntilTheNextIsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		_, dir, err := w.run(t.Context(), job{text: users(1, 4)})
		require.NoError(t, err)
		one := w.server.Find("users", "user_id", "u1")[0].ID
		require.NoError(t, w.server.Set("users", one, map[string]any{"primary_email_address": "x@example.com"}))
		_, err = w.verify(t.Context(), dir)
		require.NoError(t, err)
		before := readRows(t, filepath.Join(dir, verifyFile))
		w.server.AddFault(attiotest.Fault{Path: "/query", Status: 403})
		_, err = w.verify(t.Context(), dir)
		require.Error(t, err)
		require.Equal(t, before, readRows(t, filepath.Join(dir, verifyFile)))
	})
}

func TestOptionThatIsBeingMadeIsSeenThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, attiotest.Options{})
		stop, cancel := context.WithCancelCause(t.Context())
		w.server.AddFault(attiotest.Fault{Method: http.MethodPost, Path: "/options", Latency: time.Second,
			Before: func() { cancel(&Interrupted{"SIGINT", 130}) }})
		m := "version: 1\nobject: companies\ncolumns:\n  - {column: Domain, attribute: domains}\n" +
			"  - {column: Kind, attribute: categories, missing: create}\n"
		_, dir, err := w.run(stop, job{object: "companies", mapping: m, text: "Domain,Kind\na.com,Quite new\n"})
		require.Error(t, err)
		require.Contains(t, readFile(t, filepath.Join(dir, "journal.jsonl")), `"t":"also"`, "it is on record as made")
	})
}

func TestRowsOfAnInputThatChangedAreCompared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 4000
		w := newWorld(t, attiotest.Options{WriteLimit: -1, ReadLimit: -1})
		path := filepath.Join(w.dir, "users.csv")
		long := strings.Repeat("x", 200) // so that buffers hold few rows
		text := strings.ReplaceAll(users(1, rows), ",user", long+",user")
		w.server.AddFault(attiotest.Fault{Match: isCreate, N: 20, Committed: func() { // the same length, and in place
			other := strings.ReplaceAll(text, "@example.com", "@example.net")
			require.NoError(t, os.WriteFile(path, []byte(other), 0o600))
		}, Latency: time.Millisecond})
		_, dir, err := w.run(t.Context(), job{text: text})
		require.ErrorContains(t, err, "the file changed while it was being read")
		w.server.ClearFaults()
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		var notices []string
		sum, err := w.resumeWith(t.Context(), dir, func(o *ResumeOptions) {
			o.Notice = func(s string) { notices = append(notices, s) }
		})
		require.NoError(t, err)
		require.Equal(t, journal.ExitUnknown, sum.ExitCode)
		require.Contains(t, sum.Reason, "in Attio differ from the input: see verify.csv")
		require.Contains(t, strings.Join(notices, "\n"), "the input changed while an earlier session read it")
		different := 0
		for _, line := range readRows(t, filepath.Join(dir, verifyFile)) {
			if line["verdict"] == "different" {
				different++
			}
		}
		wrong := 0
		for _, rec := range w.server.Records("users") {
			if strings.Contains(toText(t, rec), "@example.net") {
				wrong++
			}
		}
		require.Positive(t, wrong)
		require.Equal(t, wrong, different)
		require.Equal(t, rows, w.server.Count("users"))
	})
}
