package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

func asEncodingError(err error) (*charset.Error, bool) {
	var e *charset.Error
	return e, errors.As(err, &e)
}

// guessEncoding decides about a file that is not UTF-8 by reading all of it, and notes why. bad is the first place that
// is not UTF-8; it is the error when there is no evidence for anything else.
func (in *File) guessEncoding(ctx context.Context, bad *charset.Error) error {
	p, err := in.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	var ev charset.Evidence
	if _, err := io.Copy(&ev, p); err != nil {
		return err
	}
	if !ev.Western() {
		bad.Others = ev.Runes
		return in.wrap(ctx, bad, 0, 0)
	}
	in.guess = false
	in.enc = charset.Windows1252
	in.note(fmt.Sprintf("encoding windows-1252 (not UTF-8 at line %d; cells such as %s)", bad.Line,
		strings.Join(ev.Cells(), ", ")))
	return nil
}
