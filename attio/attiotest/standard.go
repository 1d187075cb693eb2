package attiotest

import "encoding/json"

// Standard is the built-in workspace: Attio's standard objects with their own attributes (users, workspaces and deals
// enabled), a custom object "specimens" with an attribute of every type, three members, and no records.
func Standard() *Workspace {
	return &Workspace{
		Name: "Sandbox", Slug: "sandbox",
		Members: []Member{
			{FirstName: "Sam", LastName: "Rivera", Email: "sam@example.com", AccessLevel: "admin"},
			{FirstName: "Noor", LastName: "Haddad", Email: "noor@example.com"},
			{FirstName: "Kai", LastName: "Lindqvist", Email: "kai@example.com", AccessLevel: "suspended"},
		},
		Objects: []Object{people(), companies(), deals(), users(), workspaces(), specimens()},
	}
}

// attr makes one of Attio's own attributes; the options set what is not usual about it.
func attr(slug, title, typ string, more ...func(*Attribute)) Attribute {
	a := Attribute{Slug: slug, Title: title, Type: typ, System: true}
	for _, m := range more {
		m(&a)
	}
	return a
}

// custom makes an attribute such as a team adds.
func custom(slug, title, typ string, more ...func(*Attribute)) Attribute {
	a := attr(slug, title, typ, more...)
	a.System = false
	return a
}

// What is not usual about an attribute.
func readOnlyAttr(a *Attribute) { a.ReadOnly = true }
func uniqueAttr(a *Attribute)   { a.Unique = true }
func multiAttr(a *Attribute)    { a.Multi = true }
func requiredAttr(a *Attribute) { a.Required = true }

// to makes a reference to objects, two-way where it names its inverse.
func to(inverse string, objects ...string) func(*Attribute) {
	return func(a *Attribute) { a.Inverse, a.Objects = inverse, objects }
}

func inCurrency(code string) func(*Attribute) { return func(a *Attribute) { a.Currency = code } }

// titles are the options of a select or a status.
func titles(list ...string) func(*Attribute) {
	return func(a *Attribute) {
		for _, t := range list {
			a.Options = append(a.Options, Option{Title: t})
		}
	}
}

// social are the links that people and companies share.
func social() []Attribute {
	return []Attribute{attr("angellist", "AngelList", "text"), attr("facebook", "Facebook", "text"),
		attr("instagram", "Instagram", "text"), attr("linkedin", "LinkedIn", "text"), attr("twitter", "Twitter", "text"),
		attr("twitter_follower_count", "Twitter follower count", "number", readOnlyAttr)}
}

// interactions are what Attio itself keeps of mails and meetings.
func interactions() []Attribute {
	var list []Attribute
	for _, kind := range [][2]string{{"first_calendar_interaction", "First calendar interaction"},
		{"last_calendar_interaction", "Last calendar interaction"}, {"next_calendar_interaction",
			"Next calendar interaction"},
		{"first_email_interaction", "First email interaction"}, {"last_email_interaction", "Last email interaction"},
		{"first_interaction", "First interaction"}, {"last_interaction", "Last interaction"},
		{"next_interaction", "Next interaction"}} {
		list = append(list, attr(kind[0], kind[1], "interaction", readOnlyAttr))
	}
	return append(list,
		attr("strongest_connection_strength_legacy", "Connection strength (legacy)", "number", readOnlyAttr),
		attr("strongest_connection_strength", "Connection strength", "select", readOnlyAttr,
			titles("Very weak", "Weak", "Good", "Strong", "Very strong")),
		attr("strongest_connection_user", "Strongest connection", "actor-reference", readOnlyAttr))
}

// people: all optional; e-mail addresses are its only key, and Attio lets nobody add another.
func people() Object {
	list := []Attribute{
		attr("name", "Name", "personal-name"),
		attr("email_addresses", "Email addresses", "email-address", uniqueAttr, multiAttr),
		attr("description", "Description", "text"),
		attr("company", "Company", "record-reference", to("companies.team", "companies")),
		attr("job_title", "Job title", "text"),
		attr("avatar_url", "Avatar URL", "text", readOnlyAttr),
		attr("phone_numbers", "Phone numbers", "phone-number", multiAttr),
		attr("primary_location", "Primary location", "location"),
	}
	list = append(append(list, social()...), interactions()...)
	list = append(list,
		attr("associated_deals", "Associated deals", "record-reference", multiAttr, to("deals.associated_people", "deals")),
		attr("associated_users", "Associated users", "record-reference", multiAttr, to("users.person", "users")))
	return Object{Slug: "people", Singular: "Person", Plural: "People", Attributes: list}
}

// companies: domains are its only key. Of the 152 preset categories a few stand for all.
func companies() Object {
	list := []Attribute{
		attr("domains", "Domains", "domain", uniqueAttr, multiAttr),
		attr("name", "Name", "text"),
		attr("description", "Description", "text"),
		attr("team", "Team", "record-reference", multiAttr, to("people.company", "people")),
		attr("categories", "Categories", "select", multiAttr, titles("3D Printing", "Accounting", "B2B", "B2C",
			"Biotechnology",
			"E-commerce", "Education", "Enterprise", "Financial Services", "Food & Beverage", "Health Care", "Information "+
				"Technology & Services",
			"Manufacturing", "SAAS", "Transportation")),
		attr("primary_location", "Primary location", "location"),
		attr("logo_url", "Logo URL", "text", readOnlyAttr),
	}
	list = append(append(list, social()...),
		attr("estimated_arr_usd", "Estimated ARR", "select", titles("$0-$1M", "$1M-$10M", "$10M-$50M", "$50M-$100M",
			"$100M-$250M",
			"$250M-$500M", "$500M-$1B", "$1B-$10B", "$10B+")),
		attr("funding_raised_usd", "Funding raised", "currency", inCurrency("USD")),
		attr("foundation_date", "Foundation date", "date"),
		attr("employee_range", "Employee range", "select", titles("1-10", "11-50", "51-250", "251-1K", "1K-5K", "5K-10K",
			"10K-50K",
			"50K-100K", "100K+")))
	list = append(list, interactions()...)
	list = append(list,
		attr("associated_deals", "Associated deals", "record-reference", multiAttr, to("deals.associated_company", "deals")),
		attr("associated_workspaces", "Associated workspaces", "record-reference", multiAttr, to("workspaces.company",
			"workspaces")))
	for i := range list {
		if list[i].Slug == "associated_deals" { // the one system attribute that was seen with a description
			list[i].Description = "Deal records associated with a Company record"
		}
	}
	return Object{Slug: "companies", Singular: "Company", Plural: "Companies", Attributes: list}
}

// deals: three required attributes, and no unique one unless somebody adds it.
func deals() Object {
	stages := func(a *Attribute) {
		a.Options = []Option{{Title: "Lead"}, {Title: "In Progress"}, {Title: "Won 🎉", Celebration: true}, {Title: "Lost"}}
	}
	return Object{Slug: "deals", Singular: "Deal", Plural: "Deals", Attributes: []Attribute{
		attr("name", "Deal name", "text", requiredAttr),
		attr("stage", "Deal stage", "status", requiredAttr, stages),
		attr("owner", "Deal owner", "actor-reference", requiredAttr),
		attr("value", "Deal value", "currency", inCurrency("USD")),
		attr("associated_people", "Associated people", "record-reference", multiAttr, to("people.associated_deals",
			"people")),
		attr("associated_company", "Associated company", "record-reference", to("companies.associated_deals", "companies")),
	}}
}

// users: two required unique attributes. The type of the address is the newer of two that Attio's pages name.
func users() Object {
	return Object{Slug: "users", Singular: "User", Plural: "Users", Attributes: []Attribute{
		attr("person", "Person", "record-reference", to("people.associated_users", "people")),
		attr("primary_email_address", "Primary email address", "email-address", requiredAttr, uniqueAttr),
		attr("user_id", "ID", "text", requiredAttr, uniqueAttr),
		attr("workspace", "Workspace", "record-reference", multiAttr, to("workspaces.users", "workspaces")),
		// The sandbox's own, such as teams add; they stand behind created_by.
		custom("full_name", "Name", "personal-name"),
		custom("plan", "Plan", "select", titles("Free", "Starter", "Professional", "Enterprise")),
		custom("signed_up_at", "Signed up", "date"),
		custom("last_seen_at", "Last seen", "timestamp"),
		custom("mrr", "MRR", "currency", inCurrency("EUR")),
		custom("phone", "Phone", "phone-number"),
		custom("newsletter", "Newsletter", "checkbox"),
		custom("interests", "Interests", "select", multiAttr, titles("Product", "Pricing", "Events", "Security")),
		custom("source", "Source", "text"),
	}}
}

// workspaces: customers' workspaces, not Attio's.
func workspaces() Object {
	return Object{Slug: "workspaces", Singular: "Workspace", Plural: "Workspaces", Attributes: []Attribute{
		attr("workspace_id", "ID", "text", requiredAttr, uniqueAttr),
		attr("name", "Name", "text"),
		attr("users", "Users", "record-reference", multiAttr, to("users.workspace", "users")),
		attr("company", "Company", "record-reference", to("companies.associated_workspaces", "companies")),
		attr("avatar_url", "Avatar URL", "text"),
	}}
}

// specimens has an attribute of each type that can be made, single and multi where both exist.
func specimens() Object {
	described := func(text string) func(*Attribute) { return func(a *Attribute) { a.Description = text } }
	return Object{Slug: "specimens", Singular: "Specimen", Plural: "Specimens", Attributes: []Attribute{
		custom("code", "Code", "text", uniqueAttr, described("The specimen's own number")),
		custom("label", "Label", "text"),
		custom("serial", "Serial", "number", uniqueAttr),
		custom("amount", "Amount", "number"),
		custom("verified", "Verified", "checkbox"),
		custom("price", "Price", "currency", inCurrency("EUR")),
		custom("collected_on", "Collected on", "date"),
		custom("observed_at", "Observed at", "timestamp"),
		custom("quality", "Quality", "rating"),
		custom("state", "State", "status", titles("New", "In review", "Done")),
		custom("kind", "Kind", "select", titles("Plant", "Animal", "Mineral")),
		custom("tags", "Tags", "select", multiAttr, titles("Rare", "Fragile", "On loan", "Red, dried")),
		custom("finder", "Finder", "record-reference", to("", "people")),
		custom("related", "Related", "record-reference", multiAttr, to("", "people", "companies", "specimens")),
		custom("museums", "Museums", "record-reference", multiAttr, to("", "companies")),
		custom("keeper", "Keeper", "actor-reference"),
		custom("watchers", "Watchers", "actor-reference", multiAttr),
		custom("found_at", "Found at", "location"),
		custom("website", "Website", "domain"),
		custom("mirrors", "Mirrors", "domain", multiAttr),
		custom("contact", "Contact", "email-address", uniqueAttr),
		custom("cc", "CC", "email-address", multiAttr),
		custom("phone", "Phone", "phone-number"),
		custom("phones", "Phones", "phone-number", multiAttr),
		custom("grade", "Grade", "select", titles("A", "B"), func(a *Attribute) { a.Default = json.RawMessage(`"B"`) }),
		custom("retired", "Retired", "text", func(a *Attribute) { a.Archived = true }),
	}}
}
