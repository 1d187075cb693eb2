package attiotest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSwitches writes one value with a switch as it stands and with the switch thrown. "!" stands for a refusal.
func TestSwitches(t *testing.T) {
	for _, c := range []struct {
		name             string
		thrown           Options
		slug, in, part   string
		usually, instead any
	}{
		{"EmptyClears", Options{Readings: Readings{EmptyText: EmptyClears}}, "label", `""`, "value", "!", nil},
		{"EmptyStored", Options{Readings: Readings{EmptyText: EmptyStored}}, "label", `""`, "value", "!", ""},
		{"DecimalsRounded", Options{Readings: Readings{Decimals: DecimalsRounded}}, "amount", `1.00005`, "value", "!",
			1.0001},
		{"DecimalsRounded, a currency", Options{Readings: Readings{Decimals: DecimalsRounded}}, "price", `"-1.23456"`,
			"currency_value", "!", -1.2346},
		{"DecimalsKept", Options{Readings: Readings{Decimals: DecimalsKept}}, "amount", `1.00005`, "value", "!", 1.00005},
		{"NumericStrings", Options{Readings: Readings{NumericStrings: true}}, "amount", `"-17.5"`, "value", "!", -17.5},
		{"NumericStrings, no number", Options{Readings: Readings{NumericStrings: true}}, "amount", `"1e3"`, "value", "!",
			"!"},
		{"FoldOptionTitles", Options{Readings: Readings{FoldOptionTitles: true}}, "kind", `"plant"`, "option.title", "!",
			"Plant"},
		{"BareOptionID", Options{Readings: Readings{BareOptionID: true}}, "kind", `["$Plant"]`, "option.title", nil,
			"Plant"},
		{"LocationText", Options{Readings: Readings{LocationText: true}}, "found_at", `"Kew, London"`, "line_1", "!",
			"Kew, London"},
		{"StripWWW", Options{Readings: Readings{StripWWW: true}}, "website", `"WWW.kew.org"`, "domain", "www.kew.org",
			"kew.org"},
		{"DomainSchemes", Options{Readings: Readings{DomainSchemes: true}}, "website", `"https://kew.org/x"`, "domain", "!",
			"kew.org"},
		{"IDNDomains", Options{Readings: Readings{IDNDomains: true}}, "website", `"München.de"`, "domain", "!",
			"xn--mnchen-3ya.de"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, side := range []struct {
				o    Options
				want any
			}{{Options{}, c.usually}, {c.thrown, c.instead}} {
				a, names := furnished(t, side.o)
				r := a.do("POST", ask1, wrap(`{"`+c.slug+`":`+names.Replace(c.in)+`}`))
				if side.want == "!" {
					require.Equal(t, 400, r.status, r.text)
					continue
				}
				require.Equal(t, 200, r.status, r.text)
				require.Equal(t, side.want, r.at("data.values."+c.slug+".0."+c.part), r.text)
			}
		})
	}
}

func TestEmptyTextClears(t *testing.T) {
	a := unlimited(t, Options{Readings: Readings{EmptyText: EmptyClears}})
	id := a.create("specimens", `{"label":"x"}`)
	require.Empty(t, a.do("PATCH", ask1+"/"+id, wrap(`{"label":""}`)).list("label", "value"))
}

func TestArchivedOptionsMayBeWritten(t *testing.T) {
	a := unlimited(t, Options{Readings: Readings{ArchivedOptions: true}})
	a.do("PATCH", "/v2/objects/specimens/attributes/kind/options/Plant", `{"data":{"is_archived":true}}`)
	require.Equal(t, 200, a.do("POST", ask1, wrap(`{"kind":"Plant"}`)).status)
}

func TestShuffledValues(t *testing.T) {
	a := unlimited(t, Options{Readings: Readings{ShuffleValues: true}})
	in := []any{"a@x.com", "b@x.com", "c@x.com", "d@x.com", "e@x.com", "f@x.com"}
	r := a.do("POST", "/v2/objects/people/records",
		wrap(`{"email_addresses":["a@x.com","b@x.com","c@x.com","d@x.com","e@x.com","f@x.com"]}`))
	got := r.list("email_addresses", "email_address")
	require.ElementsMatch(t, in, got)
	require.NotEqual(t, in, got)
	require.Equal(t, got, a.do("GET", "/v2/objects/people/records/"+r.at("data.id.record_id").(string),
		"").list("email_addresses", "email_address"))
}

func TestTwoCreationTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := unlimited(t, Options{Readings: Readings{CreatedEarlier: 13 * time.Second}})
		begin := time.Now().UTC()
		id := a.create("specimens", `{}`)
		r := a.do("GET", ask1+"/"+id, "")
		require.Equal(t, begin.Format(nanoForm), r.at("data.created_at"))
		require.Equal(t, begin.Add(-13*time.Second).Format(nanoForm), r.at("data.values.created_at.0.value"))
		since := func(d time.Duration) string {
			return `{"filter":{"created_at":{"$gte":"` + begin.Add(d).Format(nanoForm) + `"}}}`
		}
		require.Empty(t, a.found("specimens", since(-12*time.Second)), "filters go by the attribute")
		require.Equal(t, []string{id}, a.found("specimens", since(-13*time.Second)))
	})
}

func TestASmallMaximumIsTheDefault(t *testing.T) {
	a := unlimited(t, Options{Readings: Readings{MaxQueryLimit: 2}})
	for range 3 {
		a.create("specimens", `{}`)
	}
	require.Len(t, a.found("specimens", `{}`), 2)
}
