package phone

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
)

// TestEveryCountryHasTables: the quick way is there for each country of the library.
func TestEveryCountryHasTables(t *testing.T) {
	for region := range phonenumbers.GetSupportedRegions() {
		require.NotNil(t, planOf(region), region)
	}
	require.Nil(t, planOf("ZZ"))
	require.Nil(t, planOf("001"))
}

// TestParseReadsAsTheLibrary holds the quick way against the library: numbers of each kind of each country as the
// library gives them for examples, in several forms, read from several countries, and each with digits changed, added
// and taken away.
func TestParseReadsAsTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	quick, all := 0, 0
	check := func(text, country string) {
		all++
		if holdAgainstLibrary(t, text, country) {
			quick++
		}
	}
	others := []string{"", "GB", "US", "IT", "BR"}
	for region := range phonenumbers.GetSupportedRegions() {
		for kind := phonenumbers.FIXED_LINE; kind <= phonenumbers.VOICEMAIL; kind++ {
			example := phonenumbers.GetExampleNumberForType(region, kind)
			if example == nil {
				continue
			}
			code := strconv.Itoa(int(example.GetCountryCode()))
			nsn := phonenumbers.GetNationalSignificantNumber(example)
			for _, number := range append(changed(random, nsn), nsn) {
				national := []string{number, "0" + number, "1" + number, "8" + number, "00" + code + number, code + number}
				for _, text := range national {
					check(text, region)
				}
				for _, country := range append(others, region) {
					check("+"+code+number, country)
				}
				check("+"+code+"0"+number, region)
			}
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.INTERNATIONAL, phonenumbers.NATIONAL} {
				check(phonenumbers.Format(example, form), region)
			}
		}
	}
	require.Greater(t, quick*10, all*7, "%d of %d were read quickly", quick, all)
}

// changed are numbers near this one.
func changed(random *rand.Rand, number string) []string {
	out := []string{number + "0", number[:len(number)-1]}
	for range 2 {
		b := []byte(number)
		b[random.IntN(len(b))] = '0' + byte(random.IntN(10))
		out = append(out, string(b))
	}
	return out
}

// holdAgainstLibrary fails where Parse and the library differ, and reports whether the quick way was taken.
func holdAgainstLibrary(t *testing.T, text, country string) (quick bool) {
	want, wantErr := parse(text, country)
	got, err := Parse(text, country)
	require.Equal(t, want, got, "%q from %q", text, country)
	require.Equal(t, wantErr == nil, err == nil, "%q from %q: %v", text, country, err)
	require.Equal(t, errors.Is(wantErr, ErrSyntax), errors.Is(err, ErrSyntax), "%q from %q", text, country)
	if digits, international, ok := plain(text); ok {
		_, quick, _ = read(digits, international, country)
	}
	return quick
}

// FuzzParse holds any text against the library.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"+44 20 7946 0958", "(415) 555-2671", "020 7946 0958", "0044 20 79460958",
		"8 (495) 123-45-67", "+39 06 1234567", "+1 284 555 0100", "07700 900123 x12", "+", "++44 1", "0-0", "+٤٤2079460958"} {
		f.Add(text, "GB")
		f.Add(text, "US")
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		holdAgainstLibrary(t, text, country)
	})
}
