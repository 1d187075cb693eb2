package rawjson_test

import (
	"encoding/json"
	"errors"
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

func TestCheck(t *testing.T) {
	require.NoError(t, rawjson.Check([]byte(` {"a":{"b":[1,2.50,"x"]}} `)))
	for name, tc := range map[string]struct {
		raw       string
		pointer   string
		offset    int64
		duplicate bool
		text      string
	}{
		"a key that stands twice": {`{"a":{"b":1,"b":2}}`, "/a/b", 12, true, "/a/b: the key stands twice (byte 12)"},
		"a bad character":         {`{"a":x}`, "/a", 5, false, "/a: invalid character 'x' at start of value (byte 5)"},
		"cut off":                 {`{"a":[1`, "/a", 7, false, "unexpected EOF (byte 7)"},
		"empty":                   {``, "", 0, false, "unexpected EOF (byte 0)"},
		"more behind":             {`{} {}`, "", 4, false, "more than one document"},
		"not UTF-8":               {"{\"a\":\"\xff\"}", "/a", 6, false, "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			err := rawjson.Check([]byte(tc.raw))
			var e *rawjson.SyntaxError
			require.ErrorAs(t, err, &e)
			require.Equal(t, tc.duplicate, e.Duplicate)
			require.ErrorContains(t, err, tc.text)
			require.Equal(t, tc.offset, e.Offset)
			require.Equal(t, tc.pointer, e.Pointer)
			require.Equal(t, e.Err, errors.Unwrap(err))
		})
	}
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
