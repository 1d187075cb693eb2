package source_test

import (
	"fmt"
	"slices"
	"strings"
)

// listings are what programs print in columns.
var listings = []theme{
	{name: "processes", header: split("PID|USER|CPU|MEM|STARTED|COMMAND"),
		spec: split("int:1-65000|pick:root,ada,www-data|dec:0-990|dec:0-400|date:iso|pick:nginx,postgres,sshd,backup.sh")},
	{name: "disks", header: split("Filesystem|Blocks|Used|Available|Use%|Mounted"),
		spec: split("code:/dev/sd|int:10000-999999|int:100-90000|int:100-900000|pick:4%,17%,83%|pick:/,/home,/var,/srv")},
	{name: "pods", header: split("NAME|READY|STATUS|RESTARTS|AGE"),
		spec: split("code:web-|pick:1/1,0/1,2/2|pick:Running,Pending,CrashLoopBackOff|int:0-12|pick:3d,17h,42m")},
	{name: "accounts", header: split("uid|login|mail|since|city"),
		spec: split("int:1000-9999|code:u|email|date:iso|pick:Lyon,Graz,Leeds,Porto")},
	{name: "flows", header: split("time|src|dst|proto|bytes"),
		spec: split("int:1700000000-1790000000|code:10.0.0.|code:10.1.0.|pick:tcp,udp|int:40-99000")},
}

// runs are tables whose columns stand apart by blanks.
func runs(kind string, i int) *sample {
	s := newSample(kind, i, form{comma: " ", quote: `"`})
	s.theme = listings[i%len(listings)]
	s.name = fmt.Sprintf("%02d-%s", i+1, s.theme.name)
	rows := [][]string{s.theme.header}
	for range 8 + i%6 {
		rows = append(rows, s.row(s.theme))
	}
	f := form{comma: " ", quote: `"`}
	switch i % 4 {
	case 0: // one blank
	case 1: // columns in line, one blank at least
		f.widths = widest(rows)
	case 2: // two blanks at least, single ones within cells
		rows[0] = slices.Clone(rows[0])
		rows[0][0] = "THE " + rows[0][0]
		for n, r := range rows[1:] {
			if n%2 == 0 {
				r[2] += " (ok)"
			}
		}
		f.comma, f.widths = "  ", widest(rows)
	default: // the first column to the right: lines begin with blanks
		f.widths, f.right = widest(rows), true
	}
	s.write(f)
	for n, r := range rows {
		if n == 0 {
			s.header(r...)
			continue
		}
		s.put(r...)
	}
	return s
}

func widest(rows [][]string) []int {
	w := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			w[i] = max(w[i], len([]rune(c)))
		}
	}
	return w
}

func lineEnds(kind string, i int) *sample {
	f := plain(i)
	f.ends = [][]string{
		{"\r\n"}, {"\r"}, {"\r\n", "\n"}, {"\n", "\n", "\n", "\r\n"}, {"\r\n", "\r\n", "\n"},
	}[i%5]
	f.noEnd = i%3 == 0
	s := newSample(kind, i, f)
	if i%4 == 3 {
		s.titles(1, 0)
	}
	s.header()
	s.rows(5, s.gaps)
	if i%2 == 0 {
		s.blank()
	}
	s.rows(3 + i%4)
	return s
}

func ragged(kind string, i int) *sample {
	s := newSample(kind, i, plain(i))
	s.header()
	s.rows(2+i%3, s.gaps)
	for n := range 3 {
		row := s.row(s.theme)
		s.putBad(row[:len(row)-1-(n+i)%(len(row)-2)]...)
		s.rows(2+i%3, s.gaps)
	}
	return s
}

func overLong(kind string, i int) *sample {
	s := newSample(kind, i, plain(i))
	s.header()
	s.rows(2+i%4, s.gaps)
	for n := range 2 {
		s.putBad(append(s.row(s.theme), []string{"x", "see note", "14,50", "checked"}[:1+(n+i)%3]...)...)
		s.rows(3, s.gaps)
	}
	return s
}

func lineBreaks(kind string, i int) *sample {
	f := plain(i)
	f.all = i%3 == 1
	if i%2 == 0 {
		f.ends = []string{"\r\n"}
	}
	s := newSample(kind, i, f)
	names := slices.Clone(s.theme.header)
	if i%4 == 1 {
		names[len(names)-1] += "\n(see below)"
	}
	s.header(names...)
	d := f.comma
	s.rows(9+i%5, s.gaps, s.words("first line\nsecond line", "Mill Lane 4\n\nback door", "1"+d+"2"+d+"3\n4"+d+"5"+d+"6",
		"ends with a break\n", "he said \"no\"\nand left"))
	return s
}

// sheets are workbooks with a title over all columns.
func sheets(kind string, i int) *sample {
	s := newSample(kind, i, form{})
	p := newBook()
	s.paper, s.ext = p, "xlsx"
	p.typed, p.left, p.width = i%2 == 0, i%4/3, len(s.theme.header)
	for range i % 3 {
		s.blank()
	}
	s.titles(1+i%3, 0)
	if i%2 == 1 {
		s.blank()
	}
	p.width = 0
	s.header()
	s.rows(6+i%8, s.gaps)
	if i%6 == 5 {
		s.totals()
	}
	return s
}

func encodings(kind string, i int) *sample {
	f := plain(i)
	names := []string{"", "utf-16le", "utf-16be", "windows-1252", "utf-8"}
	f.encoding, f.ends = names[i%len(names)], []string{"\r\n"}
	f.bom = f.encoding == "utf-16le" || f.encoding == "utf-16be" || f.encoding == "utf-8"
	s := newSample(kind, i, f)
	s.theme = themeOf(split("bank-de|kunden-de|compta-fr|staff|facturas-es|clienti-it")[i%6])
	s.name = fmt.Sprintf("%02d-%s", i+1, s.theme.name)
	at := s.textual()
	letters := func(n int, cells []string) []string {
		cells[at[0]] = split("Café Müller|Señor Peña|Straße der Söhne|Élan à Nîmes|Größe für Übung")[n%5]
		return cells
	}
	if f.encoding == "windows-1252" {
		plainLetters := strings.NewReplacer("Ł", "L", "ł", "l", "ń", "n", "ś", "s")
		next := letters
		letters = func(n int, cells []string) []string {
			cells = next(n, cells)
			for j := range cells {
				cells[j] = plainLetters.Replace(cells[j])
			}
			return cells
		}
	}
	if i%4 == 1 {
		s.titles(2, 2)
	}
	s.header()
	s.rows(8+i%5, letters)
	return s
}

// combined takes several kinds at once, as files have them that went through three programs.
func combined(kind string, i int) *sample {
	s := newSample(kind, i, form{})
	f := form{comma: s.one([]string{",", ";", "\t", "|"}), quote: `"`, all: s.IntN(4) == 0}
	if s.IntN(5) == 0 {
		f.quote = "'"
	}
	f.backslash = s.IntN(5) == 0
	f.ends = [][]string{nil, {"\r\n"}, {"\r\n", "\n"}}[s.IntN(3)]
	if s.IntN(5) == 0 {
		f.encoding, f.bom = []string{"utf-16le", "utf-8"}[s.IntN(2)], true
	}
	s.write(f)
	isBook := i%8 == 7
	if isBook {
		p := newBook()
		s.paper, s.ext, p.typed, p.left = p, "xlsx", i%16 == 7, s.IntN(2)
	}
	for range s.IntN(3) {
		s.blank()
	}
	if s.IntN(4) == 0 {
		s.text("# made by a nightly job")
	}
	if n := s.IntN(4); n > 0 {
		s.titles(n, s.IntN(3))
	}
	if s.IntN(2) == 0 {
		s.blank()
	}
	if top := s.theme.top; i%9 == 4 {
		top = slices.Clone(top)
		for j := range top {
			if top[j] == "" {
				top[j] = top[j-1]
			}
		}
		s.headerInTwo(top, s.theme.header)
	} else {
		s.header()
	}
	edits := []func(int, []string) []string{s.gaps}
	if !isBook {
		edits = append(edits, s.words("Fern"+f.comma+" Oak", "the "+f.quote+"old"+f.quote+" mill", "upper\nlower"))
	}
	s.rows(4+s.IntN(6), edits...)
	if s.IntN(3) == 0 {
		s.blank()
	}
	if !isBook && s.IntN(4) == 0 {
		row := s.row(s.theme)
		s.putBad(row[:len(row)-1]...)
	}
	s.rows(3+s.IntN(4), edits...)
	switch s.IntN(4) {
	case 0:
		s.totals()
	case 1:
		s.blank()
		s.foot()
	}
	return s
}

// odd are tables that give little to judge by.
func odd(kind string, i int) *sample {
	s := newSample(kind, i, plain(i))
	switch i % 6 {
	case 0: // one row below titles
		s.titles(2, 0)
		s.blank()
		s.header()
		s.rows(1)
	case 1: // nothing but words
		s.theme = theme{name: "words", header: split("Company|Contact|City|Role"),
			spec: split("company|full|city|pick:Buyer,Owner,Engineer"), titles: []string{"Guests", "Spring dinner"}}
		s.name = fmt.Sprintf("%02d-words", i+1)
		if i%12 == 1 {
			s.titles(2, 2)
		}
		s.header()
		s.rows(3+i%9, s.gaps)
	case 2: // many columns
		t := theme{name: "wide", titles: s.theme.titles}
		for n := range 45 {
			t.header = append(t.header, fmt.Sprintf("Custom field %d", n+1))
			t.spec = append(t.spec, s.one([]string{"int:1-900", "product", "date:iso", "pick:yes,no", "email"}))
		}
		s.theme, s.name = t, fmt.Sprintf("%02d-wide", i+1)
		s.titles(i%3, 0)
		s.header()
		s.rows(5, s.gaps, s.gaps)
	case 3: // mostly blank
		s.header()
		s.rows(9, s.gaps, s.gaps, s.gaps, s.gaps, s.gaps, s.gaps)
	case 4: // a column without a name
		names := slices.Clone(s.theme.header)
		names[1+i%(len(names)-2)] = ""
		s.titles(i%2*2, 2)
		s.header(names...)
		s.rows(6, s.gaps)
	default: // a long preamble
		for n, key := range split(
			"Report|Client|Period|Created|Created by|Filter|Currency|Page|Remarks|Status|Contact|Version") {
			if n%4 == 3 && i%2 == 0 {
				s.blank()
			}
			s.cells(key, s.one(split("2026|all|Sam Example|final|01.10.2026|12")))
		}
		s.blank()
		s.header()
		s.rows(8, s.gaps)
	}
	return s
}
