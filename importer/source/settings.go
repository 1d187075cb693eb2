package source

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/layout"
)

// said is what Options and, where they are silent, the mapping say of the file. What a mapping says of another kind of
// file than this one is not meant for it.
func (o *Options) said(isBook, isJSON bool) Dialect {
	d := o.Dialect
	if o.FirstLine && !isJSON {
		d.SkipFooter = new(int)
		if isBook {
			d.Sheet = cmp.Or(d.Sheet, "1")
		} else {
			d.Quote, d.Escape = `"`, "double"
		}
		return d
	}
	if o.Mapping == nil || isJSON {
		return d
	}
	m := o.Mapping.Table
	d.HeaderRow = cmp.Or(d.HeaderRow, m.HeaderRow)
	if d.SkipFooter == nil {
		d.SkipFooter = m.SkipFooter
	}
	if isBook {
		d.Sheet = cmp.Or(d.Sheet, m.Sheet)
		return d
	}
	d.Delimiter, d.Encoding = cmp.Or(d.Delimiter, m.Delimiter), cmp.Or(d.Encoding, m.Encoding)
	d.Quote, d.Escape = cmp.Or(d.Quote, m.Quote), cmp.Or(d.Escape, m.Escape)
	return d
}

// saidForm reads what was said of delimiter and quotes.
func (in *File) saidForm() (said layout.Said, err error) {
	if in.d.Delimiter != "" {
		form, ok := delimiterOf(in.d.Delimiter)
		if !ok {
			return said, in.fault("FIL008", fmt.Sprintf("%q cannot be a delimiter: it is one character, or the word tab",
				in.d.Delimiter)).set(Delimiter, ";", "tab")
		}
		said.Delimiter = &form
	}
	if in.d.Quote != "" {
		quotes := map[string]rune{`"`: '"', "double": '"', "'": '\'', "single": '\'', "none": 0}
		q, ok := quotes[strings.ToLower(in.d.Quote)]
		if !ok {
			return said, in.fault("FIL008", fmt.Sprintf("quote %q is not known", in.d.Quote)).set(Quote, `"`, "'", "none")
		}
		said.Quote = &q
	}
	if in.d.Escape != "" {
		escapes := map[string]bool{"double": false, `"`: false, `""`: false, "'": false, "''": false, "none": false,
			"backslash": true, `\`: true}
		backslash, ok := escapes[strings.ToLower(in.d.Escape)]
		if !ok {
			return said, in.fault("FIL008", fmt.Sprintf("escape %q is not known", in.d.Escape)).
				set(Escape, "double", "backslash")
		}
		said.Backslash = &backslash
	}
	return said, nil
}

// saidHeader reads what was said of the header; nil for nothing.
func (in *File) saidHeader() (*layout.Header, error) {
	s := strings.ToLower(strings.TrimSpace(in.d.HeaderRow))
	switch s {
	case "":
		return nil, nil
	case "none":
		return &layout.Header{}, nil
	}
	from, to, two := strings.Cut(s, "-")
	first, err := strconv.Atoi(from)
	last := first
	if two && err == nil {
		last, err = strconv.Atoi(to)
	}
	if err != nil || first < 1 || last < first || last > first+9 {
		return nil, in.fault("FIL008", fmt.Sprintf("header row %q is not known: it is the number of a line, "+
			"such as 3, or 3-4 for a header of two lines, or none", in.d.HeaderRow)).set(HeaderRow, "1", "none")
	}
	return &layout.Header{First: first, Last: last}, nil
}

// footer is how many rows at the end are left out.
func (in *File) footer() int {
	if in.d.SkipFooter == nil {
		return 0
	}
	return *in.d.SkipFooter
}

// misfit refuses settings that the format does not have.
func (in *File) misfit() error {
	isBook, d := in.format == "xlsx", in.o.Dialect
	for _, s := range []struct {
		wrong   bool
		text    string
		setting Setting
	}{
		{isBook && d.Delimiter != "", "a workbook has no delimiter", Delimiter},
		{isBook && d.Encoding != "", "a workbook has an encoding of its own", Encoding},
		{isBook && d.Quote != "", "a workbook has no quotes", Quote},
		{isBook && d.Escape != "", "a workbook has no quotes to escape", Escape},
		{!isBook && d.Sheet != "", "only a workbook has sheets, and this file is none", Sheet},
		{in.isJSON() && d.Delimiter != "", "JSON has no delimiter", Delimiter},
		{in.isJSON() && d.Quote != "", "JSON has quotes of its own", Quote},
		{in.isJSON() && d.Escape != "", "JSON has escapes of its own", Escape},
		{in.isJSON() && d.HeaderRow != "", "JSON has no header", HeaderRow},
		{in.isJSON() && d.SkipFooter != nil, "JSON has no rows below its rows", SkipFooter},
	} {
		if s.wrong {
			return in.fault("FIL008", s.text).set(s.setting)
		}
	}
	if in.footer() < 0 {
		return in.fault("FIL008", "the number of rows to skip at the end is below 0").set(SkipFooter, "0")
	}
	return nil
}

// pinned are the settings with which the file is read as it is now, whatever else could be detected; rest is how many
// rows belong to other tables below.
func (in *File) pinned(rest int) Dialect {
	d := in.o.Dialect
	d.Format = in.format
	if in.isJSON() {
		return d
	}
	n := in.footer() + rest
	d.HeaderRow, d.SkipFooter = in.layout.Header.String(), &n
	if in.format == "xlsx" {
		d.Sheet = in.sheet
		return d
	}
	d.Delimiter, d.Encoding, d.Quote, d.Escape = delimiterName(in.form.Form), in.enc.Name, "none", "double"
	if q := in.form.Quote; q != 0 {
		d.Quote = string(q)
	}
	if in.form.Backslash {
		d.Escape = "backslash"
	}
	return d
}
