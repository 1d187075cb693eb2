package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/attio-bulk/attio-bulk/attio/attiotest"
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
		for j, name := range records[0] {
			if j < len(record) {
				rows[i][name] = record[j]
			}
		}
	}
	return rows, nil
}

// table is a CSV file's rows by header; none once something has ended the demo.
func (d *demo) table(path ...string) (rows []map[string]string) {
	if d.ended == nil {
		rows, d.ended = readTable(filepath.Join(path...))
	}
	return rows
}

// summary is that of a run; an empty one once something has ended the demo.
func (d *demo) summary(dir string) (s journal.Summary) {
	if d.ended != nil {
		return s
	}
	_, last, err := journal.Load(dir)
	if err == nil && last != nil {
		return *last
	}
	d.ended = cmp.Or(err, errors.New("the import into "+dir+" left no summary"))
	return s
}

// check shows whether a fact holds.
func (d *demo) check(holds bool, format string, args ...any) {
	if d.ended != nil {
		return
	}
	mark := "ok      "
	if !holds {
		mark = "NOT SO  "
		d.failed++
	}
	d.line("", mark+fmt.Sprintf(format, args...))
}

// show prints some columns of a report, in the order of the input.
func (d *demo) show(name string, columns ...string) {
	rows := d.table(name)
	if d.ended != nil {
		return
	}
	slices.SortStableFunc(rows, func(x, y map[string]string) int {
		return cmp.Compare(number(x[columns[0]]), number(y[columns[0]]))
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
}

// number is a row's number in a report; 0 where there is none.
func number(cell string) int {
	n, _ := strconv.Atoi(cell)
	return n
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
func text(r attiotest.Record, slug string) (one string) {
	_ = json.Unmarshal(bytes.Trim(r.Values[slug], "[] \t\n"), &one) // anything else stays ""
	return one
}

// checkImport compares the reports of an import with the sandbox's users before and after it.
func (d *demo) checkImport(was, is map[string]attiotest.Record, code int) {
	s, results, file := d.summary("run"), d.table("run", "results.csv"), d.table("users.csv")
	conflicts, rejects := d.table("run", "conflicts.csv"), d.table("run", "rejects.csv")
	if d.ended != nil {
		return
	}
	d.say("\nwhat was reported, against what the sandbox holds:")
	c, sum := s.Rows, 0
	for _, action := range journal.Actions {
		sum += c.Of(action)
	}
	d.check(c.Read == sum && c.Read+s.BlankRows == len(file),
		"the file has %d rows: %d read and %d blank, and every row read has one outcome", len(file), c.Read, s.BlankRows)
	numbers := make(map[int]bool)
	for _, row := range results {
		if n := number(row["row"]); 1 <= n && n <= c.Read {
			numbers[n] = true
		}
	}
	d.check(len(results) == c.Read && len(numbers) == c.Read, "results.csv has each row from 1 to %d once", c.Read)
	d.check(len(is)-len(was) == c.Created, "the sandbox had %d users and has %d: %d more, and %d were created", len(was),
		len(is), len(is)-len(was), c.Created)
	same := 0
	for id, r := range was {
		if reflect.DeepEqual(r.Values, is[id].Values) {
			same++
		}
	}
	d.check(same == len(was), "of the %d users that were there before, %d are as they were", len(was), same)
	d.check(distinct(is, "user_id") && distinct(is, "primary_email_address"),
		"no two users share a user id or an e-mail address, whatever its case")
	d.check(madeFromRows(results, withoutBlank(file), was, is) == c.Created,
		"each created row is a new user with the row's id and e-mail address")
	d.checkConflicts(c, conflicts, is)
	d.check(len(rejects) == c.Rejected, "rejects.csv has %d rows, and %d were refused", len(rejects), c.Rejected)
	d.check(code == s.ExitCode && code == exitRows,
		"the exit code is %d: finished, and some rows are conflicts or rejects", code)
}

// checkConflicts looks every conflict up in the sandbox.
func (d *demo) checkConflicts(c journal.Counts, conflicts []map[string]string, is map[string]attiotest.Record) {
	rows := make(map[string]bool)
	existing, held := 0, 0
	for _, row := range conflicts {
		if rows[row["row"]] = true; row["kind"] != journal.Existing {
			continue
		}
		existing++
		if strings.EqualFold(text(is[row["existing_record_id"]], row["attribute"]), strings.TrimSpace(row["value"])) {
			held++
		}
	}
	d.check(len(rows) == c.Conflict, "conflicts.csv names %d rows, and %d are conflicts", len(rows), c.Conflict)
	d.check(held == existing, "of its %d conflicts with records, the record holds the value in %d", existing, held)
}

// checkExport compares an export with the sandbox's users, and with what came of importing it again.
func (d *demo) checkExport(is map[string]attiotest.Record, code, again int) {
	rows, s := d.table("exported.csv"), d.summary("again")
	if d.ended != nil {
		return
	}
	met := make(map[string]bool, len(rows))
	for _, row := range rows {
		if isUser(is[row["record_id"]], row["user_id"], row["primary_email_address"]) {
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
}

// isUser reports whether a record has a row's keys.
func isUser(r attiotest.Record, id, address string) bool {
	return r.ID != "" && text(r, "user_id") == id &&
		strings.EqualFold(text(r, "primary_email_address"), strings.TrimSpace(address))
}

// withoutBlank leaves out the rows that get no number.
func withoutBlank(rows []map[string]string) []map[string]string {
	return slices.DeleteFunc(slices.Clone(rows), func(row map[string]string) bool {
		return strings.TrimSpace(strings.Join(slices.Collect(maps.Values(row)), "")) == ""
	})
}

// distinct reports whether each user has a text of its own, whatever its case.
func distinct(users map[string]attiotest.Record, slug string) bool {
	seen := make(map[string]bool, len(users))
	for _, r := range users {
		seen[strings.ToLower(text(r, slug))] = true
	}
	return len(seen) == len(users) && !seen[""]
}

// madeFromRows counts the created rows whose record is new and has the row's keys.
func madeFromRows(results, file []map[string]string, was, is map[string]attiotest.Record) (made int) {
	for _, row := range results {
		i, id := number(row["row"])-1, row["record_id"]
		_, old := was[id]
		if !old && 0 <= i && i < len(file) && row["action"] == string(journal.Created) &&
			isUser(is[id], file[i]["User ID"], file[i]["E-mail"]) {
			made++
		}
	}
	return made
}
