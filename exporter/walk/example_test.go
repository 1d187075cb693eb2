package walk_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/exporter/walk"
)

func ExampleAll() {
	server := attiotest.New(attiotest.Options{})
	for n := range 1200 {
		name := fmt.Sprintf("company %d", n)
		if _, err := server.Insert("companies", map[string]any{"name": name}); err != nil {
			log.Fatal(err)
		}
	}
	client, err := attio.New(attio.Options{Key: attio.Secret(strings.Repeat("k", 64)), Transport: server.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	survey, err := walk.All(context.Background(), walk.Source{
		Server: client,
		Object: "companies",
		Emit:   func(*attio.Record, walk.Line) error { n++; return nil },
	})
	fmt.Println(n, len(survey.Doubts), survey.Order, err)
	// Output: 1200 0 unsorted <nil>
}
