package problem

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRangesAreFoundByNumber(t *testing.T) {
	sizes := []string{"1-10", "11-50", "51-250", "251-1K", "1K-5K", "5K-10K", "10K+", "Unknown"}
	money := []string{"$0-$1M", "$1M-$10M", "$10M–$50M", "$1B+", "$100B+"}
	for _, c := range []struct {
		table []string
		text  string
		want  []string
	}{
		{sizes, "120", []string{"51-250"}},
		{sizes, "51-200", []string{"51-250"}},
		{sizes, "51 – 200 employees", []string{"51-250"}},
		{sizes, "1", []string{"1-10"}},
		{sizes, "2.500", []string{"1K-5K"}},
		{sizes, "1,200 Mitarbeiter", []string{"1K-5K"}},
		{sizes, "20,000", []string{"10K+"}},
		{sizes, "11-100", nil},
		{sizes, "5000", nil}, // the end of two
		{sizes, "not known", nil},
		{sizes, "2024-01-02", nil},
		{money, "$2.5M", []string{"$1M-$10M"}},
		{money, "500k", []string{"$0-$1M"}},
		{money, "20-30M", []string{"$10M–$50M"}},
		{money, "up to 1M", nil},
		{money, "5 billion", nil},
		{[]string{"1-10", "11-20", "Some"}, "12", []string{"11-20"}},
	} {
		found, ranges := Within(c.text, c.table)
		require.True(t, ranges)
		require.Equal(t, c.want, found, c.text)
	}
	_, ranges := Within("12", []string{"Red", "Blue", "1-10"})
	require.False(t, ranges)
}
