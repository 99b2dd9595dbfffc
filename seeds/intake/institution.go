package intake

import (
	"fmt"
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// institutionID is the id of who gives it: ours when we know it, else the one
// that it would get; "" when the row names nobody.
func (in *intake) institutionID(c *cells) string {
	number, name := c.v[fNumber], c.v[fInstitution]
	for _, key := range []string{number, name} {
		if id, ok := in.m.inst[fold(key)]; ok && key != "" {
			return id
		}
	}
	prefix := strings.ToLower(string(in.m.Provider)) + "-"
	if number != "" {
		if in.insts[number] != nil {
			return number
		}
		if strings.Trim(number, "0123456789") == "" && len(number) <= 6 {
			number = strings.Repeat("0", 6-len(number)) + number // Excel drops the first zeros
		}
		if id := prefix + slug(number); in.insts[id] != nil || in.numbered {
			return id
		}
	}
	if ids := in.instNames[fold(name)]; len(ids) == 1 {
		return ids[0]
	}
	switch {
	case slug(name) == "":
		return ""
	case number != "":
		return prefix + slug(number)
	}
	return prefix + slug(name)
}

// settle finds who gives the offer and where. It returns false, after telling
// why, when the row cannot be taken in.
func (in *intake) settle(c *cells, s *staged, id string) bool {
	if id == "" {
		in.suspicions.add("missing name", s.row, "the row names no school or centre")
		return false
	}
	x := in.insts[id]
	if x == nil {
		if c.v[fInstitution] == "" {
			in.suspicions.add("missing name", s.row, fmt.Sprintf("institution %s is new, and the row does not name it", c.v[fNumber]))
			return false
		}
		x = &institution{row: s.row}
		x.ID = id
	}
	s.inst = x
	postcode, commune, ok := in.place(c, fPostcode, fCommune)
	if !ok {
		in.suspicions.add("unknown commune", s.row, in.strange(c, fPostcode, fCommune))
		if !x.known {
			return false
		}
		s.skip = true // it is still given: not gone
	}
	s.campus, s.street, s.postcode, s.commune = c.v[fCampus], c.v[fStreet], postcode, commune
	home, town, ok := in.place(c, fInstPostcode, fInstCommune)
	if !ok {
		in.suspicions.add("unknown commune", s.row, in.strange(c, fInstPostcode, fInstCommune))
		if !x.known {
			return false
		}
		home, town = "", ""
	}
	if !x.known && x.Name == "" {
		in.newInstitution(c, s, home, town)
	}
	if x.known && !x.seen {
		x.seen = true
		in.compare(c, s, home, town)
	}
	if want := in.m.only[fRegion]; want != nil && !slices.Contains(want, in.region(s)) {
		in.report.PassedOver++
		return false
	}
	if in.insts[id] == nil {
		in.insts[id] = x
	}
	return true
}

func (in *intake) region(s *staged) string {
	postcode, commune := s.postcode, s.commune
	if postcode == "" && commune == "" {
		postcode, commune = s.inst.Postcode, s.inst.Commune
	}
	if m, ok := in.whole.CommuneOf(postcode, commune); ok {
		return string(m.Region)
	}
	return ""
}

// place reads postcode and commune as the gazetteer has them. ok is true too
// when the row says neither.
func (in *intake) place(c *cells, fp, fc field) (postcode, commune string, ok bool) {
	postcode, commune = c.v[fp], c.v[fc]
	if postcode == "" && commune == "" {
		return "", "", true
	}
	named := in.communes[fold(commune)]
	if postcode == "" {
		if named == nil {
			return "", "", false
		}
		return "", named.Name.NL, true
	}
	m, ok := in.whole.Postcode(postcode)
	if !ok || named != nil && named != m {
		return "", "", false
	}
	return postcode, m.Name.NL, true
}

func (in *intake) strange(c *cells, fp, fc field) string {
	at := strings.TrimSpace(c.v[fp] + " " + c.v[fc])
	if m, ok := in.whole.Postcode(c.v[fp]); ok {
		return fmt.Sprintf("%s: postcode %s is %s", at, c.v[fp], m.Name.NL)
	}
	return at + " is not in the gazetteer (places.yaml)"
}

// newInstitution fills an institution that we did not have.
func (in *intake) newInstitution(c *cells, s *staged, home, town string) {
	x := s.inst
	x.Name, x.Network = c.v[fInstitution], c.v[fNetwork]
	x.Street, x.Postcode, x.Commune = c.v[fInstStreet], home, town
	if home == "" && town == "" {
		x.Street, x.Postcode, x.Commune = s.street, s.postcode, s.commune
	}
	x.URL = address(c.v[fInstURL])
	x.Source, x.AsOf = in.m.Source, s.asOf
}

// compare renews an institution of ours, when the list carries its address
// too; a name alone does not say which of our facts it replaces.
func (in *intake) compare(c *cells, s *staged, home, town string) {
	x := s.inst
	fresh := x.Institution
	if name := c.v[fInstitution]; name != "" && !slices.Contains(names(x.Name), fold(name)) {
		fresh.Name = name
	}
	if home == "" {
		if fresh.Name != x.Name {
			in.suspicions.add("institution differs", s.row, fmt.Sprintf("%s is %q here and %q in the catalogue", x.ID, fresh.Name, x.Name))
		}
		return
	}
	if home != x.Postcode || town != x.Commune || c.v[fInstStreet] != "" && fold(c.v[fInstStreet]) != fold(x.Street) {
		fresh.Street, fresh.Postcode, fresh.Commune = c.v[fInstStreet], home, town
		if x.Street != "" || home != x.Postcode {
			fresh.Lat, fresh.Lon = nil, nil // of the old address
		}
	}
	if c.v[fNetwork] != "" && fold(c.v[fNetwork]) != fold(x.Network) {
		fresh.Network = c.v[fNetwork]
	}
	if u := address(c.v[fInstURL]); u != "" && bareURL(u) != bareURL(x.URL) {
		fresh.URL = u
	}
	fields := changes(x.Institution, fresh)
	if len(fields) == 0 {
		return
	}
	if older(s.asOf, x.AsOf) {
		in.suspicions.add("older than ours", s.row, fmt.Sprintf("%s is of %s, the list of %s", x.ID, x.AsOf, s.asOf))
		return
	}
	fresh.Source, fresh.AsOf = in.m.Source, s.asOf
	if fresh.Note != (catalogue.Text{}) {
		in.suspicions.add("note of the old source", s.row, fmt.Sprintf("%s: its note was written for %q: does it still hold?", x.ID, x.Source))
	}
	in.report.Changed = append(in.report.Changed, Change{Item{"institution", x.ID, fresh.Name, s.row}, changes(x.Institution, fresh)})
	x.Institution = fresh
}

// bareURL is an address without what does not change where it leads.
func bareURL(u string) string {
	_, rest, _ := strings.Cut(strings.ToLower(u), "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}

// older reports whether a list of year a speaks of a time before b.
func older(a, b string) bool {
	x, ok := catalogue.End(a)
	y, ok2 := catalogue.End(b)
	return ok && ok2 && x.Before(y)
}
