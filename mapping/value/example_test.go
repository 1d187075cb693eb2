package value_test

import (
	"fmt"

	"github.com/attio-bulk/attio-bulk/attio"
	"github.com/attio-bulk/attio-bulk/mapping/value"
)

func ExampleReader() {
	amounts := value.Reader{Attr: &attio.Attribute{Slug: "value", Type: attio.TypeCurrency, CurrencyCode: "EUR"},
		Decimal: ",", Thousands: "."}
	for _, text := range []string{"1.234,50", "12 EUR"} {
		var v value.Value
		if bad := amounts.Read(value.TextCell, text, &v); bad != nil {
			fmt.Println(bad.Code, bad.Message, bad.Setting.Key, bad.Setting.Value)
			continue
		}
		fmt.Println(v.Text)
	}
	// Output:
	// 1234.5
	// VAL014 "12 EUR" holds a symbol beside the number transform strip-currency
}

func ExampleDecode() {
	a := &attio.Attribute{Slug: "phone_numbers", Type: attio.TypePhoneNumber, Multi: true}
	for _, v := range value.Decode(a, []byte(`[{"phone_number":"+442079460958","country_code":"GB"},{"fax":1}]`)) {
		fmt.Printf("%q %q %q\n", v.Text, v.Code, v.Raw)
	}
	// Output:
	// "+442079460958" "GB" ""
	// "" "" "{\"fax\":1}"
}
