package attiotest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
)

// post sends a body as any client of Attio would.
func post(c *http.Client, url, body string) string {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Authorization", "Bearer "+strings.Repeat("k", 64)) // any key of this length
	req.Header.Set("Content-Type", "application/json")
	res, err := c.Do(req)
	if err != nil {
		return "no answer"
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	if res.StatusCode == http.StatusOK {
		return "made"
	}
	_, code, _ := strings.Cut(string(text), `"code":"`)
	code, _, _ = strings.Cut(code, `"`)
	return fmt.Sprint(res.StatusCode, " ", code)
}

const newPerson = `{"data":{"values":{"email_addresses":["ada@example.com"]}}}`

// In a test, NewServer serves on a loopback port until the test ends, and fails it if a client asked for something that
// Attio does not know.
func ExampleNewServer() {
	t := new(testing.T) // in a test, the one that it was given
	server := attiotest.NewServer(t, attiotest.Options{})
	post(http.DefaultClient, server.URL+"/v2/objects/people/records", newPerson)
	if n := server.Count("people"); n != 1 {
		t.Errorf("there are %d people", n)
	}
}

// New is for clients in the same process. It needs no port, so it works inside a testing/synctest bubble.
func ExampleNew() {
	server := attiotest.New(attiotest.Options{})
	url := "https://api.attio.com/v2/objects/people/records"
	fmt.Println(post(server.Client(), url, newPerson))
	fmt.Println(post(server.Client(), url, newPerson))
	for _, person := range server.Find("people", "email_addresses", "ada@example.com") {
		fmt.Println(string(person.Values["email_addresses"]))
	}
	// Output:
	// made
	// 400 uniqueness_conflict
	// ["ada@example.com"]
}

// A fault lets the work be done and loses the answer: the one case in which a client cannot know what became of a
// write.
func ExampleServer_AddFault() {
	server := attiotest.New(attiotest.Options{})
	server.AddFault(attiotest.Fault{Method: "write", After: true, Drop: true, N: 1})
	fmt.Println(post(server.Client(), "https://api.attio.com/v2/objects/people/records", newPerson))
	fmt.Println(server.Count("people"), "person")
	// Output:
	// no answer
	// 1 person
}

// Where nobody outside of Attio knows what it does, a reading chooses; the default is the stricter one.
func ExampleReadings() {
	var readings attiotest.Readings
	if err := readings.Set("empty-text", "clears"); err != nil { // as attio-bulk sandbox --reading empty-text=clears
		fmt.Println(err)
	}
	for _, r := range []attiotest.Readings{{}, readings} {
		server := attiotest.New(attiotest.Options{Readings: r})
		fmt.Println(post(server.Client(), "https://api.attio.com/v2/objects/people/records",
			`{"data":{"values":{"job_title":""}}}`))
	}
	// Output:
	// 400 validation_type
	// made
}

// A workspace is written by hand, in the form of a file: ids may be left out, and options are their titles.
func ExampleReadWorkspace() {
	seed, err := attiotest.ReadWorkspace(strings.NewReader(`{
		"objects": [{
			"api_slug": "plants", "singular_noun": "Plant", "plural_noun": "Plants",
			"attributes": [
				{"api_slug": "label", "title": "Label", "type": "text", "unique": true},
				{"api_slug": "light", "title": "Light", "type": "select", "options": ["Sun", "Shade"]}
			],
			"records": [{"values": {"label": "Fern", "light": "Shade"}}]
		}]
	}`))
	if err != nil {
		fmt.Println(err) // all that is wrong, with its place
		return
	}
	server := attiotest.New(attiotest.Options{Seed: seed})
	url := "https://api.attio.com/v2/objects/plants/records"
	fmt.Println(post(server.Client(), url, `{"data":{"values":{"label":"Ivy","light":"Shade"}}}`))
	fmt.Println(post(server.Client(), url, `{"data":{"values":{"label":"Ivy"}}}`))
	fmt.Println(post(server.Client(), url, `{"data":{"values":{"light":"Dusk"}}}`))
	fmt.Println(len(server.Records("plants")), "plants")
	// Output:
	// made
	// 400 uniqueness_conflict
	// 400 value_not_found
	// 2 plants
}

// A rule in words is what attio-bulk sandbox takes: every second write is refused for a while.
func ExampleParseFault() {
	fault, err := attiotest.ParseFault("write 429 every=2 retry-after=seconds")
	if err != nil {
		fmt.Println(err)
	}
	server := attiotest.New(attiotest.Options{Faults: []attiotest.Fault{fault}})
	for range 3 {
		fmt.Println(post(server.Client(), "https://api.attio.com/v2/objects/people/records", `{"data":{"values":{}}}`))
	}
	fmt.Printf("%+v\n", server.Counts())
	// Output:
	// made
	// 429 rate_limit_exceeded
	// made
	// {Requests:3 Accepted:2 Refused:1 RateLimited:1 Lost:0}
}

// Somebody else changes a record while a client works with it. The values are checked as those of a client are.
func ExampleServer_Set() {
	server := attiotest.New(attiotest.Options{})
	id, err := server.Insert("people", map[string]any{"name": "Lovelace, Ada", "job_title": "Analyst"})
	if err != nil {
		fmt.Println(err)
	}
	if err := server.Set("people", id, map[string]any{"job_title": "Author"}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(string(server.Find("people", "job_title", "Author")[0].Values["name"]))
	// Output: {"first_name":"Ada","full_name":"Ada Lovelace","last_name":"Lovelace"}
}
