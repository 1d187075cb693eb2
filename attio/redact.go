package attio

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands where a key was.
const hidden = "[key]"

// Secret is an API key. It prints, formats, logs and marshals as "[key]"; string(s) is the key itself. Keep it out of
// unexported fields: fmt shows those without asking their methods.
type Secret string

// String returns "[key]", or "" for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// Format writes String for every verb and flag, %x and %q included.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		_, _ = io.WriteString(f, s.GoString())
		return
	}
	_, _ = io.WriteString(f, s.String())
}

// MarshalText is String, so that no JSON document can hold the key.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// credentials is the value of an Authorization header wherever it turns up: a proxy's error page may show one that is
// not ours.
var credentials = regexp.MustCompile(`(?i)(bearer|basic)\s+[A-Za-z0-9._~+/=-]{20,}`)

// newRedactor makes the function through which every text passes that may have come from outside. It takes out the
// key as it is, and as it would stand in a URL, in JSON, in a Go string and in HTTP Basic, and the value of any
// Authorization header.
func newRedactor(key string) func(string) string {
	quoted, _ := json.Marshal(key)
	pairs := []string{key, hidden}
	for _, form := range []string{
		inner(string(quoted)), inner(strconv.Quote(key)), url.QueryEscape(key), url.PathEscape(key),
		base64.StdEncoding.EncodeToString([]byte(key + ":")), base64.StdEncoding.EncodeToString([]byte(key)),
	} {
		pairs = append(pairs, form, hidden, strings.TrimRight(form, "="), hidden)
	}
	r := strings.NewReplacer(pairs...)
	return func(s string) string {
		return credentials.ReplaceAllString(r.Replace(s), "$1 "+hidden)
	}
}

// inner is a quoted text without its quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// clean makes a text from outside fit to show: no key, no control characters (a terminal obeys those), valid UTF-8,
// at most limit bytes. The key goes first, so that the cut cannot leave half of it.
func (c *Client) clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(c.redact(s), "\uFFFD"))
	if len(s) <= limit {
		return s
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// cleanError keeps an error as it is where its text holds no key; else only its text is kept, without the key.
func (c *Client) cleanError(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if clean := c.redact(text); clean != text {
		return redacted(clean)
	}
	return err
}

// redacted is an error whose chain showed a key, and was dropped with it.
type redacted string

func (r redacted) Error() string { return string(r) }
