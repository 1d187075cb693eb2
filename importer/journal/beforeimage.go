package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// beforeFile keeps the values that updates overwrote, as Attio answered them, so that undo can put them back. A line
// is on disk before its update is sent. A row can have several, where it was sent again: those for the record that it
// was sent to last count, and of each attribute the last of them, which is what the write overwrote that is known to
// have been done.
const beforeFile = "before.jsonl"

// BeforeImage is one record as it was before an update: only the attributes that the update names.
type BeforeImage struct {
	Row    int                        `json:"row"`
	Record string                     `json:"record_id"`
	Values map[string]json.RawMessage `json:"values"`
}

// BeforeImageOf picks what a change is about to overwrite.
func BeforeImageOf(row int, cur *attio.Record, c mapping.Change) *BeforeImage {
	im := &BeforeImage{Row: row, Record: cur.ID, Values: make(map[string]json.RawMessage, len(c.Fields))}
	for _, f := range c.Fields {
		raw := cur.Values[f.Attr.Slug]
		if raw == nil {
			raw = json.RawMessage("[]")
		}
		im.Values[f.Attr.Slug] = raw
	}
	return im
}

// images appends before-images. The zero value has no file until the first image.
type images struct {
	name string
	f    *durable.File
}

// add appends an image; it is on disk after sync.
func (b *images) add(im *BeforeImage) error {
	text, err := json.Marshal(im)
	if err != nil {
		return fmt.Errorf("%s: %w", beforeFile, err)
	}
	if b.f == nil {
		f, empty, err := durable.Append(b.name)
		if err != nil {
			return err
		}
		b.f = f
		if !empty {
			text = append([]byte{'\n'}, text...) // the last line may be torn: keep off it
		}
	}
	_, err = b.f.Write(append(text, '\n'))
	return err
}

func (b *images) sync() error {
	if b.f == nil {
		return nil
	}
	return b.f.Sync()
}

func (b *images) close() error {
	if b.f == nil {
		return nil
	}
	return b.f.Finish()
}

// ReadBeforeImages reads what each row overwrote. No file: none. A torn last line belongs to an update that was never
// sent.
func ReadBeforeImages(dir string) (_ map[int]*BeforeImage, err error) {
	out := make(map[int]*BeforeImage)
	f, err := os.Open(fileIn(dir, beforeFile))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := bufio.NewReaderSize(f, 64<<10)
	for {
		text, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		var im BeforeImage
		if json.Unmarshal(text, &im) != nil {
			continue // an empty line, or one torn by a crash
		}
		if had := out[im.Row]; had != nil && had.Record == im.Record && had.Values != nil {
			maps.Copy(had.Values, im.Values)
			continue
		}
		out[im.Row] = &im
	}
}
