package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func TestAcceptedDates(t *testing.T) {
	day := func(format string) mapfile.Column { return mapfile.Column{Attribute: "day", Format: format} }
	at := func(format string) mapfile.Column { return mapfile.Column{Attribute: "at", Format: format} }
	berlin := mapfile.Column{Attribute: "at", Timezone: "Europe/Berlin"}
	for _, tt := range []struct {
		column mapfile.Column
		cells  []string
		want   string
	}{
		{day(""), []string{"2024-07-14", " 2024-07-14 ", "2024-07-14T23:59", "2024-07-14 10:00:00",
			"2024-07-14T15:00:00.000000000", "2024-07-14T15:00:00.000000000+02:00", "2024-07-13T23:00:00-10:00"}, "2024-07-14"},
		{day(""), []string{"2023", "2023-01", "2023-01-01"}, "2023-01-01"},
		{day("iso"), []string{"9999-12-31"}, "9999-12-31"},
		{day(""), []string{"2024-02-29"}, "2024-02-29"},
		{day("european"), []string{"14/07/2024", "14-07-2024", "14 07 2024", "14/7/2024", "14.07.2024", "14 Jul 2024",
			"14 Jul, 2024", "14 July 2024", "14th July 2024", "14th July, 2024"}, "2024-07-14"},
		{day("american"), []string{"07/14/2024", "07-14-2024", "07 14 2024", "7/14/2024", "Jul 14 2024", "Jul 14, 2024",
			"July 14 2024", "July 14th 2024", "July 14th, 2024"}, "2024-07-14"},
		{day("european"), []string{"1st Sept 2024", "01/09/2024"}, "2024-09-01"},
		{day("DD/MM/YYYY"), []string{"14/07/2024"}, "2024-07-14"},
		{day("D.M.YY"), []string{"14.7.24"}, "2024-07-14"},
		{day("D.M.YY"), []string{"14.7.69"}, "1969-07-14"},
		{day("YYYYMMDD"), []string{"20240714"}, "2024-07-14"},
		{day("D MMMM YYYY"), []string{"14 july 2024"}, "2024-07-14"},
		{day("excel"), []string{"45487", "45487.75"}, "2024-07-14"},
		{day("excel"), []string{"59"}, "1900-02-28"},
		{day("excel"), []string{"61"}, "1900-03-01"},
		{day("excel1904"), []string{"44025"}, "2024-07-14"},
		{day("unix"), []string{"1720951200"}, "2024-07-14"},
		{at(""), []string{"2024-11-01", "2024-11", "2024-11-01T00:00", "2024-11-01T00", "2024-11-01T02:00+02:00",
			"2024-11-01T02:00+0200", "2024-11-01T02:00:00+02"}, "2024-11-01T00:00:00.000000000Z"},
		{at(""), []string{"2024-11-01T01:02:03.456789234Z", "2024-11-01 01:02:03.456789234000"},
			"2024-11-01T01:02:03.456789234Z"},
		{at(""), []string{"2024-11-01T01:02:03.4"}, "2024-11-01T01:02:03.400000000Z"},
		{at(""), []string{"9999-12-31T23:59:59.999999999Z"}, "9999-12-31T23:59:59.999999999Z"},
		{at("european"), []string{"14/07/2024 10:30", "14 Jul 2024, 10:30:00", "14.07.2024 10:30 AM",
			"14.07.2024 12:30 +02:00"}, "2024-07-14T10:30:00.000000000Z"},
		{at("american"), []string{"7/14/2024 10:30 PM", "Jul 14, 2024 22:30", "07/14/2024 10:30pm"},
			"2024-07-14T22:30:00.000000000Z"},
		{at("american"), []string{"7/14/2024 12:00 am"}, "2024-07-14T00:00:00.000000000Z"},
		{at("DD.MM.YYYY HH:mm:ss"), []string{"14.07.2024 10:30:05"}, "2024-07-14T10:30:05.000000000Z"},
		{at("YYYY-MM-DD h:mm A Z"), []string{"2024-07-14 1:30 PM +02:00"}, "2024-07-14T11:30:00.000000000Z"},
		{at("YYYY-MM-DD HH:mm:ss,SSS"), []string{"2024-07-14 01:02:03,250"}, "2024-07-14T01:02:03.250000000Z"},
		{at("excel"), []string{"45487.4375"}, "2024-07-14T10:30:00.000000000Z"},
		{at("unix"), []string{"1720952999.5"}, "2024-07-14T10:29:59.500000000Z"},
		{at("unix"), []string{"-1"}, "1969-12-31T23:59:59.000000000Z"},
		{at("unix"), []string{"-1.25"}, "1969-12-31T23:59:58.750000000Z"},
		{at("unix-ms"), []string{"-1250", "-1250.0"}, "1969-12-31T23:59:58.750000000Z"},
		{day("unix"), []string{"-20000000000"}, "1336-03-23"},
		{day("unix-ms"), []string{"-20000000000000"}, "1336-03-23"},
		{at("unix-ms"), []string{"1720952999500"}, "2024-07-14T10:29:59.500000000Z"},
		{berlin, []string{"2024-07-14T12:00", "2024-07-14T10:00Z"}, "2024-07-14T10:00:00.000000000Z"},
		{berlin, []string{"2024-01-14T12:00"}, "2024-01-14T11:00:00.000000000Z"},
		{berlin, []string{"2024-10-27T02:30+02:00"}, "2024-10-27T00:30:00.000000000Z"},
		{berlin, []string{"2024-03-31T03:00"}, "2024-03-31T01:00:00.000000000Z"},
		{berlin, []string{"2024-10-27T03:00"}, "2024-10-27T02:00:00.000000000Z"},
		{berlin, []string{"2024-10-27"}, "2024-10-26T22:00:00.000000000Z"},
		// A day is its first instant, also where a change of clocks skips or repeats midnight.
		{mapfile.Column{Attribute: "at", Timezone: "America/Sao_Paulo"}, []string{"2017-10-15"},
			"2017-10-15T03:00:00.000000000Z"},
		{mapfile.Column{Attribute: "at", Timezone: "America/Sao_Paulo"}, []string{"2018-02-18"},
			"2018-02-18T03:00:00.000000000Z"},
		{mapfile.Column{Attribute: "at", Timezone: "Africa/Cairo"}, []string{"2024-04-26"}, "2024-04-25T22:00:00.000000000Z"},
		{mapfile.Column{Attribute: "at", Timezone: "Asia/Beirut", Format: "european"}, []string{"31/03/2024"},
			"2024-03-30T22:00:00.000000000Z"},
		{mapfile.Column{Attribute: "at", Timezone: "America/Havana"}, []string{"2024-11-03"},
			"2024-11-03T04:00:00.000000000Z"},
		{mapfile.Column{Attribute: "at", Timezone: "Pacific/Apia"}, []string{"2011-12-31"}, "2011-12-30T10:00:00.000000000Z"},
	} {
		for _, cell := range tt.cells {
			t.Run(tt.column.Format+"/"+cell, func(t *testing.T) {
				p, rec, errs := cellOf(t, tt.column, Cell{Text: cell})
				require.Empty(t, errs)
				require.JSONEq(t, `{"`+tt.column.Attribute+`":"`+tt.want+`"}`, string(p.Encode(nil, rec.Fields)))
			})
		}
	}
}

func TestRefusedDates(t *testing.T) {
	for _, tt := range []struct {
		column  mapfile.Column
		cell    string
		code    string
		message string
		fix     string
	}{
		{mapfile.Column{Attribute: "day"}, "tomorrow", value.CodeDate, `"tomorrow" is not a date`, ""},
		{mapfile.Column{Attribute: "day"}, "31/12/2024", value.CodeDateFormat,
			`"31/12/2024" is not an ISO date; it fits european`, "format: european"},
		{mapfile.Column{Attribute: "day"}, "Jan 5 2024", value.CodeDateFormat,
			`"Jan 5 2024" is not an ISO date; it fits american`, "format: american"},
		{mapfile.Column{Attribute: "day"}, "03/04/2024", value.CodeDateFormat,
			`"03/04/2024" is not an ISO date; it fits european and american`, "format: european # or american"},
		{mapfile.Column{Attribute: "day"}, "45487", value.CodeSerial,
			`"45487" is a spreadsheet's serial number: 2024-07-14, or 2028-07-15 if the file counts from 1904 (format: ` +
				`excel1904)`, "format: excel"},
		{mapfile.Column{Attribute: "day"}, "2024-02-30", value.CodeNoSuchDay, `"2024-02-30" does not exist`, ""},
		{mapfile.Column{Attribute: "day"}, "2023-02-29", value.CodeNoSuchDay, `"2023-02-29" does not exist`, ""},
		{mapfile.Column{Attribute: "day"}, "2024-13-01", value.CodeNoSuchDay, `"2024-13-01" does not exist`, ""},
		{mapfile.Column{Attribute: "day"}, "0000-01-01", value.CodeDateRange, `"0000-01-01" is outside the years 1 to 9999`,
			""},
		{mapfile.Column{Attribute: "day"}, "9999-12-31T23:00-02:00", value.CodeDateRange,
			`"9999-12-31T23:00-02:00" is outside the years 1 to 9999`, ""},
		{mapfile.Column{Attribute: "day"}, "10000-01-01", value.CodeDate, `"10000-01-01" is not a date`, ""},
		{mapfile.Column{Attribute: "day"}, "24-07-14", value.CodeDate, `"24-07-14" is not a date`, ""},
		{mapfile.Column{Attribute: "day", Format: "european"}, "07/14/2024", value.CodeNoSuchDay,
			`"07/14/2024" does not exist`, ""},
		{mapfile.Column{Attribute: "day", Format: "european"}, "2024-07-14", value.CodeDateFormat,
			`"2024-07-14" does not fit the format european`, ""},
		{mapfile.Column{Attribute: "day", Format: "DD/MM/YYYY"}, "1/7/2024", value.CodeDateFormat,
			`"1/7/2024" does not fit the format DD/MM/YYYY`, ""},
		{mapfile.Column{Attribute: "day", Format: "excel"}, "60", value.CodeDateFormat, `"60" does not fit the format excel`,
			""},
		{mapfile.Column{Attribute: "day", Format: "excel"}, "2024-07-14", value.CodeDateFormat,
			`"2024-07-14" does not fit the format excel`, ""},
		{mapfile.Column{Attribute: "at"}, "2024-07-14T25:00", value.CodeNoSuchDay, `"2024-07-14T25:00" does not exist`, ""},
		{mapfile.Column{Attribute: "at"}, "2024-07-14T10:00 Berlin", value.CodeDate,
			`"2024-07-14T10:00 Berlin" is not a date`, ""},
		{mapfile.Column{Attribute: "at", Format: "unix"}, "1720952999500", value.CodeDateRange,
			`"1720952999500" would be in the year 56504`, "format: unix-ms"},
		{mapfile.Column{Attribute: "at", Timezone: "Europe/Berlin"}, "2024-03-31T02:30", value.CodeClockChange,
			`"2024-03-31T02:30" was skipped by a change of clocks in Europe/Berlin`, ""},
		{mapfile.Column{Attribute: "at", Timezone: "America/Sao_Paulo"}, "2017-10-15T00:00", value.CodeClockChange,
			`"2017-10-15T00:00" was skipped by a change of clocks in America/Sao_Paulo`, ""},
		{mapfile.Column{Attribute: "at", Timezone: "Pacific/Apia"}, "2011-12-30", value.CodeClockChange,
			`"2011-12-30" was skipped by a change of clocks in Pacific/Apia`, ""},
		{mapfile.Column{Attribute: "at", Timezone: "Europe/Berlin"}, "2024-10-27T02:30", value.CodeClockChange,
			`"2024-10-27T02:30" happened twice, by a change of clocks, in Europe/Berlin`, ""},
	} {
		t.Run(tt.cell, func(t *testing.T) {
			_, _, errs := cellOf(t, tt.column, Cell{Text: tt.cell})
			require.Len(t, errs, 1)
			require.Equal(t, []string{tt.code, tt.message, tt.fix}, []string{errs[0].Code, errs[0].Message, errs[0].Fix})
		})
	}
}

func TestFormatsThatAreNone(t *testing.T) {
	for format, want := range map[string]string{"DD/MM": "it has no year (YYYY or YY)",
		"YYY-MM-DD": `"YYY" is no token of a date format`, "YYYY-MM-DD DD": `the token "DD" stands twice`} {
		_, err := value.ParseFormat(format)
		require.EqualError(t, err, want)
	}
}
