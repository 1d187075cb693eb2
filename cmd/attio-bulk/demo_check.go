package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
	"github.com/attio-bulk/attio-bulk/importer"
	"github.com/attio-bulk/attio-bulk/importer/journal"
)

// readTable reads a CSV file as rows by header.
func readTable(name string) ([]map[string]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil || len(records) == 0 {
		return nil, err
	}
	rows := make([]map[string]string, len(records)-1)
	for i, record := range records[1:] {
		rows[i] = make(map[string]string, len(record))
		for j, cell := range record {
			if j < len(records[0]) {
				rows[i][records[0][j]] = cell
			}
		}
	}
	return rows, nil
}

// show prints some columns of a report.
func (d *demo) show(name string, columns ...string) error {
	rows, err := readTable(name)
	if err != nil {
		return err
	}
	// as they stand in the file, not in the order of finishing
	slices.SortStableFunc(rows, func(x, y map[string]string) int {
		a, _ := strconv.Atoi(x[columns[0]])
		b, _ := strconv.Atoi(y[columns[0]])
		return cmp.Compare(a, b)
	})
	d.say("\n%s says (%s):", name, strings.Join(columns, ", "))
	cells := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range columns {
			cells[i] = append(cells[i], shortened(strings.ReplaceAll(row[c], "\n", " "), 96))
		}
	}
	for line := range strings.Lines(aligned(cells, 0)) {
		d.say("  %s", strings.TrimSuffix(line, "\n"))
	}
	return nil
}

// shortened cuts a text to n letters.
func shortened(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// usersOf are a workspace's users by record id.
func usersOf(w *attiotest.Workspace) map[string]attiotest.Record {
	out := make(map[string]attiotest.Record)
	for _, o := range w.Objects {
		if o.Slug == defaultObject {
			for _, r := range o.Records {
				out[r.ID] = r
			}
		}
	}
	return out
}

// text is a value of a record that is a single text, in the sandbox's file either bare or in a list of one.
func text(r attiotest.Record, slug string) string {
	var one string
	var many []string
	if json.Unmarshal(r.Values[slug], &one) == nil {
		return one
	}
	if json.Unmarshal(r.Values[slug], &many) == nil && len(many) == 1 {
		return many[0]
	}
	return ""
}

// checkImport compares the reports of an import with the sandbox before and after it.
func (d *demo) checkImport(before, after *attiotest.Workspace, code int) error {
	_, s, err := journal.Load("run")
	if err != nil {
		return err
	}
	if s == nil {
		return errors.New("the import left no summary")
	}
	results, err := readTable(filepath.Join("run", "results.csv"))
	if err != nil {
		return err
	}
	file, err := readTable("users.csv")
	if err != nil {
		return err
	}
	d.say("\nwhat was reported, against what the sandbox holds:")
	c := s.Rows
	sum := c.Created + c.Updated + c.Unchanged + c.Skipped + c.Conflict + c.Rejected + c.Unknown + c.Pending
	d.check(c.Read == sum && c.Read+s.BlankRows == len(file),
		"the file has %d rows: %d read and %d blank, and every row read has one outcome", len(file), c.Read, s.BlankRows)
	d.check(slices.Equal(rowNumbers(results), upTo(c.Read)), "results.csv has each row from 1 to %d once", c.Read)
	was, is := usersOf(before), usersOf(after)
	d.check(len(is)-len(was) == c.Created, "the sandbox had %d users and has %d: %d more, and %d were created", len(was),
		len(is), len(is)-len(was), c.Created)
	same := 0
	for id, r := range was {
		if sameValues(r, is[id]) {
			same++
		}
	}
	d.check(same == len(was), "of the %d users that were there before, %d are as they were", len(was), same)
	d.check(distinct(is, "user_id") && distinct(is, "primary_email_address"),
		"no two users share a user id or an e-mail address, whatever its case")
	d.check(madeFromRows(results, withoutBlank(file), was, is) == c.Created,
		"each created row is a new user with the row's id and e-mail address")
	if err := d.checkConflicts(c, is); err != nil {
		return err
	}
	d.check(code == s.ExitCode && code == exitRows,
		"the exit code is %d: finished, and some rows are conflicts or rejects", code)
	return nil
}

// checkConflicts looks every conflict up in the sandbox.
func (d *demo) checkConflicts(c importer.Counts, is map[string]attiotest.Record) error {
	conflicts, err := readTable(filepath.Join("run", "conflicts.csv"))
	if err != nil {
		return err
	}
	rejects, err := readTable(filepath.Join("run", "rejects.csv"))
	if err != nil {
		return err
	}
	rows := make(map[string]bool)
	existing, held := 0, 0
	for _, row := range conflicts {
		rows[row["row"]] = true
		if row["kind"] != importer.Existing {
			continue
		}
		existing++
		if strings.EqualFold(text(is[row["existing_record_id"]], row["attribute"]), strings.TrimSpace(row["value"])) {
			held++
		}
	}
	d.check(len(rows) == c.Conflict, "conflicts.csv names %d rows, and %d are conflicts", len(rows), c.Conflict)
	d.check(held == existing, "of its %d conflicts with records, the record holds the value in %d", existing, held)
	d.check(len(rejects) == c.Rejected, "rejects.csv has %d rows, and %d were refused", len(rejects), c.Rejected)
	return nil
}

// checkExport compares an export with the sandbox, and with what came of importing it again.
func (d *demo) checkExport(now *attiotest.Workspace, code, again int) error {
	rows, err := readTable("exported.csv")
	if err != nil {
		return err
	}
	_, s, err := journal.Load("again")
	if err != nil {
		return err
	}
	if s == nil {
		return errors.New("the second import left no summary")
	}
	is, met := usersOf(now), make(map[string]bool, len(rows))
	for _, row := range rows {
		r := is[row["record_id"]]
		if text(r, "user_id") == row["user_id"] &&
			strings.EqualFold(text(r, "primary_email_address"), row["primary_email_address"]) {
			met[row["record_id"]] = true
		}
	}
	d.say("\nwhat was exported, against what the sandbox holds:")
	d.check(code == 0 && len(rows) == len(is), "the file has %d users, and the sandbox has %d", len(rows), len(is))
	d.check(len(met) == len(is), "of the sandbox's %d users, %d are in the file with their ids and addresses", len(is),
		len(met))
	d.check(again == 0 && s.Rows.Unchanged == len(rows) && s.Requests.Writes == 0,
		"imported again, %d of %d rows have nothing to change, and %d writes were sent",
		s.Rows.Unchanged, len(rows), s.Requests.Writes)
	return nil
}

// rowNumbers are the numbers of a report's rows in ascending order.
func rowNumbers(rows []map[string]string) []int {
	out := make([]int, 0, len(rows))
	for _, r := range rows {
		n, err := strconv.Atoi(r["row"])
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

// withoutBlank leaves out the rows that get no number.
func withoutBlank(rows []map[string]string) []map[string]string {
	return slices.DeleteFunc(slices.Clone(rows), func(row map[string]string) bool {
		for _, cell := range row {
			if strings.TrimSpace(cell) != "" {
				return false
			}
		}
		return true
	})
}

func sameValues(a, b attiotest.Record) bool {
	return len(a.Values) == len(b.Values) && func() bool {
		for slug, v := range a.Values {
			if string(v) != string(b.Values[slug]) {
				return false
			}
		}
		return true
	}()
}

func distinct(users map[string]attiotest.Record, slug string) bool {
	seen := make(map[string]bool, len(users))
	for _, r := range users {
		v := strings.ToLower(text(r, slug))
		if v == "" || seen[v] {
			return false
		}
		seen[v] = true
	}
	return true
}

// madeFromRows counts the created rows whose record is new and has the row's keys.
func madeFromRows(results, file []map[string]string, was, is map[string]attiotest.Record) int {
	n := 0
	for _, row := range results {
		i, err := strconv.Atoi(row["row"])
		if err != nil || i > len(file) || row["action"] != string(importer.Created) {
			continue
		}
		_, old := was[row["record_id"]]
		made, there := is[row["record_id"]]
		cells := file[i-1]
		if !old && there && text(made, "user_id") == cells["User ID"] &&
			strings.EqualFold(text(made, "primary_email_address"), strings.TrimSpace(cells["E-mail"])) {
			n++
		}
	}
	return n
}
