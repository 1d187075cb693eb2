package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/attio-bulk/attio-bulk/importer/source/charset"
)

// Error is what is wrong with a file as a whole.
type Error struct {
	Code   string // stable: CSV001, a key of Codes
	Path   string
	Line   int // 0 where it has no place
	Column int
	Text   string
	Remedy []string // what to do with the file, a line each
	// Setting is the field of Options that would help with one of Values, or left out where there are none; "" where none
	// would.
	Setting Setting
	Values  []string
	Choices []Choice // of a file that can be read in several ways: one of them would help
	// of FIL009: rows up to this one are those of the file surveyed; the ones behind may be another file's
	Sure int
	Err  error // the cause, where there is one: an *fs.PathError, say
}

// A Setting names a field of Options that a person chooses.
type Setting string

// The settings.
const (
	Format     Setting = "format"
	Delimiter  Setting = "delimiter"
	Encoding   Setting = "encoding"
	Sheet      Setting = "sheet"
	Quote      Setting = "quote"
	Escape     Setting = "escape"
	HeaderRow  Setting = "header-row"
	SkipFooter Setting = "skip-footer"
)

// Error says where and what: users.csv:41:7: a quote is opened and never closed.
func (e *Error) Error() string {
	place := displayName(e.Path)
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
		if e.Column > 0 {
			place += fmt.Sprintf(":%d", e.Column)
		}
	}
	return place + ": " + e.Text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func displayName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

func (in *File) fault(code, text string, remedy ...string) *Error {
	return &Error{Code: code, Path: in.o.Path, Text: text, Remedy: remedy}
}

// set says which setting would help, with which values; without any, it is to be left out.
func (e *Error) set(s Setting, values ...string) *Error {
	e.Setting, e.Values = s, values
	return e
}

// at says where the fault is, in the file.
func (e *Error) at(line, column int) *Error {
	e.Line, e.Column = line, column
	return e
}

// by says what caused the fault.
func (e *Error) by(err error) *Error {
	e.Err = err
	return e
}

func (in *File) openError(err error) *Error {
	text := "the file cannot be read"
	switch {
	case os.IsNotExist(err):
		text = "there is no such file"
	case os.IsPermission(err):
		text = "no permission to read the file"
	}
	return in.fault("FIL001", text).by(err)
}

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
		text := "the text is " + e.Error()
		return in.fault("FIL007", text, encodingRemedy(e)).set(Encoding, "windows-1252").at(e.Line, e.Column).by(e)
	}
	return in.fault("FIL001", "the file cannot be read: "+err.Error()).by(err)
}

// encodingRemedy says how a file in another encoding, or one that is damaged, becomes one that can be read.
func encodingRemedy(e *charset.Error) string {
	switch {
	case strings.HasPrefix(e.Name, "UTF-16"):
		return "the file is damaged or was cut off: save it again, best as CSV UTF-8"
	case e.Others > 0:
		are := "1 other letter is"
		if e.Others > 1 {
			are = fmt.Sprintf("%d other letters are", e.Others)
		}
		return are + " good UTF-8: text of two encodings was joined; repair this place, or save the file again as CSV UTF-8"
	}
	return "save the file as CSV UTF-8, or name the encoding that it was saved in"
}

func (in *File) packFault(pe *packError, row, line int) error {
	code, text := "FIL006", "the "+pe.kind+" data is damaged"
	if pe.truncated {
		code, text = "FIL005", "the "+pe.kind+" data ends too early"
	}
	if errors.Is(pe.err, zstd.ErrWindowSizeExceeded) {
		text := fmt.Sprintf("the zstd data needs a window of more than %d MiB, the most that is read", maxZstdWindow>>20)
		return in.fault("FIL010", text, "unpack the file, or pack it again with a smaller window (zstd without --long)").by(
			pe)
	}
	if row > 0 {
		text += fmt.Sprintf("; the last whole row is row %d, on line %d", row, line)
	}
	return in.fault(code, text, "copy or download the file again").by(pe)
}
