package source

import (
	"context"

	"github.com/attio-bulk/attio-bulk/mapping/propose"
)

// Profile reads the whole file and gathers what each of its columns holds, in memory that does not grow with the file.
// The profiles are in the order of the survey's columns.
func (in *File) Profile(ctx context.Context) (Survey, []*propose.Profile, error) {
	s, err := in.Survey(ctx)
	if err != nil {
		return s, nil, err
	}
	profiles := make([]*propose.Profile, len(s.Columns))
	for i, name := range s.Columns {
		profiles[i] = propose.NewProfile(name)
	}
	for row, err := range in.Rows(ctx) {
		if err != nil {
			return s, nil, err
		}
		if row.Bad != nil {
			continue
		}
		for i := range row.Cells {
			profiles[i].Add(&row.Cells[i])
		}
	}
	return s, profiles, nil
}
