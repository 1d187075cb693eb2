package propose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
)

// wide are the headers and cells of a file with so many columns that nobody wants.
func wide(unwanted int) (headers []string, cells [][]string) {
	headers, cells = []string{"E-mail", "Blank"}, [][]string{{"ada@fernhill.example.net"}, {""}}
	for i := range unwanted {
		headers, cells = append(headers, fmt.Sprintf("Zq %d", i+1)), append(cells, []string{"x"})
	}
	return headers, cells
}

func TestManyUnlikeColumnsAreOneQuestion(t *testing.T) {
	headers, cells := wide(40)
	p := proposed(t, "people", headers, cells...)
	require.Empty(t, p.Asks())
	require.Len(t, p.Rest, 41, "the blank one needs no line either")
	require.Equal(t, `41 columns fit no attribute of people: "Zq 1", "Zq 2", "Zq 3" and 38 more`, p.RestAsk())
	require.Equal(t, 1, p.Questions())
	text := string(p.YAML())
	require.Less(t, strings.Count(text, "\n"), 12, text)
	require.Contains(t, text, "\n# decide: "+p.RestAsk()+"\n# ignore_rest: true   # ")

	// It is answered by one line.
	bind := func(text string) error {
		f, err := mapfile.Parse("m.yaml", []byte(text))
		require.NoError(t, err)
		_, err = mapping.Bind(f, mapping.Input{Name: "f.csv", Columns: headers}, proposeSchema(), mapping.BindOptions{})
		return err
	}
	require.ErrorContains(t, bind(text), "41 columns are not decided: Blank, Zq 1, Zq 2 and 38 more")
	require.NoError(t, bind(strings.Replace(text, "# ignore_rest", "ignore_rest", 1)))
}

func TestFewUnlikeColumnsAreAskedAboutByThemselves(t *testing.T) {
	headers, cells := wide(severalUnlike - 1)
	p := proposed(t, "people", headers, cells...)
	require.Len(t, p.Asks(), severalUnlike-1)
	require.Equal(t, severalUnlike-1, p.Questions())
	require.Empty(t, p.RestAsk())
	require.NotContains(t, string(p.YAML()), "ignore_rest")

	// Where the rest is to be left out anyway, nothing is asked about any of them.
	p.LeaveRest()
	require.Zero(t, p.Questions())
	require.Contains(t, string(p.YAML()), "\nignore_rest: true   # 4 columns: ")
	f, err := mapfile.Parse("m.yaml", p.YAML())
	require.NoError(t, err)
	_, err = mapping.Bind(f, mapping.Input{Name: "f.csv", Columns: headers}, proposeSchema(), mapping.BindOptions{})
	require.NoError(t, err)
}
