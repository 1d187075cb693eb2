package attio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// decoded is what BenchmarkDecodePage compares with: the same records by encoding/json.
type decoded struct {
	Data []struct {
		ID struct {
			RecordID string `json:"record_id"`
		} `json:"id"`
		CreatedAt string                     `json:"created_at"`
		WebURL    string                     `json:"web_url"`
		Values    map[string]json.RawMessage `json:"values"`
	} `json:"data"`
}

// pageOf is a page of n records of the size of a lean real one.
func pageOf(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		id := fmt.Sprintf("d7393919-e128-45ad-9cd6-%012d", i)
		envelope := `"active_from":"2026-05-15T21:46:52.967000000Z","active_until":null,"created_by_actor":{"type":"app","id":"0061e423-0000-4000-8000-000000000000"}`
		fmt.Fprintf(&b, `{"id":{"workspace_id":"edbb5cd2-e046-4b4f-bd62-eeefa0a76787","object_id":"30ff61f7-6b37-414e-8d6f-fb42f963e996","record_id":"%s"},`+
			`"created_at":"2026-05-15T21:46:52.967000000Z","web_url":"https://app.attio.com/nango-dev/person/%s","values":{`+
			`"record_id":[{%s,"value":"%s","attribute_type":"text"}],`+
			`"name":[{%s,"first_name":"Ada","last_name":"Lovelace é","full_name":"Ada Lovelace é","attribute_type":"personal-name"}],`+
			`"email_addresses":[],"description":[],"company":[],"job_title":[],"avatar_url":[],"phone_numbers":[],"primary_location":[],`+
			`"created_at":[{%s,"value":"2026-05-15T21:46:52.967000000Z","attribute_type":"timestamp"}]}}`,
			id, id, envelope, id, envelope, envelope)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func TestDecodePageAgreesWithEncodingJSON(t *testing.T) {
	in := new(Page) // nothing of a page before it shows in the next
	other := []byte(`{"data":[{"id":{"record_id":"r1"},"values":{"other":[]}},{"id":{"record_id":"r2"},"values":{}}]}`)
	for _, body := range [][]byte{pageOf(0), pageOf(1), pageOf(25), other, indent(t, pageOf(3))} {
		var want decoded
		require.NoError(t, json.Unmarshal(body, &want))
		got, err := in.decode(body, true)
		require.NoError(t, err)
		require.Len(t, got, len(want.Data))
		for i, w := range want.Data {
			require.Equal(t, Record{ID: w.ID.RecordID, CreatedAt: w.CreatedAt, WebURL: w.WebURL,
				Values: w.Values, Raw: got[i].Raw}, got[i])
			require.JSONEq(t, string(rawRecords(t, body)[i]), string(got[i].Raw))
			require.Equal(t, byte('{'), got[i].Raw[0])
		}
	}
}

func indent(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, body, " ", "\t"))
	return b.Bytes()
}

func rawRecords(t *testing.T, body []byte) []json.RawMessage {
	t.Helper()
	var page struct{ Data []json.RawMessage }
	require.NoError(t, json.Unmarshal(body, &page))
	return page.Data
}

func TestDecodePage(t *testing.T) {
	record := func(values string) string {
		return `{"data":[{"id":{"record_id":"r1","object_id":"o1"},"created_at":null,"web_url":"u","values":` + values + `}]}`
	}
	for name, tc := range map[string]struct {
		body string
		want string // of the error; "" for none
	}{
		"no value":                   {record(`{"a":[]}`), ""},
		"a null for no value":        {record(`{"a":null}`), ""},
		"unknown members":            {`{"x":{"y":[1]},"data":[{"new":{"a":1},"id":{"record_id":"r1","n":null},"values":{"a":[]}}],"next":null}`, ""},
		"an escaped name":            {record(`{"\u0061":[]}`), ""},
		"blanks behind":              {record(`{"a":[]}`) + " \n", ""},
		"empty":                      {``, "EOF"},
		"HTML":                       {`<html>`, "invalid character"},
		"cut off":                    {record(`{"a":[]}`)[:60], "EOF"},
		"cut off before the end":     {strings.TrimSuffix(record(`{"a":[]}`), "}"), "EOF"},
		"two documents":              {record(`{"a":[]}`) + `{}`, "more than one document"},
		"a duplicate slug":           {record(`{"a":[],"a":[1]}`), "duplicate"},
		"a duplicate slug, escaped":  {record(`{"a":[],"\u0061":[1]}`), "duplicate"},
		"a duplicate key in a value": {record(`{"a":[{"value":1,"value":2}]}`), "duplicate"},
		"a duplicate data":           {`{"data":[],"data":[]}`, "duplicate"},
		"bytes that are not UTF-8":   {record("{\"a\":[{\"value\":\"\xff\"}]}"), "UTF-8"},
		"a lone surrogate":           {record(`{"a":[{"value":"\ud800"}]}`), "surrogate"},
		"a raw line break":           {record("{\"a\":[{\"value\":\"\n\"}]}"), "invalid character"},
		"a number with a zero":       {record(`{"a":[{"value":01}]}`), "invalid character"},
		"a comma too many":           {record(`{"a":[1,]}`), "invalid character"},
		"a value that is no array":   {record(`{"a":{"value":1}}`), "not an array"},
		"values that are no object":  {record(`[]`), "want an object"},
		"no id":                      {`{"data":[{"values":{}}]}`, "without id"},
		"no values":                  {`{"data":[{"id":{"record_id":"r1"}}]}`, "without id or values"},
		"an id that is a number":     {`{"data":[{"id":{"record_id":1},"values":{}}]}`, "want a string"},
		"no data":                    {`{"status":"ok"}`, `no "data"`},
		"data that is null":          {`{"data":null}`, "want an array"},
		"an array":                   {`[]`, "want an object"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := new(Page).decode([]byte(tc.body), false)
			if tc.want != "" {
				require.ErrorContains(t, err, tc.want)
				require.Empty(t, got)
				return
			}
			require.NoError(t, err)
			require.Len(t, got, 1)
			require.Equal(t, "r1", got[0].ID)
			require.Equal(t, map[string]json.RawMessage{"a": json.RawMessage("[]")}, got[0].Values)
			require.Nil(t, got[0].Raw, "not asked for")
		})
	}
}

// TestValuesCannotGrowIntoTheirNeighbours: they are parts of one page.
func TestValuesCannotGrowIntoTheirNeighbours(t *testing.T) {
	body := pageOf(2)
	records, err := new(Page).decode(body, true)
	require.NoError(t, err)
	before := bytes.Clone(body)
	for _, r := range records {
		_ = append(r.Raw, "XXXX"...)
		for _, v := range r.Values {
			_ = append(v, "XXXX"...)
		}
	}
	require.Equal(t, before, body)
}

func FuzzDecodePage(f *testing.F) {
	f.Add(pageOf(2))
	f.Add([]byte(`{"data":[{"id":{"record_id":"r1","object_id":"o1"},"created_at":"c","web_url":"u","values":{"a":null,"b":[{}]}}]}`))
	f.Add([]byte(`{"data":[{"id":{},"id":{}}]}`))
	f.Add([]byte("{\"data\":[{\"id\":{\"record_id\":\"\xff\"}}]}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		got, err := new(Page).decode(body, true)
		if !bytes.Equal(before, body) {
			t.Fatal("the page was written to")
		}
		if err != nil {
			return
		}
		if !jsontext.Value(body).IsValid() {
			t.Fatal("read a page that is not strict JSON")
		}
		var want decoded
		if json.Unmarshal(body, &want) != nil {
			return // it takes names in any case, so it may find what is not ours
		}
		for _, r := range got {
			var raw struct{ Values map[string]json.RawMessage }
			if !json.Valid(r.Raw) || r.ID == "" {
				t.Fatalf("raw record %q", r.Raw)
			}
			_ = json.Unmarshal(r.Raw, &raw)
			for slug, v := range r.Values {
				if v[0] != '[' || !json.Valid(v) {
					t.Fatalf("%s: %q", slug, v)
				}
				for e := range rawjson.Elements(v) {
					if !json.Valid(e) {
						t.Fatalf("element %q", e)
					}
				}
			}
		}
	})
}

func BenchmarkDecodePage(b *testing.B) {
	body := pageOf(500)
	b.Run("jsontext", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if r, err := new(Page).decode(body, false); err != nil || len(r) != 500 {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var d decoded
			if err := json.Unmarshal(body, &d); err != nil || len(d.Data) != 500 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFlatten reads every member of every value too, as an export does.
func BenchmarkFlatten(b *testing.B) {
	body := pageOf(500)
	b.Run("jsontext", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			records, err := new(Page).decode(body, false)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for _, r := range records {
				for _, v := range r.Values {
					for e := range rawjson.Elements(v) {
						for name := range rawjson.Members(e) {
							n += len(name)
						}
					}
				}
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var d decoded
			if err := json.Unmarshal(body, &d); err != nil {
				b.Fatal(err)
			}
			n := 0
			for _, r := range d.Data {
				for _, v := range r.Values {
					var values []map[string]json.RawMessage
					if err := json.Unmarshal(v, &values); err != nil {
						b.Fatal(err)
					}
					for _, e := range values {
						for name := range e {
							n += len(name)
						}
					}
				}
			}
		}
	})
}
