package main

import (
	"fmt"
	"strings"

	"github.com/attio-bulk/attio-bulk/mapping"
)

// shownPreviews is how many rows are shown as they will stand in Attio, where nobody asks for more or fewer.
const shownPreviews = 3

// checkPreview looks at the flag that says otherwise.
func checkPreview(rows int) error {
	if rows < 0 {
		return fmt.Errorf("--preview %d is below 0; 0 is for none", rows)
	}
	return nil
}

// previewText shows rows as they will stand in Attio; "" of none.
func previewText(rows []mapping.Preview) string {
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	which := "the first row that would be sent, as it will"
	if len(rows) > 1 {
		which = fmt.Sprintf("the first %d rows that would be sent, as they will", len(rows))
	}
	fmt.Fprintf(&b, "%s stand in Attio:", which)
	for _, row := range rows {
		what := "a new record"
		if row.Update {
			what = "an update"
		}
		fmt.Fprintf(&b, "\n  row %d (line %d), %s", row.Row, row.Line, what)
		for _, s := range row.Record {
			fmt.Fprintf(&b, "\n    %s: ", s.Attribute)
			if row.Update {
				b.WriteString(standing(s.Old) + " → ")
			}
			b.WriteString(standing(s.Value))
		}
	}
	return b.String()
}

// standing is a value on one line.
func standing(text string) string {
	if text == "" {
		return "empty"
	}
	return string(visible(shortened(text, cellWidth)))
}
