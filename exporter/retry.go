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
		for began := time.Now(); ; {
			err := read(ctx, object, q, into)
			var api *attio.Error
			if !errors.As(err, &api) || api.Class != attio.NotProcessed || time.Since(began) >= retryFor {
				return err
			}
		}
	}
}
