package main

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer"
)

func TestAsk(t *testing.T) {
	var out strings.Builder
	u := &ui{err: &out, in: bufio.NewReader(strings.NewReader(" yes \n"))}
	answer, err := u.ask(t.Context(), "go on?")
	require.NoError(t, err)
	require.Equal(t, "yes", answer)
	require.Equal(t, "go on?\n", out.String())
	_, err = u.ask(t.Context(), "go on?")
	require.ErrorIs(t, err, io.EOF, "the end of the input is no answer")
}

func TestNobodyIsAsked(t *testing.T) {
	var out strings.Builder
	_, err := (&ui{err: &out}).ask(t.Context(), "go on?")
	require.ErrorIs(t, err, errNobody)
	require.Empty(t, out.String())
}

func TestInterruptedQuestionEndsWithTheSignalsCode(t *testing.T) {
	typing, keyboard := io.Pipe() // on which nothing is ever typed
	defer keyboard.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(&importer.Interrupted{Signal: "SIGINT", ExitCode: 130})
	_, err := (&ui{err: io.Discard, in: bufio.NewReader(typing)}).ask(ctx, "go on?")
	require.EqualError(t, err, "nothing was done: interrupted by SIGINT")
	require.Equal(t, 130, exitCode(refused(err)))
}
