package exporter

import (
	"context"
	"errors"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// retryFor is how long queries may be refused for their rate.
const retryFor = 2 * time.Minute

// retryRateLimited asks again for pages that are refused for their rate. The client gives a query up after some
// refusals, since a smaller one might pass; but an export has no smaller ones, and at night nobody is there to start
// it again.
func retryRateLimited(read readFunc) readFunc {
	return func(ctx context.Context, object string, q attio.Query, into *attio.Page) error {
		began := time.Now()
		err := read(ctx, object, q, into)
		if !rateLimited(err) {
			return err
		}
		bounded, cancel := context.WithDeadline(ctx, began.Add(retryFor))
		defer cancel()
		for {
			again := read(bounded, object, q, into)
			switch {
			case bounded.Err() != nil && ctx.Err() == nil && again != nil:
				return err // the refusal, not the end of our patience
			case !rateLimited(again):
				return again
			}
			err = again
		}
	}
}

func rateLimited(err error) bool {
	var api *attio.Error
	return errors.As(err, &api) && api.Class == attio.NotProcessed
}
