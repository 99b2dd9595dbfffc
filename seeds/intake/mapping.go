package intake

import (
	"embed"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

//go:embed mappings/*.yaml
var shipped embed.FS

// A Mapping tells how the list of one source is read: which column is which
// of our fields, and what its words mean in ours.
type Mapping struct {
	Format   int                `yaml:"format"`
	Name     string             `yaml:"name"`
	About    string             `yaml:"about"`
	Provider catalogue.Provider `yaml:"provider"`
	Source   string             `yaml:"source"` // as it will stand in the catalogue
	AsOf     string             `yaml:"as_of"`  // of rows without a date of their own
	// Scope says which of our offers are gone when the list lacks them: all
	// of the "provider", or those of the "institutions" that the list names.
	Scope string `yaml:"scope"`
	// Columns names each field's column; the first name that the list has
	// counts. Case, accents and signs do not matter. See fieldNames.
	Columns map[string][]string `yaml:"columns"`
	Need    []string            `yaml:"need"` // fields without which the list is another one
	// Values translates cells, per field. "-" passes over the row.
	Values map[string]map[string]string `yaml:"values"`
	// Fixed is the value of a field that the list does not have.
	Fixed map[string]string `yaml:"fixed"`
	// Only keeps the rows whose field has one of these values, after translation.
	Only map[string][]string `yaml:"only"`
	// New gives the offers that are added what the list does not say.
	New struct {
		PriceNote string   `yaml:"price_note"` // id of a condition
		Admission []string `yaml:"admission"`
	} `yaml:"new"`
	Institutions map[string]string `yaml:"institutions"` // number or name in the list to our id
	Courses      map[string]string `yaml:"courses"`      // code in the list to our course id
	Strip        []string          `yaml:"strip"`        // beginnings of titles that are no part of ours

	values [fieldCount]map[string]string // by folded cell
	only   [fieldCount][]string
	inst   map[string]string // by folded key
}

// A field is one thing that a list can say about an offer.
type field int

const (
	fNumber field = iota
	fInstitution
	fNetwork
	fInstStreet
	fInstPostcode
	fInstCommune
	fInstURL
	fCampus
	fStreet
	fPostcode
	fCommune
	fLat
	fLon
	fCode
	fCourse
	fTitle
	fLevel
	fFinality
	fForm
	fYears
	fCredits
	fPrice
	fLanguage
	fStart
	fURL
	fAsOf
	fTitleFR
	fTitleEN
	fSummaryNL
	fSummaryFR
	fSummaryEN
	fKeywordsNL
	fKeywordsFR
	fKeywordsEN
	fFields
	fRegion // derived: region of the commune; only for Only
	fieldCount
)

// fieldNames are the names of the fields in a mapping.
var fieldNames = [fieldCount]string{
	"institution_number", "institution_name", "network", "institution_street", "institution_postcode", "institution_commune",
	"institution_url", "campus", "street", "postcode", "commune", "lat", "lon", "code", "course_id", "title", "level", "finality",
	"form", "years", "credits", "price_eur", "teaching_language", "start", "url", "as_of", "title_fr", "title_en", "summary_nl",
	"summary_fr", "summary_en", "keywords_nl", "keywords_fr", "keywords_en", "fields", "region",
}

// Mappings names the shipped mappings.
func Mappings() []string {
	files, _ := shipped.ReadDir("mappings") // an embedded folder is always there
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// readMapping reads a shipped mapping by its name, or a file.
func readMapping(name string) (*Mapping, error) {
	var m Mapping
	if slices.Contains(Mappings(), name) {
		f, err := strictyaml.Read(shipped, path.Join("mappings", name+".yaml"), &m)
		if err != nil {
			return nil, err
		}
		return &m, m.check(f)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("mapping: %w; a file, or one of %v", err, Mappings())
	}
	f, err := strictyaml.Parse(filepath.Base(name), data, &m)
	if err != nil {
		return nil, err
	}
	return &m, m.check(f)
}

// check refuses a mapping that cannot be meant so, with file and line.
func (m *Mapping) check(f *strictyaml.File) error {
	bad := func(at, format string, args ...any) error {
		return fmt.Errorf("%s: %s", f.At(at), fmt.Sprintf(format, args...))
	}
	known := func(name string) (field, bool) {
		i := slices.Index(fieldNames[:], name)
		return field(i), i >= 0
	}
	switch {
	case m.Format != 1:
		return bad("$.format", "begin with format: 1")
	case !slices.Contains(catalogue.Providers, m.Provider):
		return bad("$.provider", "provider %q is not one of %v", m.Provider, catalogue.Providers)
	case strings.TrimSpace(m.Source) == "":
		return bad("$.source", "a fact without a source stays out: say which list this is")
	case m.AsOf != "" && !catalogue.ValidAsOf(m.AsOf):
		return bad("$.as_of", "as_of %q: write 2025-2026, 2025, 2025-11 or 2025-11-24", m.AsOf)
	case m.Scope != "provider" && m.Scope != "institutions":
		return bad("$.scope", "scope %q: write provider or institutions", m.Scope)
	}
	for name := range m.Columns {
		if _, ok := known(name); !ok {
			return bad("$.columns."+name, "%q is no field; the fields are %v", name, fieldNames)
		}
	}
	for _, name := range m.Need {
		if len(m.Columns[name]) == 0 {
			return bad("$.need", "%q has no column", name)
		}
	}
	for name, values := range m.Values {
		i, ok := known(name)
		if !ok {
			return bad("$.values."+name, "%q is no field", name)
		}
		m.values[i] = map[string]string{}
		for from, to := range values {
			m.values[i][fold(from)] = to
		}
	}
	for name, values := range m.Only {
		i, ok := known(name)
		if !ok {
			return bad("$.only."+name, "%q is no field", name)
		}
		m.only[i] = values
	}
	for name := range m.Fixed {
		if _, ok := known(name); !ok {
			return bad("$.fixed."+name, "%q is no field", name)
		}
	}
	m.inst = map[string]string{}
	for from, to := range m.Institutions {
		m.inst[fold(from)] = to
	}
	for i := range m.Strip {
		m.Strip[i] = fold(m.Strip[i]) + " "
	}
	// The longest first, so that "bachelor in de" is tried before "bachelor in".
	slices.SortStableFunc(m.Strip, func(a, b string) int { return len(b) - len(a) })
	return nil
}

// columns says for each column which field it is, or fieldCount for none.
func (m *Mapping) columns(header []string) []field {
	where := make([]field, len(header))
	at := map[string]int{}
	for i, h := range header {
		where[i] = fieldCount
		if _, twice := at[fold(h)]; !twice {
			at[fold(h)] = i
		}
	}
	for f, name := range fieldNames {
		for _, alias := range m.Columns[name] {
			if i, ok := at[fold(alias)]; ok {
				where[i] = field(f)
				break
			}
		}
	}
	return where
}

// locate is columns for a list that must have the needed ones.
func (m *Mapping) locate(header []string) ([]field, error) {
	where := m.columns(header)
	for _, name := range m.Need {
		if !slices.Contains(where, field(slices.Index(fieldNames[:], name))) {
			return nil, fmt.Errorf("no column for %s: mapping %s expects one of %q; the list has %q", name, m.Name, m.Columns[name], header)
		}
	}
	return where, nil
}

// chooseMapping reads the named mapping, or finds the shipped one whose columns
// the list has.
func chooseMapping(name string, header []string) (*Mapping, error) {
	if name != "" {
		return readMapping(name)
	}
	var best *Mapping
	most, tie := 0, false
	for _, n := range Mappings() {
		m, err := readMapping(n)
		if err != nil {
			return nil, err
		}
		where, err := m.locate(header)
		if err != nil {
			continue
		}
		found := 0
		for _, f := range where {
			if f != fieldCount {
				found++
			}
		}
		tie = found == most
		if found > most {
			best, most = m, found
		}
	}
	if best == nil || tie {
		return nil, fmt.Errorf("the columns %q do not tell which list this is: add --mapping with one of %v, or a file of your own", header, Mappings())
	}
	return best, nil
}
