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

// A filter is narrowed down to some of the records that it shows.
func ExampleByIDs() {
	ids := []string{"0b3a6f3e-8a3c-4b8e-9d0f-000000000001"}
	fmt.Println(string(walk.ByIDs(nil, ids)))
	fmt.Println(string(walk.ByIDs([]byte(`{"plan":"pro"}`), ids)))
	// Output:
	// {"record_id":{"$in":["0b3a6f3e-8a3c-4b8e-9d0f-000000000001"]}}
	// {"$and":[{"plan":"pro"},{"record_id":{"$in":["0b3a6f3e-8a3c-4b8e-9d0f-000000000001"]}}]}
}
