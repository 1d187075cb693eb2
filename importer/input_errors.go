package importer

import (
	"context"
	"errors"
	"fmt"
)

// wrap turns what a pass ended with into an *InputError; last is the number of the last row that was read whole.
// When the context has ended, that is why, whatever the error.
func (in *Input) wrap(ctx context.Context, err error, last int) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var ie *InputError
	var pe *packError
	switch {
	case errors.As(err, &ie):
		return err
	case errors.As(err, &pe):
		return in.packFault(pe, last)
	}
	if e, ok := asEncodingError(err); ok {
		f := in.fault("FIL007", fmt.Sprintf("the text is %s", e.Error()), "--encoding windows-1252, or whatever the file was saved in", "or save the file as CSV UTF-8")
		f.Line, f.Err = e.line, e
		return f
	}
	f := in.fault("FIL001", "the file cannot be read: "+err.Error())
	f.Err = err
	return f
}

func (in *Input) packFault(pe *packError, last int) error {
	code, text := "FIL006", "the "+pe.kind+" data is damaged"
	if pe.truncated {
		code, text = "FIL005", "the "+pe.kind+" data ends too early"
	}
	if last > 0 {
		text += fmt.Sprintf("; the last whole row is row %d", last)
	}
	f := in.fault(code, text, "copy or download the file again")
	f.Err = pe
	return f
}
