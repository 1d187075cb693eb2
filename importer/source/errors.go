package source

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

// wrap turns what a pass ended with into an *Error; row and line are those of the last row that was read whole.
// When the context has ended, that is why, whatever the error.
func (in *File) wrap(ctx context.Context, err error, row, line int) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var ie *Error
	var pe *packError
	switch {
	case errors.As(err, &ie), err == ErrMisjudged:
		return err
	case errors.As(err, &pe):
		return in.packFault(pe, row, line)
	}
	if e, ok := asEncodingError(err); ok {
		f := in.fault("FIL007", fmt.Sprintf("the text is %s", e.Error()), encodingRemedy(e)).set(Encoding, "windows-1252")
		f.Line, f.Column, f.Err = e.Line, e.Column, e
		return f
	}
	f := in.fault("FIL001", "the file cannot be read: "+err.Error())
	f.Err = err
	return f
}

// encodingRemedy says how a file in another encoding, or one that is damaged, becomes one that can be read.
func encodingRemedy(e *charset.Error) string {
	switch {
	case strings.HasPrefix(e.Name, "UTF-16"):
		return "the file is damaged or was cut off: save it again, best as CSV UTF-8"
	case e.Others == 1:
		return "1 other letter is good UTF-8: text of two encodings was joined; repair this place, or save the file again as CSV UTF-8"
	case e.Others > 1:
		return fmt.Sprintf("%d other letters are good UTF-8: text of two encodings was joined; repair this place, or save the file again as CSV UTF-8", e.Others)
	}
	return "save the file as CSV UTF-8, or name the encoding that it was saved in"
}

func (in *File) packFault(pe *packError, row, line int) error {
	code, text := "FIL006", "the "+pe.kind+" data is damaged"
	if pe.truncated {
		code, text = "FIL005", "the "+pe.kind+" data ends too early"
	}
	if errors.Is(pe.err, zstd.ErrWindowSizeExceeded) {
		e := in.fault("FIL010", fmt.Sprintf("the zstd data needs a window of more than %d MiB, the most that is read", maxZstdWindow>>20),
			"unpack the file, or pack it again with a smaller window (zstd without --long)")
		e.Err = pe
		return e
	}
	if row > 0 {
		text += fmt.Sprintf("; the last whole row is row %d, on line %d", row, line)
	}
	f := in.fault(code, text, "copy or download the file again")
	f.Err = pe
	return f
}
