package attio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/attio-bulk/attio-bulk/attio/rawjson"
)

// Record is a record as the API answers it, with the values of each attribute left as they came.
type Record struct {
	ID        string // record_id
	CreatedAt string // the record's own, UTC with nine fraction digits: 2025-12-16T15:32:42.770000000Z
	WebURL    string
	// Values holds, for every attribute that is not archived, its slug and the JSON array of its values, each with
	// its envelope (active_from, created_by_actor, attribute_type); "[]" where there is none. The arrays are parts of
	// the answer that the record came in, which lives as long as one of them: copy what is to be kept for long.
	// Callers must not change them.
	Values map[string]json.RawMessage
	// Raw is the whole record as it came, a part of the answer too; kept only where Query.KeepRaw asks for it.
	Raw json.RawMessage
}

var noValues = json.RawMessage("[]")[:2:2] // shared: no room to append into

// recordReader makes records of a page's bytes. What repeats from record to record is made once: slugs, and the
// functions that take in a member.
type recordReader struct {
	*rawjson.Reader
	body    []byte
	keepRaw bool
	slugs   map[string]string
	width   int                        // values of the record before
	now     Record                     // the record that is being read
	spare   map[string]json.RawMessage // for its values; nil where one has to be made

	member, idMember, attribute func(name []byte) error
}

func newRecordReader(body []byte, keepRaw bool) *recordReader {
	rr := &recordReader{Reader: rawjson.NewReader(body), body: body, slugs: make(map[string]string), keepRaw: keepRaw}
	rr.member, rr.idMember, rr.attribute = rr.readMember, rr.readID, rr.readValues
	return rr
}

// decode reads {"data":[<record>…]}, in the memory of an earlier answer.
func (p *Page) decode(body []byte, keepRaw bool) ([]Record, error) {
	rr := newRecordReader(body, keepRaw)
	defer rr.Close()
	p.records = p.records[:0]
	err := rr.data(func() error {
		return rr.Array(func() error {
			n := len(p.records)
			if n < cap(p.records) {
				rr.spare = p.records[:n+1][n].Values
			}
			r, err := rr.record()
			p.records, rr.spare = append(p.records, r), nil
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return p.records, nil
}

// decodeRecord reads {"data":<record>}.
func decodeRecord(body []byte) (Record, error) {
	rr := newRecordReader(body, false)
	defer rr.Close()
	var r Record
	err := rr.data(func() (err error) {
		r, err = rr.record()
		return err
	})
	return r, err
}

// data reads the envelope of every answer, which must be there once and alone.
func (rr *recordReader) data(read func() error) error {
	found := false
	err := rr.Object(func(name []byte) error {
		if string(name) != "data" {
			return rr.Skip()
		}
		found = true
		return read()
	})
	if err != nil {
		return err
	}
	if !found {
		return errors.New(`no "data" in it`)
	}
	return rr.End()
}

// record reads one record. One without an id is none.
func (rr *recordReader) record() (Record, error) {
	rr.now = Record{}
	start := rr.Offset()
	if err := rr.Object(rr.member); err != nil {
		return Record{}, err
	}
	r := rr.now
	if r.ID == "" || r.Values == nil {
		return Record{}, fmt.Errorf("a record without id or values at offset %d", start)
	}
	if rr.keepRaw {
		end := rr.Offset()
		for rr.body[start] != '{' { // a comma and blanks lie between records
			start++
		}
		r.Raw = rr.body[start:end:end]
	}
	return r, nil
}

// readMember takes in a member of a record.
func (rr *recordReader) readMember(name []byte) (err error) {
	switch string(name) {
	case "id":
		err = rr.Object(rr.idMember)
	case "created_at":
		rr.now.CreatedAt, err = rr.Text()
	case "web_url":
		rr.now.WebURL, err = rr.Text()
	case "values":
		if rr.now.Values = rr.spare; rr.spare == nil {
			rr.now.Values = make(map[string]json.RawMessage, rr.width)
		}
		clear(rr.now.Values)
		err = rr.Object(rr.attribute)
		rr.width = len(rr.now.Values)
	default:
		err = rr.Skip()
	}
	return err
}

// readID takes in a part of a record's id.
func (rr *recordReader) readID(name []byte) (err error) {
	if string(name) != "record_id" {
		return rr.Skip()
	}
	rr.now.ID, err = rr.Text()
	return err
}

// readValues takes in the values of one attribute. A null, which the API's schema allows and nobody has seen, is no
// value.
func (rr *recordReader) readValues(name []byte) error {
	slug, ok := rr.slugs[string(name)]
	if !ok {
		slug = string(name)
		rr.slugs[slug] = slug
	}
	raw, err := rr.Value()
	switch {
	case err != nil:
		return err
	case raw[0] == '[':
		rr.now.Values[slug] = raw
	case raw[0] == 'n':
		rr.now.Values[slug] = noValues
	default:
		return fmt.Errorf("the values of %s at offset %d are not an array", slug, rr.Offset()-len(raw))
	}
	return nil
}

// Record reads one record. One that was merged away or deleted is a Refused *Error with CodeNotFound.
func (c *Client) Record(ctx context.Context, object, id string) (Record, error) {
	var record Record
	_, err := c.do(ctx, &request{method: http.MethodGet, path: route("objects", object, "records", id), record: true,
		read: func(rep reply) (err error) {
			record, err = decodeRecord(rep.body)
			return err
		}})
	return record, err
}
