package mapping

import "github.com/attio-bulk/attio-bulk/attio/rawjson"

// memberText is the text of one member of an object; "" where it is missing or null.
func memberText(raw []byte, name string) string {
	text, _ := rawjson.Unquote(rawjson.Member(raw, name))
	return text
}

// quote appends text as a JSON string. Bytes that are not UTF-8 were refused when the cell was read.
func quote(dst []byte, text string) []byte {
	return rawjson.AppendString(dst, text)
}

// quoteOrNull appends text as a JSON string, or null where it is empty.
func quoteOrNull(dst []byte, text string) []byte {
	if text == "" {
		return append(dst, "null"...)
	}
	return quote(dst, text)
}
