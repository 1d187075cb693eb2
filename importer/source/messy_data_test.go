//nolint:misspell // the words of offices in several languages
package source_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A theme is a table as some program or office writes it. All of its data are invented.
type theme struct {
	name   string
	titles []string // lines that stand above such a table
	top    []string // the upper line of a header in two lines; nil where it would not have one
	header []string
	spec   []string // how a cell of each column is made: see cell
	units  []string // the line of units below the header; nil where there is none
	total  string   // what its line of totals begins with
	notes  []string // what stands below the table
}

func split(s string) []string { return strings.Split(s, "|") }

// themes are tables of banks, bookkeepers, shops, CRMs, offices and machines, in the languages that they speak.
var themes = []theme{
	{
		name: "bank-de", titles: []string{"Umsätze Girokonto", "Zeitraum: 01.10.2026 - 31.10.2026",
			"Kontoinhaber: Muster & Söhne GmbH"},
		top:    split("Buchung|||Gegenseite||Umsatz|"),
		header: split("Buchungstag|Wertstellung|Buchungstext|Auftraggeber/Empfänger|IBAN|Betrag|Währung"),
		spec: split("date:de|date:de|pick:Lastschrift,Gutschrift,Dauerauftrag,Kartenzahlung|" +
			"company|iban:DE|amount:de|pick:EUR"),
		total: "Summe", notes: []string{"Alle Angaben ohne Gewähr. Diese Übersicht gilt nicht als Rechnungsabschluss."},
	},
	{
		name: "bank-us", titles: []string{"Account Activity", "Checking ...4821",
			"Statement period: 10/01/2026 through 10/31/2026"},
		top:    split("Posting||||Balance after"),
		header: split("Posting Date|Description|Type|Amount|Balance"),
		spec:   split("date:us|merchant|pick:DEBIT,CREDIT,CHECK|amount:us|amount:us"),
		total:  "Total", notes: []string{"Member FDIC. Pending transactions are not shown."},
	},
	{
		name: "sap-orders", titles: []string{"Dynamic List Display", "Sales Organization 1000, Distribution Channel 10"},
		top:    split("Sales|Item|Material||Order||Net|"),
		header: split("Document|No.|Number|Description|Quantity|SU|Value|Curr."),
		spec:   split("int:4500100-4500900|int:10-90|code:MAT|product|int:1-400|pick:PC,KG,M,BOX|amount:de|pick:EUR,USD"),
		units:  split("||||PC||EUR|"), total: "*", notes: []string{"List contains 1 client"},
	},
	{
		name: "hubspot", titles: []string{"All contacts", "Exported by sam@example.com"},
		top:    split("Record|Contact||||Status|Create"),
		header: split("ID|First Name|Last Name|Email|Phone Number|Lead Status|Date"),
		spec:   split("int:10200-99800|first|last|email|phone|pick:New,Open,In progress,Connected|datetime"),
		total:  "Total contacts", notes: []string{"Generated from a list view; filters may apply"},
	},
	{
		name: "salesforce", titles: []string{"Accounts by Owner", "As of 2026-11-02 09:14:22 GMT", "Filtered By",
			"Show: All accounts"},
		top:    split("Account|Account|Billing|Annual|Last"),
		header: split("Name|Owner|City|Revenue|Activity"),
		spec:   split("company|full|city|amount:us|date:us"),
		total:  "Grand Totals", notes: []string{
			"Confidential Information - Do Not Distribute",
			"Copyright (c) 2000-2026 Example Force. All rights reserved.",
		},
	},
	{
		name: "google-contacts", titles: []string{"Contacts", "Label: Customers"},
		top:    split("Person|||E-mail||Phone|"),
		header: split("Given Name|Family Name|Birthday|Type|E-mail Value|Phone Value|Organization"),
		spec:   split("first|last|date:iso|pick:Home,Work|email|phone|company"),
		total:  "Contacts", notes: []string{"Takeout archive of 2 November 2026"},
	},
	{
		name: "deals", titles: []string{"Open deals", "Pipeline: New business", "Currency: EUR"},
		top:    split("Deal|Deal|Deal|Contact|Contact|Expected"),
		header: split("title|value|stage|person|email|close date"),
		spec:   split("deal|int:500-90000|pick:Lead in,Proposal made,Negotiation|full|email|date:iso"),
		units:  split("|EUR||||yyyy-mm-dd"), total: "Total value", notes: []string{"Weighted values are not included"},
	},
	{
		name: "compta-fr", titles: []string{"Grand livre général", "Exercice du 01/01/2026 au 31/12/2026",
			"Société Exemple SARL"},
		top:    split("Écriture|||Compte||Montant|"),
		header: split("Date|Journal|Pièce|Numéro|Libellé|Débit|Crédit"),
		spec:   split("date:fr|pick:AC,VE,BQ,OD|code:F|int:401000-709000|product|amount:de|amount:de"),
		units:  split("|||||EUR|EUR"), total: "Total général", notes: []string{"Édité le 02/11/2026 à 10:22"},
	},
	{
		name: "facturas-es", titles: []string{"Listado de facturas emitidas", "Ejemplo Consultores, S.L."},
		top:    split("Factura||Cliente||Importe||"),
		header: split("Nº|Fecha|Nombre|NIF|Base imponible|IVA|Total"),
		spec:   split("code:F2026|date:fr|company|code:B|amount:de|pick:21%,10%,4%|amount:de"),
		total:  "Total facturado", notes: []string{"Documento sin validez fiscal"},
	},
	{
		name: "clienti-it", titles: []string{"Anagrafica clienti", "Aggiornata al 31/10/2026"},
		top:    split("Cliente||Sede|||Contatto"),
		header: split("Ragione sociale|Partita IVA|Indirizzo|CAP|Città|E-mail"),
		spec:   split("company|int:10000000000-99999999999|street|zip|city|email"),
		total:  "Totale clienti", notes: []string{"Fonte: gestionale interno"},
	},
	{
		name: "leden-nl", titles: []string{"Ledenlijst tennisvereniging", "Peildatum 1 november 2026"},
		top:    split("Lid|Naam||Adres||Datum"),
		header: split("nummer|Voornaam|Achternaam|Postcode|Plaats|lid sinds"),
		spec:   split("int:1000-9999|first|last|zip|city|date:nl"),
		total:  "Totaal aantal leden", notes: []string{"Bron: ledenadministratie"},
	},
	{
		name: "kunden-de", titles: []string{"Kundenliste Vertrieb Süd", "Stand: 02.11.2026"},
		top:    split("Kunde||Anschrift|||Umsatz"),
		header: split("Kundennr.|Firma|Straße|PLZ|Ort|Vorjahr"),
		spec:   split("int:10001-79999|company|street|zip|city|amount:de"),
		units:  split("|||||EUR"), total: "Gesamt", notes: []string{"Quelle: ERP, Abfrage vom 02.11.2026"},
	},
	{
		name: "statistics", titles: []string{"Population by district", "Office of Statistics", "Last updated: 2026-09-30"},
		top:    split("District||Population|Population|Population"),
		header: split("Name|Code|2023|2024|2025"),
		spec:   split("city|code:D|int:1200-99000|int:1200-99000|int:1200-99000"),
		units:  split("||persons|persons|persons"), total: "Total",
		notes: []string{"Source: population register", "p = provisional"},
	},
	{
		name: "streets", titles: []string{"Open data: street register", "Licence: CC BY 4.0"},
		top:    split("Object|Street||Length|Last"),
		header: split("id|name|surface|in m|inspection"),
		spec:   split("int:1-99999|street|pick:asphalt,concrete,gravel,paving|int:20-4800|date:iso"),
		units:  split("|||m|"), total: "Sum", notes: []string{"Source: city survey office"},
	},
	{
		name: "payments", titles: []string{"Payments report", "Timezone: UTC"},
		top:    split("Payment|||Customer|Result"),
		header: split("id|Created (UTC)|Amount|Email|Status"),
		spec:   split("code:pay_|datetime|amount:plain|email|pick:Paid,Refunded,Failed"),
		units:  split("|UTC|EUR||"), total: "Total", notes: []string{"Amounts include fees"},
	},
	{
		name: "orders", titles: []string{"Orders export", "Store: Example Outfitters"},
		top:    split("Order|Order|Customer|Item|Item|Item"),
		header: split("name|date|email|title|quantity|price"),
		spec:   split("code:#10|date:iso|email|product|int:1-12|amount:plain"),
		units:  split("||||pcs|USD"), total: "Total", notes: []string{"Test orders are left out"},
	},
	{
		name: "survey", titles: []string{"Customer survey autumn 2026", "Responses so far"},
		top: split("Response|About you||Your answers||"),
		header: split("Timestamp|What is your name?|Your e-mail|How likely are you to recommend us? (0-10)|Which " +
			"plan|Anything else?"),
		spec:  split("datetime|full|email|int:0-10|pick:Free,Team,Business|remark"),
		total: "Responses", notes: []string{"Answers are shown as they were given"},
	},
	{
		name: "staff", titles: []string{"Mitarbeiterverzeichnis", "Vertraulich"},
		top:    split("Personal|Name||Abteilung|Eintritt|Arbeitszeit"),
		header: split("nummer|Nachname|Vorname|Bezeichnung|Datum|je Woche"),
		spec:   split("int:100-999|last|first|pick:Einkauf,Vertrieb,Produktion,Verwaltung|date:de|hours:de"),
		units:  split("|||||h"), total: "Anzahl", notes: []string{"Erstellt von der Personalabteilung"},
	},
	{
		name: "partners", titles: []string{"Partner contacts", "For internal use only"},
		header: split("Company|Contact|City|Role"),
		top:    split("Partner||Office|Contact"),
		spec:   split("company|full|city|pick:Buyer,Owner,Engineer,Assistant"),
		total:  "Total partners", notes: []string{"Source: partner team"},
	},
	{
		name: "stock", titles: []string{"Stock list", "Warehouse 3", "Printed 2026-11-02 06:00"},
		top:    split("Article||Stock||Price"),
		header: split("SKU|Name|Qty|Bin|per unit"),
		spec:   split("code:SKU-|product|int:0-900|code:B|amount:plain"),
		units:  split("||pcs||EUR"), total: "Total", notes: []string{"Counted in October"},
	},
	{
		name: "clientes-br", titles: []string{"Relatório de clientes", "Emitido em 02/11/2026"},
		top:    split("Cliente|||Contato|"),
		header: split("Código|Nome|Cidade|Telefone|Cadastro"),
		spec:   split("int:100-9999|full|city|phone|date:fr"),
		total:  "Total de clientes", notes: []string{"Fonte: sistema comercial"},
	},
	{
		name: "weather", titles: []string{"Hourly observations", "Station 10384, 48 m above sea level"},
		top:    split("Observation||Air||Wind|"),
		header: split("Date|Hour|Temperature|Humidity|Speed|Rain"),
		spec:   split("date:iso|int:0-23|dec:-120-340|int:20-100|dec:0-220|dec:0-80"),
		units:  split("|UTC|°C|%|m/s|mm"), total: "Mean", notes: []string{"Source: weather service; quality level 3"},
	},
	{
		name: "laboratory", titles: []string{"Water quality", "Sampling campaign 2026-3"},
		top:    split("Sample|Sampling|Nitrate|Nitrate|Lead|pH"),
		header: split("no.|date|dissolved|total|filtered|value"),
		spec:   split("code:W-|date:iso|dec:1-500|dec:1-900|dec:0-90|dec:60-85"),
		units:  split("||mg/L|mg/L|µg/L|-"), total: "Median", notes: []string{"< LOQ: below limit of quantification"},
	},
	{
		name: "meters", titles: []string{"Smart meter readings", "Grid area North"},
		top:    split("Meter|Period||Energy|Peak"),
		header: split("number|from|to|used|load"),
		spec:   split("int:1000000-9999999|datetime|datetime|dec:10-90000|dec:10-990"),
		units:  split("|||kWh|kW"), total: "Total", notes: []string{"Estimated values are marked by the supplier"},
	},
}

func themeOf(name string) theme {
	for _, t := range themes {
		if t.name == name {
			return t
		}
	}
	panic("no theme " + name)
}

var (
	firstNames = split("Ada|Émile|Jürgen|María|Zoë|Łukasz|Søren|Ingrid|" +
		"Chloé|Paolo|Ana|Tom|Priya|Kenji|Olu|Wei|Björn|Élodie|Nuno|Freya")
	lastNames = split("Okafor|Müller|García|O'Neil|Kowalski|Jensen|Rossi|Dubois|de " +
		"Vries|Silva|Tanaka|Nguyen|Schmidt|Lindqvist|Novák|Moreau|Iyer|Becker|Costa|Walsh")
	companies = split("Lumen|Nordwind Logistik|Oasis Foods|Alpha & Partner|Café du Port|Brightwater|Stahlbau " +
		"Köhler|Ferrovia|Tallinn Data|Kite Labs|Redwood|Perla Marina|Ostsee Kontor|Harbor Mills|Vega Sistemas|Blue Fern")
	forms  = split("GmbH|Ltd|S.A.|Inc.|SARL|AB|BV|KG|Srl|LLC")
	cities = split("Hamburg|Lyon|Utrecht|Porto|Gdańsk|Malmö|Bologna|Leeds|Graz|" +
		"Sevilla|Austin|Galway|Brno|Espoo|Curitiba|Namur")
	streets = split("Hauptstraße|Rue des Lilas|Mill Lane|Via Verdi|Calle Mayor|Kerkstraat|Storgatan|High Street|Am " +
		"Markt|Rua Nova")
	products = split("Hex bolt M8|Steel bracket|Cotton shirt|Desk lamp|Oak shelf|Cable drum|Hand soap|Printer " +
		"paper|Garden hose|Coffee beans|Wool blanket|Bicycle bell|Notebook A5|Torque wrench")
	merchants = split("GROCERY OUTLET 114|COFFEE CORNER|CITY PARKING|PAYROLL|ONLINE TRANSFER TO SAVINGS|HARDWARE " +
		"DEPOT|TRANSIT AUTH|RENT")
	remarks = split("Very helpful team|Nothing to add|Please call me back|Setup took a while|Good value|We moved " +
		"from another tool|Would like more exports|Support answers fast")
)

// maker makes the data of one table.
type maker struct{ *rand.Rand }

func (m maker) one(of []string) string { return of[m.IntN(len(of))] }

func (m maker) between(span string) int {
	var from, to int
	if _, err := fmt.Sscanf(span, "%d-%d", &from, &to); err != nil {
		panic(span + ": " + err.Error())
	}
	return from + m.IntN(to-from+1)
}

// cell makes a cell of a column, as its spec says.
func (m maker) cell(spec string) string {
	what, more, _ := strings.Cut(spec, ":")
	d, mo, y := 1+m.IntN(28), 1+m.IntN(12), 2019+m.IntN(8)
	cents := m.IntN(3_000_000)
	switch what {
	case "date":
		return map[string]string{
			"de": fmt.Sprintf("%02d.%02d.%d", d, mo, y), "us": fmt.Sprintf("%d/%d/%d", mo, d, y),
			"fr": fmt.Sprintf("%02d/%02d/%d", d, mo, y), "nl": fmt.Sprintf("%02d-%02d-%d", d, mo, y),
			"iso": fmt.Sprintf("%d-%02d-%02d", y, mo, d),
		}[more]
	case "datetime":
		return fmt.Sprintf("%d-%02d-%02d %02d:%02d", y, mo, d, m.IntN(24), m.IntN(60))
	case "amount":
		return m.amount(more, cents)
	case "dec": // tenths
		n := m.between(strings.TrimPrefix(more, "-"))
		if strings.HasPrefix(more, "-") && m.IntN(4) == 0 {
			n = -n
		}
		return fmt.Sprintf("%.1f", float64(n)/10)
	case "hours":
		return m.one(split("38,5|40,0|20,0|32,5"))
	case "int":
		return fmt.Sprint(m.between(more))
	case "zip":
		return fmt.Sprintf("%05d", m.IntN(99999))
	case "code":
		return fmt.Sprintf("%s%04d", more, m.IntN(10000))
	case "iban":
		return fmt.Sprintf("%s%02d%018d", more, 10+m.IntN(89), m.Int64N(1e18))
	case "pick":
		return m.one(strings.Split(more, ","))
	case "first":
		return m.one(firstNames)
	case "last":
		return m.one(lastNames)
	case "full":
		return m.one(firstNames) + " " + m.one(lastNames)
	case "company":
		return m.one(companies) + " " + m.one(forms)
	case "city":
		return m.one(cities)
	case "street":
		return fmt.Sprintf("%s %d", m.one(streets), 1+m.IntN(180))
	case "product":
		return m.one(products)
	case "merchant":
		return m.one(merchants)
	case "remark":
		return m.one(remarks)
	case "deal":
		return m.one(companies) + " deal"
	case "email":
		return fmt.Sprintf("%s%d@example.%s", m.one(split("ada|tom|info|sales|j.kim|office|n.silva|zoe")), m.IntN(900),
			m.one(split("com|org|net")))
	case "phone":
		return fmt.Sprintf("+%d %d %06d", 30+m.IntN(19), 100+m.IntN(800), m.IntN(1e6))
	}
	panic("no cell " + spec)
}

func (m maker) amount(style string, cents int) string {
	whole, rest := cents/100, cents%100
	sign := ""
	if m.IntN(4) == 0 {
		sign = "-"
	}
	group := func(by string) string {
		if whole < 1000 {
			return fmt.Sprint(whole)
		}
		return fmt.Sprintf("%d%s%03d", whole/1000, by, whole%1000)
	}
	switch style {
	case "de":
		return fmt.Sprintf("%s%s,%02d", sign, group("."), rest)
	case "us":
		return fmt.Sprintf("%s%s.%02d", sign, group(","), rest)
	}
	return fmt.Sprintf("%s%d.%02d", sign, whole, rest)
}

// row makes a row of the theme.
func (m maker) row(t theme) []string {
	var cells []string
	for _, s := range t.spec {
		cells = append(cells, m.cell(s))
	}
	return cells
}
