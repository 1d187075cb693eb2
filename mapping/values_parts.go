package mapping

import (
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
		r.readUndivided(e, f, v)
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
		if len(e.parts) == 1 && f.Parts == 1<<value.FullName && v.Parts[value.FullName] != "" { // nothing else can say how it divides
			_ = e.parts[0].Read(value.TextCell, v.Parts[value.FullName], v)
		}
		if v.Text = v.Parts[value.FullName]; v.Text == "" {
			v.Text = value.JoinName(v.Parts[value.FirstName], v.Parts[value.LastName])
		}
	}
	if f.Clear = value.BlankParts(v) && allParts(e, f.Parts); f.Clear {
		f.Values = f.Values[:0]
	}
}

// readUndivided reads one cell that holds the whole name or location.
func (r *reading) readUndivided(e *entry, f *value.Field, v *value.Value) {
	s := e.whole
	text, kind, blank, bad := s.read(r.row)
	switch {
	case blank:
		r.blank(s, f)
		return
	case bad == nil && kind == value.JSONCell:
		bad = &value.Refusal{Code: value.CodeShape, Message: "a JSON value is not a " + string(e.attr.Type), Accepted: value.Form(s.Attr.Type)}
	case bad == nil:
		bad = s.Read(kind, text, v)
	}
	if bad != nil {
		r.refusePiece(s, r.offset(s, text), text, bad)
		return
	}
	f.Parts = partsSaid(e.attr.Type, text, v.Parts)
}

// allParts says whether a mask names every part, a full name aside, which the other two make.
func allParts(e *entry, mask uint16) bool {
	all := uint16(1)<<len(value.Parts(e.attr.Type)) - 1
	if e.attr.Type == attio.TypePersonalName {
		return mask&3 == 3 || mask == all
	}
	return mask == all
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

// readPart reads the cell of one part.
func (r *reading) readPart(s *column, f *value.Field, v *value.Value) {
	text, kind, blank, bad := s.read(r.row)
	switch {
	case blank && s.clear:
		f.Parts |= 1 << s.part
		return
	case blank:
		r.blank(s, f)
		return
	case bad == nil && kind == value.JSONCell:
		bad = &value.Refusal{Code: value.CodeShape, Message: "a JSON value is no part of a " + string(s.Attr.Type), Accepted: "text"}
	case bad == nil:
		v.Parts[s.part], bad = s.ReadPart(s.part, text)
	}
	if bad != nil {
		r.refusePiece(s, r.offset(s, text), text, bad)
		return
	}
	f.Parts |= 1 << s.part
}

// checkCurrency refuses a currency code other than the attribute's: amounts are stored in that and no other.
func (r *reading) checkCurrency(e *entry, f *value.Field) {
	text, _, blank, bad := e.code.read(r.row)
	if bad == nil && !blank && !strings.EqualFold(text, e.attr.CurrencyCode) {
		bad = &value.Refusal{Code: value.CodeCurrency, Message: fmt.Sprintf("%q is not the currency of %s, which is %q", text, e.attr.Slug, e.attr.CurrencyCode), Accepted: e.attr.CurrencyCode}
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
	if code == "" {
		return e.whole.Read(value.TextCell, text, v)
	}
	known := value.Country(code)
	if known == "" {
		if nth == 0 || len(codes) > 1 { // one cell is refused once, however many numbers it is for
			r.refuseCountry(e.code, code)
		}
		return leaveOut
	}
	there := e.whole.Reader
	there.Country = known
	if bad := there.Read(value.TextCell, text, v); bad != nil {
		return bad
	}
	if v.Code != known && v.Code != "" {
		return &value.Refusal{Code: value.CodeOtherCountry, Message: fmt.Sprintf("%q is a number of %s, not of %s", text, v.Code, known), Accepted: "the number's own country, or none"}
	}
	return nil
}

// refuseCountry refuses the cell beside a phone number.
func (r *reading) refuseCountry(s *column, code string) {
	at := -1
	if cell, ok := s.cell(r.row); ok {
		at = strings.Index(cell.Text, code)
	}
	r.refuse(s, at, code, value.NoCountry(code, 0))
}

// phoneCountries are the codes beside a row's phone numbers, blank ones included so that they keep their places.
func (r *reading) phoneCountries(e *entry) []string {
	text, kind, blank, bad := e.code.read(r.row)
	if blank || bad != nil {
		return nil
	}
	var codes []string
	if kind == value.JSONCell {
		for one := range rawjson.Elements([]byte(text)) {
			code, _ := rawjson.Unquote(one)
			codes = append(codes, code)
		}
		return codes
	}
	for _, code := range strings.Split(text, ";") {
		codes = append(codes, value.Trim(code))
	}
	return codes
}

// readFill reads the further attributes of a target, in case it has to be created. They belong to one target: a cell
// of several is refused.
func (r *reading) readFill(e *entry, f *value.Field) {
	sub := reading{row: r.row, rec: &Record{Row: r.row}}
	for _, inner := range e.fill {
		sub.read(inner)
	}
	r.errs = append(r.errs, sub.errs...)
	r.rec.Dropped = append(r.rec.Dropped, sub.rec.Dropped...)
	if len(sub.rec.Fields) == 0 {
		return
	}
	if len(f.Values) > 1 {
		r.refuse(e.whole, -1, "", &value.Refusal{Code: value.CodeFillSeveral, Message: "other columns fill one target, and this cell names several", Accepted: "one reference"})
		return
	}
	f.Values[0].Ref.Fill = sub.rec.Fields
}

// refuse records a refused cell, or drops it where the mapping says so. The offending bytes are those of the refusal,
// if at is where the parsed text begins in the cell; -1 marks the whole cell.
func (r *reading) refuse(s *column, at int, text string, bad *value.Refusal) {
	e := &CellError{Code: bad.Code, Line: r.row.Line, Index: s.index, Header: s.header, Value: text, Message: bad.Message, Accepted: bad.Accepted, Fix: mapfile.SettingLine(bad.Setting)}
	if cell, ok := s.cell(r.row); ok {
		e.Value = cell.Text
		if s.index >= 0 {
			e.Line, e.Column = int(cell.Line), int(cell.Column)
		}
	}
	if at >= 0 && bad.To > bad.From && at+bad.To <= len(e.Value) {
		e.From, e.To = at+bad.From, at+bad.To
	}
	if s.drop || bad.Leave {
		r.rec.Dropped = append(r.rec.Dropped, e)
		return
	}
	r.errs = append(r.errs, e)
}

// refusePiece refuses one of several values: where the refusal names no bytes, the piece itself is at fault.
func (r *reading) refusePiece(s *column, at int, text string, bad *value.Refusal) {
	if at > 0 && bad.To == 0 {
		whole := *bad
		whole.To = len(text)
		bad = &whole
	}
	r.refuse(s, at, text, bad)
}
