package rawjson_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

func TestMembersAndElements(t *testing.T) {
	raw := json.RawMessage(` {"a":1,"b\u0063":"x","full_name":{"n":[1,2]},"d":[ ]} `)
	var names, values []string
	for name, v := range rawjson.Members(raw) {
		names, values = append(names, name), append(values, string(v))
		for range rawjson.Members(v) { // nested walks keep out of each other's way
			break
		}
	}
	require.Equal(t, []string{"a", "bc", "full_name", "d"}, names)
	require.Equal(t, []string{"1", `"x"`, `{"n":[1,2]}`, "[ ]"}, values)

	values = nil
	for v := range rawjson.Elements(json.RawMessage(`[1, "two", {"three":3}, null]`)) {
		values = append(values, string(v))
	}
	require.Equal(t, []string{"1", `"two"`, `{"three":3}`, "null"}, values)

	for name := range rawjson.Members(raw) {
		require.Equal(t, "a", name)
		break
	}
	for _, other := range []string{``, `[1]`, `1`, `null`, `"x"`, `nonsense`} {
		for range rawjson.Members(json.RawMessage(other)) {
			t.Errorf("%s has members", other)
		}
	}
	for _, other := range []string{``, `{"a":1}`, `1`, `null`, `"x"`, `nonsense`} {
		for range rawjson.Elements(json.RawMessage(other)) {
			t.Errorf("%s has elements", other)
		}
	}
	n := 0
	for range rawjson.Elements(json.RawMessage(`[1,2,nonsense,3]`)) {
		n++
	}
	require.Equal(t, 2, n, "a walk ends at a fault")
}

func TestStrings(t *testing.T) {
	for _, s := range []string{"", "plain", `"quoted" \ and`, "line\nbreak\ttab\x00", "é 🎉", "</script>"} {
		quoted := rawjson.AppendString([]byte("x"), s)
		require.Equal(t, byte('x'), quoted[0])
		var back string
		require.NoError(t, json.Unmarshal(quoted[1:], &back))
		require.Equal(t, s, back)
		back, ok := rawjson.Unquote(quoted[1:])
		require.True(t, ok)
		require.Equal(t, s, back)
	}
	for _, raw := range []string{``, `"`, `1`, `null`, `{}`, `"a`, `"a"b`, `"\x"`} {
		_, ok := rawjson.Unquote(json.RawMessage(raw))
		require.False(t, ok, raw)
	}
	require.Equal(t, "\"\uFFFD\"", string(rawjson.AppendString(nil, "\xff")))
}

// Any bytes are walked without a panic, and a document that is JSON as a JSON reader sees it.
func FuzzWalk(f *testing.F) {
	f.Add([]byte(`[{"a":"x\"y","b":[1,{"c":null}]},2]`))
	f.Add([]byte(`{"a":`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := 0
		for one := range rawjson.Elements(raw) {
			rawjson.Member(one, "a")
			n++
		}
		var want []json.RawMessage
		if json.Unmarshal(raw, &want) == nil && want != nil {
			require.Len(t, want, n)
		}
	})
}
