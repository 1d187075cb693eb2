package mapping

import (
	"testing"

	"github.com/attio-bulk/attio-bulk/mapping/internal/world"
)

func benchPlan(b *testing.B) (*Plan, *Row) {
	p := bindHeaders(b, "users", Create, "user_id", "primary_email_address", "full_name.first_name",
		"full_name.last_name", "plan", "seats", "signed_up_at", "notes")
	return p, row("usr_0000001", "ada.lovelace@example.com", "Ada", "Lovelace", "Professional", "12.5",
		"2024-07-14T10:00:00Z", "Imported from the spreadsheet of November")
}

func BenchmarkValues(b *testing.B) {
	p, r := benchPlan(b)
	var rec Record
	b.ReportAllocs()
	for b.Loop() {
		if errs := p.Values(r, &rec); len(errs) > 0 {
			b.Fatal(errs[0])
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	p, r := benchPlan(b)
	var rec Record
	p.Values(r, &rec)
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = p.Encode(dst[:0], rec.Fields)
	}
}

func BenchmarkChange(b *testing.B) {
	r := world.Everything()
	p := bindHeaders(b, "every", Update, "record_id", "text", "number", "plan", "email", "full.first_name", "at", "owner",
		"person")
	var rec Record
	p.Values(row(world.AdaID, "x", "1", "Free", "a@b.com", "Ada", "2024-07-14", "Alan", world.AdaID), &rec)
	b.ReportAllocs()
	for b.Loop() {
		p.Change(&rec, r)
	}
}

// BenchmarkPhone is the slowest cell there is: a number is checked against the numbering plan of its country.
func BenchmarkPhone(b *testing.B) {
	p := bindHeaders(b, "every", Create, "phone")
	r := row("+44 20 7946 0958")
	var rec Record
	b.ReportAllocs()
	for b.Loop() {
		if errs := p.Values(r, &rec); len(errs) > 0 {
			b.Fatal(errs[0])
		}
	}
}
