package attiotest

import "strings"

// enrichment is what Attio's own system will do to a person some time after its creation.
type enrichment struct {
	at     int64
	person *record
}

// freeMail are domains of which no company is made.
var freeMail = map[string]bool{"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true,
	"yahoo.com": true, "icloud.com": true, "proton.me": true, "protonmail.com": true, "aol.com": true, "gmx.de": true,
	"gmx.net": true, "web.de": true}

// enrichLater plans what Attio does to a new person; nothing where Options.Enrich is not set.
func (s *Server) enrichLater(rec *record, now int64) {
	if s.o.Enrich > 0 && rec.object.slug == "people" {
		s.due = append(s.due, enrichment{now + int64(s.o.Enrich), rec})
	}
}

// enrich does what is due: the system makes the company of a person's e-mail domain, or finds it, and links both. A
// company that was given wins. It wants the write lock.
func (s *Server) enrich(now int64) {
	rest := s.due[:0]
	for _, e := range s.due {
		if e.at > now {
			rest = append(rest, e)
		} else if !e.person.gone {
			s.linkCompany(e.person, e.at/1e6)
		}
	}
	clear(s.due[len(rest):])
	s.due = rest
}

// linkCompany does it for one person. The root of the first e-mail domain that is a company's decides, as it did in the
// recorded case: an @mail.example.com belongs to example.com.
func (s *Server) linkCompany(person *record, at int64) {
	companies := s.ws.object("companies")
	link, mails := person.object.live("company"), person.object.live("email_addresses")
	if companies == nil || link == nil || mails == nil || len(person.values(link)) > 0 {
		return
	}
	for _, v := range person.values(mails) {
		root := v.body.(parts)[3]
		if freeMail[root] {
			continue
		}
		w := write{trusted: true, object: companies, by: s.ws.system, at: at, create: true}
		domains := companies.live("domains")
		found := domains.holders(parts{root, root})
		if len(found) == 0 {
			company := &record{object: companies, id: s.ids.next(), created: at, by: s.ws.system}
			label, _, _ := strings.Cut(root, ".")
			name := strings.ToUpper(label[:1]) + label[1:]
			if attempt(func() { w.apply(company, fields{{"domains", []any{root}}, {"name", name}}) }) != nil {
				return // a domain that companies refuse
			}
			found = []*record{company}
		}
		w.set(person, link, []value{{at, s.ws.system, found[0]}})
		return
	}
}
