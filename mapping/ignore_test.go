package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

func TestPatternsLeaveColumnsOut(t *testing.T) {
	for ignore, want := range map[string][]string{
		`["Custom *"]`:          {`f.csv: column "Legacy": the column is neither mapped nor ignored`},
		`["custom *", "*gacy"]`: nil,
		`["*"]`:                 nil,
		`["Custom 1", "*2", "Custom 3 *", "Legacy"]`: nil, // a header is itself before it is a pattern
		`["Nothing *", "*"]`:                         nil,
	} {
		plan, err := bindUsers("ignore: "+ignore+"\n", BindOptions{}, "ID", "Mail", "Custom 1", "Custom 2",
			"Custom 3 *", "Legacy")
		if want != nil {
			require.Equal(t, want, refusals(err), ignore)
			continue
		}
		require.NoError(t, err, ignore)
		require.Equal(t, []bool{false, false, true, true, true, true}, plan.ignored, ignore)
		require.True(t, plan.Ignored(5))
		require.False(t, plan.Ignored(6), "a column that no survey saw")
	}
	_, err := bindUsers("ignore: [Custom 3 *]\n", BindOptions{}, "ID", "Mail", "Custom 3 *", "Custom 3 b")
	require.Equal(t, []string{`f.csv: column "Custom 3 b": the column is neither mapped nor ignored`}, refusals(err),
		"a header with a star is that column alone")
	_, err = bindUsers("ignore: [ID]\n", BindOptions{}, "ID", "Mail")
	require.Equal(t, []string{`m.yaml:6:10: the column "ID" is mapped and ignored`}, refusals(err))
}

func TestTheRestIsLeftOut(t *testing.T) {
	headers := []string{"ID", "Mail", "Full name", "X", "", "Y"}
	note := "left out, since nothing maps them: Full name, X, #5, Y"
	for _, o := range []struct {
		file string
		BindOptions
	}{{file: "ignore_rest: true\n"}, {BindOptions: BindOptions{IgnoreRest: true}}} {
		plan, err := bindUsers(o.file, o.BindOptions, headers...)
		require.NoError(t, err)
		require.Contains(t, plan.Notes, note)
		require.Equal(t, []bool{false, false, true, true, true, true}, plan.ignored)
		require.True(t, plan.File.IgnoreRest, "the run keeps it")
	}

	// Without a mapping file, what a header names is mapped all the same.
	plan, err := Bind(nil, Input{Name: "f.csv", Columns: []string{"user_id", "primary_email_address", "Full name", "X"}},
		world.Schema(), BindOptions{IgnoreRest: true})
	require.NoError(t, err)
	require.Contains(t, plan.Notes, "left out, since nothing maps them: X")
	require.Contains(t, string(plan.File.YAML()), "ignore_rest: true\n")

	// A question about one column is not answered by it.
	_, err = bindUsers("  # decide: X: what is it?\n  # - {column: X, attribute: notes}\nignore_rest: true\n", BindOptions{},
		headers...)
	require.Equal(t, []string{`m.yaml:6:3: column "X" is not decided: what is it?`}, refusals(err))
}

func TestOneQuestionAboutTheRest(t *testing.T) {
	asked := "# decide: 4 columns fit no attribute of users\n# ignore_rest: true   # leaves them out\n"
	_, err := bindUsers(asked, BindOptions{}, "ID", "Mail", "A", "B", "C", "")
	var ps problem.Problems
	require.ErrorAs(t, err, &ps)
	require.Len(t, ps, 1)
	require.Equal(t, `m.yaml:6:1: 4 columns are not decided: A, B, C and 1 more`, ps[0].String())
	require.True(t, ps[0].Open)
	require.Equal(t, []string{"m.yaml:7: ignore_rest: true   # leaves them out"}, ps[0].Hint)
	_, err = bindUsers("ignore: [B]\n"+asked, BindOptions{}, "ID", "Mail", "A", "B")
	require.Equal(t, []string{`m.yaml:7:1: column "A" is not decided`}, refusals(err))
	_, err = bindUsers(asked, BindOptions{}, "ID", "Mail", "A", "B")
	require.Equal(t, []string{`m.yaml:6:1: 2 columns are not decided: A, B`}, refusals(err))
	_, err = bindUsers("ignore_rest: true\n", BindOptions{}, "ID", "Mail", "A", "B")
	require.NoError(t, err)
}

// bindUsers binds usersFile with more lines to a file of these columns.
func bindUsers(more string, o BindOptions, headers ...string) (*Plan, error) {
	f, err := mapfile.Parse("m.yaml", []byte(usersFile(more)))
	if err != nil {
		return nil, err
	}
	return Bind(f, Input{Name: "f.csv", Columns: headers}, world.Schema(), o)
}

// refusals are the lines of what is wrong.
func refusals(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}
