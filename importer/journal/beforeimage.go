package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/importer/durable"
	"github.com/attio-bulk/attio-bulk/mapping"
)

// BeforeFile keeps the values that updates overwrote, as Attio answered them, so that undo can put them back. A line
// is on disk before its update is sent. A row can have several, where it was sent again: those for the record that it
// was sent to last count, and of each attribute the last of them, which is what the write overwrote that is known to
// have been done.
const BeforeFile = "before.jsonl"

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

// putBefore appends an image; it is on disk after Sync.
func (w *Writer) putBefore(im *BeforeImage) error {
	if w.before == nil {
		f, empty, err := durable.Append(w.dir.File(BeforeFile))
		if err != nil {
			return err
		}
		w.before = f
		if !empty { // the last line may be torn: keep off it
			if _, err := f.Write([]byte{'\n'}); err != nil {
				return err
			}
		}
	}
	return json.NewEncoder(w.before).Encode(im)
}

// ReadBeforeImages reads what each row overwrote. No file: none. A torn last line belongs to an update that was never
// sent.
func ReadBeforeImages(dir string) (map[int]*BeforeImage, error) {
	out := make(map[int]*BeforeImage)
	f, err := os.Open(filepath.Join(dir, BeforeFile))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 64<<10), 1<<30)
	for lines.Scan() {
		var im BeforeImage
		if json.Unmarshal(lines.Bytes(), &im) != nil {
			continue // an empty line, or one torn by a crash
		}
		if had := out[im.Row]; had != nil && had.Record == im.Record && had.Values != nil {
			maps.Copy(had.Values, im.Values)
			continue
		}
		out[im.Row] = &im
	}
	return out, lines.Err()
}
