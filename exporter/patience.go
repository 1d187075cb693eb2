package exporter

import (
	"context"
	"errors"
	"time"

	"github.com/attio-bulk/attio-bulk/attio"
)

// queryPatience is how long queries may be refused for their rate.
const queryPatience = 2 * time.Minute

// patiently asks again for pages that are refused for their rate. The client gives a query up after some refusals, since a smaller one might pass; but
// an export has no smaller ones, and at night nobody is there to start it again.
func patiently(read func(context.Context, string, attio.Query) (attio.Page, error)) func(context.Context, string, attio.Query) (attio.Page, error) {
	return func(ctx context.Context, object string, q attio.Query) (attio.Page, error) {
		for began := time.Now(); ; {
			page, err := read(ctx, object, q)
			var api *attio.Error
			if !errors.As(err, &api) || api.Class != attio.NotProcessed || time.Since(began) >= queryPatience {
				return page, err
			}
		}
	}
}
