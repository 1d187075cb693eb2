package attio

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// oddKey has characters that stand otherwise in a URL and in JSON.
const oddKey = `0123456789abcdef+/=&<"\'0123456789abcdef0123456789abcdef012345678`

func TestNothingPrintsTheKey(t *testing.T) {
	for _, key := range []string{testKey, oddKey} {
		o := Options{Key: Secret(key)}
		c, err := New(o)
		require.NoError(t, err)
		nested := struct{ private *Options }{&o}
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", o.Key, "options", o, "client", c)
		text := log.String()
		text += fmt.Sprintf("%v %+v %#v", nested, nested, nested)
		for _, v := range []any{o, &o, o.Key, c, []any{o.Key}, map[string]Secret{"key": o.Key}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
				text += fmt.Sprintf(verb, v) + "\n"
			}
		}
		b, err := json.Marshal(map[string]any{"key": o.Key})
		require.NoError(t, err)
		text += string(b)
		for _, form := range []string{key, key[:20], fmt.Sprintf("%x", key), fmt.Sprintf("%X", key)} {
			require.NotContains(t, text, form)
		}
		require.Contains(t, text, hidden)
	}
	require.Empty(t, fmt.Sprint(Secret("")))
	require.Equal(t, `""`, fmt.Sprintf("%#v", Secret("")))
}

// TestNoErrorHoldsTheKey: a server, a proxy and a transport that echo the key in every place there is.
func TestNoErrorHoldsTheKey(t *testing.T) {
	for _, key := range []string{testKey, oddKey} {
		quoted, err := json.Marshal(key)
		require.NoError(t, err)
		echo := strings.Trim(string(quoted), `"`)
		body := func(s string) string {
			return `{"status_code":400,"type":"` + s + `","code":"` + s + `","message":"` + s + ` attribute with slug \"x` + s +
				`\"","path":["` + s +
				`"],"validation_errors":[{"code":"` + s + `","path":["` + s + `"],"message":"` + s + `","expected":"` + s +
				`","received":"` + s + `"}]}`
		}
		basic := base64.StdEncoding.EncodeToString([]byte(key + ":"))
		for name, answer := range map[string]step{
			"in every field":           answering(400, body(echo), "X-Attio-Execution-Id", key),
			"as a header":              answering(400, body("Authorization: Bearer "+echo)),
			"as Basic":                 answering(401, body("Basic "+basic)),
			"at the cut of a message":  answering(400, body(strings.Repeat("x", maxMessage-30)+echo)),
			"somebody else's header":   answering(407, body("Bearer "+strings.Repeat("z", 40))),
			"as text":                  answering(503, key),
			"in the transport's error": failing(fmt.Errorf("proxy said %q: %s", key, key)),
			"in a dial's error":        failing(&net.OpError{Op: "dial", Err: errors.New(key)}),
			"in an answer of success":  answering(200, `[`+string(quoted)+`]`),
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					text := ""
					c, err := New(Options{Key: Secret(key), Transport: playing(answer),
						Observe: func(e Event) { text += fmt.Sprintf("%+v\n", e) }})
					require.NoError(t, err)
					for _, call := range calls(c) {
						_, err := call(t.Context(), nil)
						require.Error(t, err)
						var e *Error
						require.ErrorAs(t, err, &e)
						text += fmt.Sprintf("%v %+v %#v %v\n", err, *e, *e, errors.Unwrap(err))
					}
					for _, form := range []string{key, key[:24], key[len(key)-24:], basic, echo, strings.Repeat("z", 40)} {
						require.NotContains(t, text, form)
					}
				})
			})
		}
	}
}

// TestRedactionLeavesWordsAlone: what is no credential stays.
func TestRedactionLeavesWordsAlone(t *testing.T) {
	c := newTestClient(t, playing(
		answering(403, attioError(403, CodeBilling, "The basic subscription has no lists; the bearer of this key may not."))))
	_, err := c.CreateRecord(context.Background(), "users", nil, nil)
	require.ErrorContains(t, err, "The basic subscription has no lists; the bearer of this key may not")
}

// TestCausesSurvive: only an error that shows the key loses its chain.
func TestCausesSurvive(t *testing.T) {
	cause := &net.OpError{Op: "read", Err: errors.New("reset")}
	c := newTestClient(t, roundTrip(
		func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("wrapped: %w", cause) }))
	_, err := c.CreateRecord(context.Background(), "users", nil, nil)
	require.ErrorIs(t, err, cause)
}
