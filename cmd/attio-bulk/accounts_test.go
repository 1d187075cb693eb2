package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/importer/journal"
)

func TestAccountsSayWhatHappened(t *testing.T) {
	s := journal.Summary{Object: "users", Input: journal.InputIdentity{Path: "u.csv"}}
	s.Rows = journal.Counts{Read: 1963, Created: 760, Conflict: 4, Unknown: 4, Pending: 1195}
	s.Reason, s.ExitCode = "interrupted by SIGINT", 130
	require.Equal(t, `interrupted: 764 of 3,000 rows of u.csv done, 2,232 left
  created          760
  conflict           4
  unknown            4
  pending        1,195
  --------------------
  read           1,963`, accounts(s, 3000))
	require.Contains(t, accounts(s, 0), "interrupted: 764 rows of u.csv done\n")
	s.ExitCode = 1
	require.Contains(t, accounts(s, 3000), "stopped: 764 of 3,000 rows of u.csv done, 2,232 left\n")
	s = journal.Summary{Object: "users", Input: s.Input, DryRun: true,
		Rows: journal.Counts{Read: 3, Created: 1, Updated: 2}}
	require.Equal(t, `dry run of u.csv into users
  would be created         1
  would be updated         2
  --------------------------
  read                     3`, accounts(s, 3))
}
