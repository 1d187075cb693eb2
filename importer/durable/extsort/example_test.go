package extsort_test

import (
	"fmt"
	"os"

	"github.com/attio-bulk/attio-bulk/importer/durable/extsort"
)

func ExampleSorter() {
	s := extsort.Sorter{Dir: os.TempDir()}
	defer s.Close()
	for _, word := range []string{"pear", "apple", "fig"} {
		if err := s.Add([]byte(word), []byte("a line about "+word)); err != nil {
			fmt.Println(err)
			return
		}
	}
	err := s.Each(func(_, line []byte) error {
		_, err := fmt.Println(string(line))
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// a line about apple
	// a line about fig
	// a line about pear
}
