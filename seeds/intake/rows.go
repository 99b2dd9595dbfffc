package intake

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
)

// maxColumns is more than any list has.
const maxColumns = 500

// A row is one line of a list. cells are in the order of the columns.
type row struct {
	n     int // as a spreadsheet numbers it; in JSON the number of the object
	cells []string
	hash  uint64 // of all cells; equal rows are duplicates
}

// A reader gives the rows of a list, one at a time.
type reader interface {
	columns() []string // in JSON they may grow from row to row
	// next returns errEnd after the last row. Any other error names file, row
	// and column.
	next() (row, error)
	// goesOn reports whether the rows after an error can still be read.
	goesOn() bool
}

func (s *source) rows() (reader, error) {
	m, err := s.text()
	if err != nil {
		return nil, err
	}
	if s.json {
		return newObjects(s.name, m)
	}
	return newTable(s, m)
}

// A table reads CSV.
type table struct {
	name   string
	csv    *csv.Reader
	meter  *meter
	header []string
	extra  int // lines beyond one per row so far, of cells with line ends
	broken bool
	seed   maphash.Seed
}

func newTable(s *source, m *meter) (*table, error) {
	m.record()
	br := bufio.NewReaderSize(m, 16<<10)
	if s.sepRow {
		if _, err := br.ReadString('\n'); err != nil {
			return nil, fmt.Errorf("%s:1: no columns", s.name)
		}
	}
	t := &table{name: s.name, csv: csv.NewReader(br), meter: m, seed: maphash.MakeSeed()}
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = s.comma, -1, true
	if s.sepRow {
		t.extra = -1
	}
	head, err := t.csv.Read()
	if err != nil {
		return nil, t.place(err)
	}
	if len(head) > maxColumns {
		return nil, fmt.Errorf("%s:1: %d columns: this is no list of courses", s.name, len(head))
	}
	t.header = slices.Clone(head)
	for i := range t.header {
		t.header[i] = clean(t.header[i])
	}
	t.lines(head)
	return t, nil
}

func (t *table) columns() []string { return t.header }
func (t *table) goesOn() bool      { return !t.broken }

// lines keeps count of the line ends inside cells.
func (t *table) lines(cells []string) {
	for _, c := range cells {
		t.extra += strings.Count(c, "\n")
	}
}

func (t *table) next() (row, error) {
	for {
		t.meter.record()
		cells, err := t.csv.Read()
		if err == io.EOF {
			return row{}, errEnd
		}
		if err != nil {
			t.broken = true // after a stray quote nobody knows where the next row begins
			return row{}, t.place(err)
		}
		line, _ := t.csv.FieldPos(0)
		r := row{n: line - t.extra, cells: cells}
		t.lines(cells)
		filled := len(cells)
		for filled > 0 && strings.TrimSpace(cells[filled-1]) == "" {
			filled--
		}
		if filled == 0 {
			continue // Excel leaves empty rows at the end
		}
		if filled > len(t.header) {
			return row{}, fmt.Errorf("%s:%d:%d: more cells than columns: is a text with the separator not quoted?", t.name, r.n, len(t.header)+1)
		}
		if len(cells) < len(t.header) {
			return row{}, fmt.Errorf("%s:%d:%d: %d cells, while there are %d columns: the row is cut off", t.name, r.n, len(cells), len(cells), len(t.header))
		}
		var h maphash.Hash
		h.SetSeed(t.seed)
		for _, c := range cells[:len(t.header)] {
			h.WriteString(c)
			h.WriteByte(0)
		}
		r.hash = h.Sum64()
		return r, nil
	}
}

func (t *table) place(err error) error {
	var p *csv.ParseError
	switch {
	case errors.As(err, &p):
		return fmt.Errorf("%s:%d: at character %d: %s; a quote inside a text is written twice", t.name, max(1, p.StartLine-t.extra), p.Column, p.Err)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s:1: no columns", t.name)
	}
	line, _ := t.csv.FieldPos(0)
	return fmt.Errorf("%s: after row %d: %w", t.name, max(0, line-t.extra), err)
}

// objects reads a JSON array of objects, or one object per line.
type objects struct {
	name   string
	meter  *meter
	dec    *json.Decoder
	array  bool
	n      int
	keys   []string       // of all objects so far, in the order in which they came
	at     map[string]int // key to its place in keys
	first  *row
	broken bool
	seed   maphash.Seed
}

func newObjects(name string, m *meter) (*objects, error) {
	m.record()
	br := bufio.NewReaderSize(m, 16<<10)
	o := &objects{name: name, meter: m, at: map[string]int{}, seed: maphash.MakeSeed()}
	for {
		c, err := br.ReadByte()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			o.array = c == '['
			_ = br.UnreadByte()
			break
		}
	}
	o.dec = json.NewDecoder(br)
	o.dec.UseNumber()
	if o.array {
		_, _ = o.dec.Token()
	}
	// The keys of the first object stand for the columns of the list.
	r, err := o.next()
	if err == errEnd {
		return nil, fmt.Errorf("%s: no objects", name)
	}
	if err != nil {
		return nil, err
	}
	o.first = &r
	return o, nil
}

func (o *objects) columns() []string { return o.keys }
func (o *objects) goesOn() bool      { return !o.broken }

func (o *objects) next() (row, error) {
	if r := o.first; r != nil {
		o.first = nil
		return *r, nil
	}
	o.meter.record()
	if o.array && !o.dec.More() {
		if _, err := o.dec.Token(); err != nil {
			o.broken = true
			return row{}, fmt.Errorf("%s:%d: %w; the array is not closed", o.name, o.n+1, err)
		}
		return row{}, errEnd
	}
	var v map[string]any
	err := o.dec.Decode(&v)
	if err == io.EOF && !o.array {
		return row{}, errEnd
	}
	o.n++
	if err != nil {
		o.broken = true
		return row{}, fmt.Errorf("%s:%d: %w; write one JSON object per row", o.name, o.n, err)
	}
	r := row{n: o.n, cells: make([]string, len(o.keys))}
	names := make([]string, 0, len(v))
	for k := range v {
		names = append(names, k)
	}
	slices.Sort(names)
	var h maphash.Hash
	h.SetSeed(o.seed)
	for _, k := range names {
		s, err := cell(v[k])
		if err != nil {
			return row{}, fmt.Errorf("%s:%d: %s: %w", o.name, o.n, k, err)
		}
		h.WriteString(k + "\x00" + s + "\x00")
		i, ok := o.at[k]
		if !ok {
			if len(o.keys) == maxColumns {
				return row{}, fmt.Errorf("%s:%d: more than %d keys: this is no list of courses", o.name, o.n, maxColumns)
			}
			i = len(o.keys)
			o.at[k], o.keys = i, append(o.keys, k)
			r.cells = append(r.cells, "")
		}
		r.cells[i] = s
	}
	r.hash = h.Sum64()
	return r, nil
}

// cell writes a JSON value as the text of a cell. A list becomes its values
// with semicolons.
func cell(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			if _, nested := e.([]any); nested {
				return "", errors.New("a list in a list")
			}
			s, err := cell(e)
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		return strings.Join(parts, "; "), nil
	}
	return "", errors.New("an object inside an object: write its values beside the others")
}
