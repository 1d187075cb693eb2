package mapping

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// readParts reads a name or a location from the cells of its parts, or from one cell.
func (r *reading) readParts(e *entry, f *Field) {
	v := f.value()
	if e.whole != nil {
		r.readUndivided(e, f, v)
	} else {
		v.Parts = make([]string, len(e.codec.parts))
		for _, s := range e.parts {
			r.readPart(s, f, v)
		}
	}
	if f.Parts == 0 {
		f.Values = f.Values[:0]
		return
	}
	if e.attr.Type == attio.TypePersonalName {
		if len(e.parts) == 1 && f.Parts == 1<<fullName && v.Parts[fullName] != "" { // nothing else can say how it divides
			_ = parseName(e.parts[0], TextCell, v.Parts[fullName], v)
		}
		if v.Text = v.Parts[fullName]; v.Text == "" {
			v.Text = joinName(v.Parts[firstName], v.Parts[lastName])
		}
	}
	if f.Clear = blankParts(v) && allParts(e, f.Parts); f.Clear {
		f.Values = f.Values[:0]
	}
}

// readUndivided reads one cell that holds the whole name or location.
func (r *reading) readUndivided(e *entry, f *Field, v *Value) {
	s := e.whole
	text, kind, blank, bad := s.read(r.row)
	switch {
	case blank:
		r.blank(s, f)
		return
	case bad == nil && kind == JSONCell:
		bad = &refusal{code: codeShape, message: "a JSON value is not a " + string(e.attr.Type), accepted: s.form()}
	case bad == nil:
		bad = s.codec.parse(s, kind, text, v)
	}
	if bad != nil {
		r.refusePiece(s, r.offset(s, text), text, bad)
		return
	}
	f.Parts = partsSaid(e.attr.Type, text, v.Parts)
}

// allParts says whether a mask names every part, a full name aside, which the other two make.
func allParts(e *entry, mask uint16) bool {
	all := uint16(1)<<len(e.codec.parts) - 1
	if e.attr.Type == attio.TypePersonalName {
		return mask&3 == 3 || mask == all
	}
	return mask == all
}

// partsSaid tells which parts one cell speaks of: a full name says nothing of how it is divided, "Last, First" says both.
func partsSaid(t attio.Type, text string, parts []string) uint16 {
	if t == attio.TypePersonalName {
		if parts[fullName] == text {
			return 1 << fullName
		}
		return 1<<firstName | 1<<lastName
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
func (r *reading) readPart(s *source, f *Field, v *Value) {
	text, kind, blank, bad := s.read(r.row)
	switch {
	case blank && s.clear:
		f.Parts |= 1 << s.part
		return
	case blank:
		r.blank(s, f)
		return
	case bad == nil && kind == JSONCell:
		bad = &refusal{code: codeShape, message: "a JSON value is no part of a " + string(s.attr.Type), accepted: "text"}
	case bad == nil && s.attr.Type == attio.TypeLocation:
		v.Parts[s.part], bad = parseLocationPart(s.part, text)
	case bad == nil:
		v.Parts[s.part], bad = text, badUTF8(text)
	}
	if bad != nil {
		r.refusePiece(s, r.offset(s, text), text, bad)
		return
	}
	f.Parts |= 1 << s.part
}

// checkCurrency refuses a currency code other than the attribute's: amounts are stored in that and no other.
func (r *reading) checkCurrency(e *entry, f *Field) {
	text, _, blank, bad := e.code.read(r.row)
	if bad == nil && !blank && !strings.EqualFold(text, e.attr.CurrencyCode) {
		bad = &refusal{code: codeCurrency, message: fmt.Sprintf("%q is not the currency of %s, which is %q", text, e.attr.Slug, e.attr.CurrencyCode), accepted: e.attr.CurrencyCode}
	}
	if bad != nil {
		r.refuse(e.code, -1, text, bad)
		f.Values = f.Values[:0]
		return
	}
	f.Values[0].Code = e.attr.CurrencyCode
}

// phoneBeside reads a phone number whose country stands in another column, one for each number or one for all.
func (r *reading) phoneBeside(e *entry, text string, nth int, v *Value) *refusal {
	codes := r.phoneCountries(e)
	code := ""
	switch {
	case len(codes) == 1:
		code = codes[0]
	case nth < len(codes):
		code = codes[nth]
	}
	if code == "" {
		return parsePhoneIn(e.whole, e.whole.country, text, v)
	}
	known := country(code)
	if known == "" {
		if nth == 0 || len(codes) > 1 { // one cell is refused once, however many numbers it is for
			r.refuseCountry(e.code, code)
		}
		return leaveOut
	}
	if bad := parsePhoneIn(e.whole, known, text, v); bad != nil {
		return bad
	}
	if v.Code != known && v.Code != "" {
		return &refusal{code: codeOtherCountry, message: fmt.Sprintf("%q is a number of %s, not of %s", text, v.Code, known), accepted: "the number's own country, or none"}
	}
	return nil
}

// refuseCountry refuses the cell beside a phone number.
func (r *reading) refuseCountry(s *source, code string) {
	at := -1
	if cell, ok := s.cell(r.row); ok {
		at = strings.Index(cell.Text, code)
	}
	r.refuse(s, at, code, noCountry(code, 0))
}

// phoneCountries are the codes beside a row's phone numbers, blank ones included so that they keep their places.
func (r *reading) phoneCountries(e *entry) []string {
	text, kind, blank, bad := e.code.read(r.row)
	if blank || bad != nil {
		return nil
	}
	var codes []string
	if kind == JSONCell {
		for one := range rawjson.Elements([]byte(text)) {
			code, _ := rawjson.Unquote(one)
			codes = append(codes, code)
		}
		return codes
	}
	for _, code := range strings.Split(text, ";") {
		codes = append(codes, trim(code))
	}
	return codes
}

// readFill reads the further attributes of a target, in case it has to be created. They belong to one target: a cell of several is refused.
func (r *reading) readFill(e *entry, f *Field) {
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
		r.refuse(e.whole, -1, "", &refusal{code: codeFillSeveral, message: "other columns fill one target, and this cell names several", accepted: "one reference"})
		return
	}
	f.Values[0].Ref.Fill = sub.rec.Fields
}

// refuse records a refused cell, or drops it where the mapping says so. The offending bytes are those of the refusal, if at is where the
// parsed text begins in the cell; -1 marks the whole cell.
func (r *reading) refuse(s *source, at int, text string, bad *refusal) {
	e := &CellError{Code: bad.code, Line: r.row.Line, Index: s.column, Header: s.header, Value: text, Message: bad.message, Accepted: bad.accepted, Fix: bad.fix}
	if cell, ok := s.cell(r.row); ok {
		e.Value = cell.Text
		if s.column >= 0 {
			e.Line, e.Column = int(cell.Line), int(cell.Column)
		}
	}
	if at >= 0 && bad.to > bad.from && at+bad.to <= len(e.Value) {
		e.From, e.To = at+bad.from, at+bad.to
	}
	if s.drop || bad.leave {
		r.rec.Dropped = append(r.rec.Dropped, e)
		return
	}
	r.errs = append(r.errs, e)
}

// refusePiece refuses one of several values: where the refusal names no bytes, the piece itself is at fault.
func (r *reading) refusePiece(s *source, at int, text string, bad *refusal) {
	if at > 0 && bad.to == 0 {
		whole := *bad
		whole.to = len(text)
		bad = &whole
	}
	r.refuse(s, at, text, bad)
}
