package problem_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

func ExampleNearest() {
	fmt.Println(problem.List(problem.Nearest("emial", []string{"email", "name", "phone"})))
	end, _ := problem.Meant("user", []string{"users", "user_id"})
	fmt.Println("unknown" + end)
	// Output:
	// "email"
	// unknown; the nearest are "users" or "user_id"
}

func TestNearest(t *testing.T) {
	names := []string{"primary_email_address", "user_id", "notes", "full_name"}
	for name, want := range map[string][]string{
		"Email Address": {"primary_email_address"}, "userid": {"user_id"}, "note": {"notes"}, "nmoes": nil,
		"fullname": {"full_name"}, "zzz": nil,
		"usre_id": {"user_id"}, "": nil,
	} {
		require.Equal(t, want, problem.Nearest(name, names), name)
	}
	end, near := problem.Meant("user", nil)
	require.Empty(t, end+near)
	require.Equal(t, "straße42", problem.Plain(" Straße_42! "))
}

func TestProblems(t *testing.T) {
	ps := problem.Problems{{Where: "m.yaml:1:2", Text: "one"}, {Text: "two", Hint: []string{"not shown"}}}
	require.EqualError(t, ps, "m.yaml:1:2: one\ntwo")
}

func TestFindObject(t *testing.T) {
	s := &attio.Schema{Objects: []attio.Object{{Slug: "users", ID: "id", Attributes: []attio.Attribute{}},
		{Slug: "deals"}}}
	for _, name := range []string{"users", "id"} {
		o, bad := problem.FindObject(s, name, "here")
		require.Empty(t, bad)
		require.Same(t, &s.Objects[0], o)
	}
	for name, want := range map[string]string{
		"user":  `here: the workspace has no object "user"; the nearest is "users"`,
		"xyzzy": `here: the workspace has no object "xyzzy"; it has users, deals`,
		"deals": `here: the attributes of "deals" were not read`,
	} {
		_, bad := problem.FindObject(s, name, "here")
		require.EqualError(t, bad, want)
	}
}
