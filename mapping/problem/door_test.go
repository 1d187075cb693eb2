package problem_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

func TestProblemsAreToldTogether(t *testing.T) {
	ps := problem.Problems{{Where: "users.yaml:7:3", Text: "no such attribute", Hint: []string{"ignore: [A]"}},
		{Text: "no columns"}}
	require.Equal(t, "users.yaml:7:3: no such attribute", ps[0].String())
	require.Equal(t, "no columns", ps[1].String())
	require.Equal(t, "users.yaml:7:3: no such attribute\nno columns", ps.Error())
	require.Empty(t, problem.Listing("the column ", "the columns ", nil))
	require.Equal(t, `the column "a"`, problem.Listing("the column ", "the columns ", []string{"a"}))
	require.Contains(t, problem.Listing("the column ", "the columns ", []string{"a", "b"}), "the columns ")
}
