package undo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer/journal"
	"github.com/attio-bulk/attio-bulk/importer/undo"
)

// ran is a run that is over: it created one user for row 1, and overwrote the address of another for row 2 where before
// is what that was.
type ran struct {
	server  *attiotest.Server
	client  *attio.Client
	schema  *attio.Schema
	dir     *journal.Dir
	created string
	updated string
}

func run(root string, before string) (r ran, err error) {
	ctx := context.Background()
	r.server = attiotest.New(attiotest.Options{})
	r.client, err = attio.New(attio.Options{Key: attio.Secret(strings.Repeat("k", 64)), Transport: r.server.Transport()})
	if err != nil {
		return r, err
	}
	if r.schema, err = r.client.Schema(ctx, "users"); err != nil {
		return r, err
	}
	if r.dir, err = journal.Create(filepath.Join(root, "run"), "users"); err != nil {
		return r, err
	}
	info := journal.NewInfo()
	info.Object, info.WorkspaceID = "users", r.schema.Self.WorkspaceID
	if err := info.Write(r.dir); err != nil {
		return r, err
	}
	w, err := journal.NewWriter(r.dir, &info)
	if err != nil {
		return r, err
	}
	for i, into := range []*string{&r.created, &r.updated} {
		id, err := r.server.Insert("users", map[string]any{
			"user_id": fmt.Sprint("u", i), "primary_email_address": fmt.Sprintf("u%d@example.com", i),
		})
		if err != nil {
			return r, err
		}
		*into = fmt.Sprint(id)
		rec, err := r.client.Record(ctx, "users", *into)
		if err != nil {
			return r, err
		}
		result := &journal.Result{Row: i + 1, Line: i + 2, Outcome: journal.Outcome{
			Action: journal.Created, RecordID: *into, Attempts: 1, Answer: journal.Fingerprint(&rec),
		}}
		image := (*journal.BeforeImage)(nil)
		if into == &r.updated {
			result.Action = journal.Updated
			if before != "" {
				image = &journal.BeforeImage{Row: 2, Record: *into, Values: map[string]json.RawMessage{
					"primary_email_address": json.RawMessage(before),
				}}
			}
		}
		if err := w.Announce(image, result); err != nil {
			return r, err
		}
	}
	return r, w.Close()
}

const was = `[{"email_address":"was@example.com","original_email_address":"was@example.com",` +
	`"attribute_type":"email-address"}]`

func (r ran) undo(t *testing.T) undo.Summary {
	t.Helper()
	sum, err := undo.Run(t.Context(), r.client, r.dir, undo.Options{Schema: r.schema})
	require.NoError(t, err)
	return sum
}

func (r ran) report(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(r.dir.File(undo.File))
	require.NoError(t, err)
	return string(text)
}

func TestUndoDeletesAndPutsBack(t *testing.T) {
	r, err := run(t.TempDir(), was)
	require.NoError(t, err)
	p, err := undo.PlanOf(r.dir.Path())
	require.NoError(t, err)
	require.Equal(t, undo.Plan{Delete: 1, Objects: map[string]int{"users": 1}, Restore: 1}, p)
	require.Equal(t, 2, p.Left())
	want := map[string]int{journal.UndoDeleted: 1, journal.UndoRestored: 1}
	require.Equal(t, undo.Summary{Counts: want}, r.undo(t))
	require.Equal(t, 1, r.server.Count("users"))
	rec, err := r.client.Record(t.Context(), "users", r.updated)
	require.NoError(t, err)
	require.Contains(t, string(rec.Values["primary_email_address"]), "was@example.com")
	lines := "row,record_id,result,message,object\n2," + r.updated + ",restored,,users\n1," + r.created +
		",deleted,,users\n"
	require.Equal(t, lines, r.report(t))

	p, err = undo.PlanOf(r.dir.Path())
	require.NoError(t, err)
	require.True(t, p.Begun)
	require.Zero(t, p.Left())
	require.Equal(t, want, p.Earlier.Counts)
	require.NoError(t, os.Remove(r.dir.File(undo.File)))
	require.NoError(t, undo.Rebuild(r.dir))
	require.Equal(t, lines, r.report(t))
	require.NoError(t, r.dir.Close())
}

// What cannot be put back surely is kept, with its reason: a value of a shape that is not known is never cleared.
func TestUndoKeepsWhatItCannotPutBack(t *testing.T) {
	for before, reason := range map[string]string{
		"":                                "its earlier values are not in before.jsonl",
		`[{"attribute_type":"hologram"}]`: "primary_email_address",
	} {
		r, err := run(t.TempDir(), before)
		require.NoError(t, err)
		sum := r.undo(t)
		require.Equal(t, map[string]int{journal.UndoDeleted: 1, journal.UndoKept: 1}, sum.Counts, before)
		require.Equal(t, journal.ExitReports, sum.ExitCode)
		require.Contains(t, r.report(t), reason)
		rec, err := r.client.Record(t.Context(), "users", r.updated)
		require.NoError(t, err)
		require.Contains(t, string(rec.Values["primary_email_address"]), "u1@example.com")
		require.NoError(t, r.dir.Close())
	}
}

func ExampleRun() {
	root, err := os.MkdirTemp("", "example-*")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(root)
	r, err := run(root, was) // or the directory of a run that an import made
	if err != nil {
		log.Fatal(err)
	}
	defer r.dir.Close()
	sum, err := undo.Run(context.Background(), r.client, r.dir, undo.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sum.Counts["deleted"], "deleted,", sum.Counts["restored"], "restored")
	// Output: 1 deleted, 1 restored
}

// Options that the run made are archived, last; one whose attribute is gone is said to be.
func TestUndoArchivesOptions(t *testing.T) {
	r, err := run(t.TempDir(), was)
	require.NoError(t, err)
	plan := r.schema.Object("users").Attribute("plan")
	made, err := r.client.CreateOption(t.Context(), "users", *plan, "Platinum")
	require.NoError(t, err)
	info, _, err := journal.Load(r.dir.Path())
	require.NoError(t, err)
	h, err := journal.ReadHistory(r.dir.Path(), &info, nil, nil)
	require.NoError(t, err)
	w, err := journal.Append(r.dir, h)
	require.NoError(t, err)
	require.NoError(t, w.Announce(nil, &journal.Made{Object: "users", Attribute: "plan", Option: made.ID},
		&journal.Made{Object: "users", Attribute: "long_gone", Option: "x"}))
	require.NoError(t, w.Close())
	require.Equal(t, map[string]int{
		journal.UndoDeleted: 1, journal.UndoRestored: 1, journal.UndoArchived: 1, journal.UndoGone: 1,
	}, r.undo(t).Counts)
	require.Contains(t, r.report(t), ","+made.ID+",archived,,users\n")
	schema, err := r.client.Schema(t.Context(), "users")
	require.NoError(t, err)
	for _, o := range schema.Object("users").Attribute("plan").Options {
		require.Equal(t, o.ID == made.ID, o.Archived, o.Title)
	}
	require.NoError(t, r.dir.Close())
}
