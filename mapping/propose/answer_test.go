package propose

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/attio-bulk/attio-bulk/attio"
)

func TestAnswersAreTaken(t *testing.T) {
	headers := []string{"Deal name", "Deal stage", "Due: by", "Zq"}
	p := proposed(t, "deals", headers,
		[]string{"Anvils", "Rope"}, []string{"Lead", "Win"}, []string{"03/04/2026", "03/04/2026"}, []string{"x", ""})
	open := p.Questions()
	var stage, zq *Suggestion
	for _, s := range p.Asks() {
		switch s.Header {
		case "Deal stage":
			stage = s
		case "Zq":
			zq = s
		}
	}
	require.Empty(t, zq.Answers, "nobody knows the attribute")
	require.Equal(t, []Example{{"x", 1}}, zq.Examples(5))
	require.Equal(t, []Example{{"Lead", 1}}, stage.Examples(1))

	p.Take(stage, stage.Answers[0])
	p.LeaveOut(zq)
	require.Equal(t, open-2, p.Questions())
	text := string(p.YAML())
	require.Contains(t, text, "\n  - column: Deal stage\n    attribute: stage\n")
	require.Contains(t, text, "\n  - Zq\n")
	require.NotContains(t, text, "decide: Zq")
	require.NotContains(t, text, "decide: Deal stage")
}

func TestWhatIsLeftOutIsLacking(t *testing.T) {
	p := proposed(t, "deals", []string{"Deal name", "Deal stage", "Deal owner"},
		[]string{"Anvils"}, []string{"Win"}, []string{"sam@fernhill.example.net"})
	lacking := p.Lacking
	for _, s := range p.Asks() {
		if s.Header == "Deal stage" {
			p.LeaveOut(s)
		}
	}
	require.Equal(t, append([]string{"stage"}, lacking...), p.Lacking)
}

// A column that was left out and then fills what records lack is not left out any more.
func TestLeftOutColumnFillsWhatLacks(t *testing.T) {
	schema := proposeSchema()
	deals := schema.Object("deals")
	deals.Attributes = append(deals.Attributes, attio.Attribute{ID: "ref", Slug: "reference_code", Title: "Reference code",
		Type: attio.TypeText, Writable: true, Unique: true, Required: true})
	p, _ := proposeTable(t, schema, "deals", "Deal name|Zzref", "Anvils|k1", "Rope|k2")
	for _, s := range p.Asks() {
		p.LeaveOut(s)
	}
	lack := p.Lacks[slices.Index(p.Lacking, "reference_code")]
	require.Equal(t, "Zzref", lack.Answers[0].Column.Column)
	p.Fill(lack, lack.Answers[0])
	require.Contains(t, string(p.YAML()), "column: Zzref\n")
	require.NotContains(t, string(p.YAML()), "\n  - Zzref\n")
}
