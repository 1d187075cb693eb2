package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// Every prefix of the longest time that Attio's own importer names, from the first character to the last: what is one
// instant is taken, and what is cut inside a field is refused.
func TestEveryPrefixOfATime(t *testing.T) {
	const (
		whole = "2024-11-01T01:02:03.456789234Z"
		year  = "2024-01-01T00:00:00.000000000Z"
		month = "2024-11-01T00:00:00.000000000Z"
		hour  = "2024-11-01T01:00:00.000000000Z"
		min   = "2024-11-01T01:02:00.000000000Z"
		sec   = "2024-11-01T01:02:03.000000000Z"
	)
	refused := func(message, accepted, fix string) []string { return []string{message, accepted, fix} }
	inYear := func(s string) []string {
		return refused(`"`+s+`" is not a date`, "", "")
	}
	want := []any{
		inYear("2"), inYear("20"), inYear("202"),
		year, // 2024
		year, // 2024-
		refused(`"2024-1" ends inside the month`,
			"the month in two digits, such as 2024-01; where the whole column holds months, `format: YYYY-M`", ""),
		month, // 2024-11
		month, // 2024-11-
		refused(`"2024-11-0" ends inside the day`, "the day in two digits, such as 2024-11-01", ""),
		month, // 2024-11-01
		month, // 2024-11-01T
		refused(`"2024-11-01T0" ends inside the hour`, "the hour in two digits, such as 2024-11-01T00", ""),
		hour, // 2024-11-01T01
		hour, // 2024-11-01T01:
		refused(`"2024-11-01T01:0" ends inside the minutes`, "the minutes in two digits, such as 2024-11-01T01:00", ""),
		min, // 2024-11-01T01:02
		min, // 2024-11-01T01:02:
		refused(`"2024-11-01T01:02:0" ends inside the seconds`, "the seconds in two digits, such as 2024-11-01T01:02:00", ""),
		sec, // 2024-11-01T01:02:03
		sec, // 2024-11-01T01:02:03.
		"2024-11-01T01:02:03.400000000Z",
		"2024-11-01T01:02:03.450000000Z",
		"2024-11-01T01:02:03.456000000Z",
		"2024-11-01T01:02:03.456700000Z",
		"2024-11-01T01:02:03.456780000Z",
		"2024-11-01T01:02:03.456789000Z",
		"2024-11-01T01:02:03.456789200Z",
		"2024-11-01T01:02:03.456789230Z",
		"2024-11-01T01:02:03.456789234Z",
		"2024-11-01T01:02:03.456789234Z",
	}
	require.Len(t, want, len(whole))
	for i, w := range want {
		cell := whole[:i+1]
		t.Run(cell, func(t *testing.T) {
			for _, slug := range []string{"at", "day"} {
				p, rec, errs := cellOf(t, mapfile.Column{Attribute: slug}, Cell{Text: cell})
				if why, bad := w.([]string); bad {
					require.Len(t, errs, 1)
					if why[1] == "" {
						why = []string{why[0], value.Form(p.Object.Attribute(slug).Type), why[2]}
					}
					require.Equal(t, value.CodeDate, errs[0].Code)
					require.Equal(t, why[0], errs[0].Message)
					require.Equal(t, why[1], errs[0].Accepted)
					require.Equal(t, why[2], errs[0].Fix)
					continue
				}
				require.Empty(t, errs)
				stamp := w.(string)
				if slug == "day" {
					stamp = stamp[:10]
				}
				require.JSONEq(t, `{"`+slug+`":"`+stamp+`"}`, string(p.Encode(nil, rec.Fields)))
			}
		})
	}
}

// What stands beside the prefixes: other cuts, and texts that a prefix could be taken for.
func TestNoPrefixOfATime(t *testing.T) {
	for _, tt := range []struct{ cell, code, message, fix string }{
		{"2024-4", value.CodeDate, `"2024-4" ends inside the month`, ""},
		{"2024-0", value.CodeDate, `"2024-0" ends inside the month`, ""},
		{"2024-11-3", value.CodeDate, `"2024-11-3" ends inside the day`, "format: YYYY-M-D"},
		{"2024-11-01T1", value.CodeDate, `"2024-11-01T1" ends inside the hour`, ""},
		{"2024-13-", value.CodeNoSuchDay, `"2024-13-" does not exist`, ""},
		{"2024-11-31T", value.CodeNoSuchDay, `"2024-11-31T" does not exist`, ""},
		{"2024-11-01T24:", value.CodeNoSuchDay, `"2024-11-01T24:" does not exist`, ""},
		{"2024--", value.CodeDate, `"2024--" is not a date`, ""},
		{"2024-11T", value.CodeDate, `"2024-11T" is not a date`, ""},
		{"2024-11-01T:", value.CodeDate, `"2024-11-01T:" is not a date`, ""},
		{"2024-11-01TZ", value.CodeDate, `"2024-11-01TZ" is not a date`, ""},
		{"2024-11-01T01:Z", value.CodeDate, `"2024-11-01T01:Z" is not a date`, ""},
		{"2024-11-01T01:02:03.Z", value.CodeDate, `"2024-11-01T01:02:03.Z" is not a date`, ""},
		// half a minute to ISO 8601, half a second to others
		{"2024-11-01T01:02.5", value.CodeDate, `"2024-11-01T01:02.5" is not a date`, ""},
		{"2024-11-01T01:02:03+", value.CodeDate, `"2024-11-01T01:02:03+" ends inside the zone`, ""},
		{"2024-11-01T01:02:03+0", value.CodeDate, `"2024-11-01T01:02:03+0" ends inside the zone`, ""},
		{"2024-11-01T01:02:03+02:", value.CodeDate, `"2024-11-01T01:02:03+02:" ends inside the zone`, ""},
		{"2024-11-01T01:02:03+02:3", value.CodeDate, `"2024-11-01T01:02:03+02:3" ends inside the zone`, ""},
		{"2024-7-4", value.CodeDateFormat, `"2024-7-4" is not an ISO date; it fits YYYY-M-D`, "format: YYYY-M-D"},
		{"2024/07/04", value.CodeDateFormat, `"2024/07/04" is not an ISO date; it fits YYYY/M/D`, "format: YYYY/M/D"},
		{"2024.07.04", value.CodeDateFormat, `"2024.07.04" is not an ISO date; it fits YYYY.M.D`, "format: YYYY.M.D"},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			_, _, errs := cellOf(t, mapfile.Column{Attribute: "at"}, Cell{Text: tt.cell})
			require.Len(t, errs, 1)
			require.Equal(t, []string{tt.code, tt.message, tt.fix}, []string{errs[0].Code, errs[0].Message, errs[0].Fix})
		})
	}
}
