package mapping

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
	"github.com/attio-bulk/attio-bulk/mapping/mapfile"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

// readParts reads a name or a location from the cells of its parts, or from one cell.
func (r *reading) readParts(e *entry, f *value.Field) {
	v := newValue(f)
	if e.whole != nil {
		r.readPart(e.whole, f, v)
	} else {
		v.Parts = make([]string, len(value.Parts(e.attr.Type)))
		for _, s := range e.parts {
			r.readPart(s, f, v)
		}
	}
	if f.Parts == 0 {
		f.Values = f.Values[:0]
		return
	}
	if e.attr.Type == attio.TypePersonalName {
		full := v.Parts[value.FullName]
		if len(e.parts) == 1 && f.Parts == 1<<value.FullName && full != "" { // nothing else can say how it divides
			_ = e.parts[0].Read(value.TextCell, full, v)
		}
		v.Text = cmp.Or(v.Parts[value.FullName], value.JoinName(v.Parts[value.FirstName], v.Parts[value.LastName]))
	}
	if f.Clear = value.BlankParts(v) && allParts(e, f.Parts); f.Clear {
		f.Values = f.Values[:0]
	}
}

// readPart reads one cell that holds a part of a name or location, or the whole.
func (r *reading) readPart(s *column, f *value.Field, v *value.Value) {
	text, kind, bad := s.read(r.rec.Row)
	whole := s.part < 0
	switch {
	case bad != nil:
	case kind == value.JSONCell && whole:
		bad = refusal(value.CodeShape, "a JSON value is not a "+string(s.Attr.Type), s.Attr)
	case kind == value.JSONCell:
		bad = &value.Refusal{Code: value.CodeShape, Message: "a JSON value is no part of a " + string(s.Attr.Type),
			Accepted: "text"}
	case text == "" && (whole || s.blank != mapfile.BlankClear):
		r.blank(s, f)
		return
	case whole:
		bad = s.Read(kind, text, v)
	case text != "":
		v.Parts[s.part], bad = s.ReadPart(s.part, text)
	}
	switch {
	case bad != nil:
		r.refuse(s, r.offset(s, text), text, bad)
	case whole:
		f.Parts = partsSaid(s.Attr.Type, text, v.Parts)
	default:
		f.Parts |= 1 << s.part
	}
}

// allParts reports whether a mask names every part, a full name aside, which the other two make.
func allParts(e *entry, mask uint16) bool {
	all := uint16(1)<<len(value.Parts(e.attr.Type)) - 1
	return mask == all || e.attr.Type == attio.TypePersonalName && mask&3 == 3
}

// partsSaid tells which parts one cell speaks of: a full name says nothing of how it is divided, "Last, First" says
// both.
func partsSaid(t attio.Type, text string, parts []string) uint16 {
	if t == attio.TypePersonalName {
		if parts[value.FullName] == text {
			return 1 << value.FullName
		}
		return 1<<value.FirstName | 1<<value.LastName
	}
	var mask uint16
	for i, p := range parts {
		if p != "" {
			mask |= 1 << i
		}
	}
	return mask
}

// checkCurrency refuses a currency code other than the attribute's: amounts are stored in that and no other.
func (r *reading) checkCurrency(e *entry, f *value.Field) {
	text, _, bad := e.code.read(r.rec.Row)
	if bad == nil && text != "" && !strings.EqualFold(text, e.attr.CurrencyCode) {
		bad = &value.Refusal{Code: value.CodeCurrency, Accepted: e.attr.CurrencyCode,
			Message: fmt.Sprintf("%q is not the currency of %s, which is %q", text, e.attr.Slug, e.attr.CurrencyCode)}
	}
	if bad != nil && e.code.drop { // it is the amount that is left out
		bad.Leave = true
		r.refuse(e.whole, -1, "", bad)
		f.Values = f.Values[:0]
		return
	}
	if bad != nil {
		r.refuse(e.code, -1, text, bad)
		f.Values = f.Values[:0]
		return
	}
	f.Values[0].Code = e.attr.CurrencyCode
}

// leaveOut drops a value silently: its refusal has been reported for another cell.
var leaveOut = &value.Refusal{}

// phoneBeside reads a phone number whose country stands in another column, one for each number or one for all.
func (r *reading) phoneBeside(e *entry, text string, nth int, v *value.Value) *value.Refusal {
	codes := r.phoneCountries(e)
	code := ""
	switch {
	case len(codes) == 1:
		code = codes[0]
	case nth < len(codes):
		code = codes[nth]
	}
	there := e.whole.Reader
	if code != "" {
		if there.Country = value.Country(code); there.Country == "" {
			if e.code.drop { // it is the number that is left out
				bad := value.NoCountry(code, 0)
				bad.Leave = true
				return bad
			}
			if nth == 0 || len(codes) > 1 { // one cell is refused once, however many numbers it is for
				at := strings.Index(e.code.cell(r.rec.Row).Text, code)
				r.refuse(e.code, at, code, value.NoCountry(code, 0))
			}
			return leaveOut
		}
	}
	if bad := there.Read(value.TextCell, text, v); bad != nil {
		return bad
	}
	if code != "" && v.Code != there.Country && v.Code != "" {
		return &value.Refusal{Code: value.CodeOtherCountry, Accepted: "the number's own country, or none",
			Message: fmt.Sprintf("%q is a number of %s, not of %s", text, v.Code, there.Country)}
	}
	return nil
}

// phoneCountries are the codes beside a row's phone numbers, blank ones included so that they keep their places.
func (r *reading) phoneCountries(e *entry) []string {
	text, kind, bad := e.code.read(r.rec.Row)
	if text == "" || bad != nil {
		return nil
	}
	codes := strings.Split(text, ";")
	if kind == value.JSONCell {
		codes = nil
		for one := range rawjson.Elements([]byte(text)) {
			code, _ := rawjson.Unquote(one)
			codes = append(codes, code)
		}
	}
	for i, code := range codes {
		codes[i] = value.Trim(code)
	}
	return codes
}

// refuse records a refused cell, or drops it where the mapping says so. at is where the text that was read begins in
// the cell, -1 where the mapping changed it: then the whole cell is marked, else the offending bytes, or one of
// several values where the refusal names none.
func (r *reading) refuse(s *column, at int, text string, bad *value.Refusal) {
	e := &CellError{Code: bad.Code, Row: r.rec.Row.Number, Line: r.rec.Row.Line, Index: s.index, Header: s.header,
		Attribute: s.fills, Value: text, Piece: text, Message: bad.Message, Accepted: bad.Accepted,
		Fix: mapfile.SettingLine(bad.Setting)}
	if cell := s.cell(r.rec.Row); cell != nil {
		if e.Value = cell.Text; s.split == "" && cell.Kind != value.JSONCell || text == "" {
			e.Piece = e.Value
		}
		if s.index >= 0 {
			e.Line, e.Column = int(cell.Line), int(cell.Column)
		}
	}
	from, to := bad.From, bad.To
	if at > 0 && to == 0 {
		to = len(text)
	}
	if at >= 0 && to > from && at+to <= len(e.Value) {
		e.From, e.To = at+from, at+to
	}
	if s.drop || bad.Leave {
		r.rec.Dropped = append(r.rec.Dropped, e)
		return
	}
	r.errs = append(r.errs, e)
}
