package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxSource is the largest list that is read, in bytes.
const maxSource = 2 << 30

// maxRecord bounds one row, in bytes: what is longer is a quote that is never
// closed, or no table at all.
const maxRecord = 1 << 20

// A source is one list on disk: a plain file, never an archive.
type source struct {
	name   string // without folders, as it is told to people
	file   *os.File
	size   int64
	count  *counter
	latin  bool // Windows-1252; else UTF-8
	bom    bool
	json   bool
	comma  rune
	sepRow bool // the file begins with Excel's own "sep=;"
}

var errEnd = io.EOF

// archives are the first bytes of what people send instead of a text file.
var archives = []struct{ magic, what string }{
	{"PK\x03\x04", "a zip archive or an Excel workbook"},
	{"PK\x05\x06", "an empty zip archive"},
	{"\xd0\xcf\x11\xe0", "an old Excel workbook"},
	{"\x1f\x8b", "a gzip archive"},
	{"BZh", "a bzip2 archive"},
	{"\xfd7zXZ", "an xz archive"},
	{"7z\xbc\xaf", "a 7z archive"},
	{"\x28\xb5\x2f\xfd", "a zstd archive"},
	{"Rar!", "a rar archive"},
	{"%PDF", "a PDF"},
	{"\xff\xfe", "text in UTF-16"},
	{"\xfe\xff", "text in UTF-16"},
}

// open looks through the whole file once, to know how it is written.
func open(name string) (*source, error) {
	s := &source{name: filepath.Base(name)}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a plain file", name)
	}
	if info.Size() > maxSource {
		return nil, fmt.Errorf("%s: larger than %d GiB", name, maxSource>>30)
	}
	if s.file, err = os.Open(name); err != nil {
		return nil, err
	}
	s.size = info.Size()
	if err := s.look(); err != nil {
		s.Close()
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return s, nil
}

// Close closes the file.
func (s *source) Close() error { return s.file.Close() }

func (s *source) read() int64 { return s.count.n }

func (s *source) format() string {
	if s.json {
		return "JSON"
	}
	enc := "UTF-8"
	if s.latin {
		enc = "Windows-1252"
	}
	sep := string(s.comma)
	if s.comma == '\t' {
		sep = "tabs"
	}
	return "CSV with " + sep + " in " + enc
}

// look finds encoding, kind and separator. A byte that is not UTF-8 in a file
// that otherwise shows real UTF-8 is a fault of the file; in any other file it
// means Windows-1252, which Excel writes in Belgium.
func (s *source) look() error {
	r := bufio.NewReaderSize(io.LimitReader(s.file, s.size), 64<<10)
	head, err := r.Peek(32 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for _, a := range archives {
		if bytes.HasPrefix(head, []byte(a.magic)) {
			return fmt.Errorf("is %s: save it as CSV (UTF-8) or JSON first", a.what)
		}
	}
	head, s.bom = bytes.CutPrefix(head, []byte("\xef\xbb\xbf"))
	head = bytes.TrimLeft(head, " \t\r\n")
	s.json = len(head) > 0 && (head[0] == '[' || head[0] == '{')
	if len(head) == 0 {
		return errors.New("is empty")
	}
	s.separator(head)
	return s.encoding(r)
}

// encoding reads to the end, in bounded memory.
func (s *source) encoding(r *bufio.Reader) error {
	var buf [64 << 10]byte
	var many, bad, line, badLine int
	line = 1
	keep := 0
	for {
		n, err := r.Read(buf[keep:])
		b := buf[:keep+n]
		if bytes.IndexByte(b, 0) >= 0 {
			return fmt.Errorf("line %d: holds binary data: save it as CSV (UTF-8) or JSON", line)
		}
		keep = 0
		for len(b) > 0 {
			if i := tail(b); i > 0 { // bytes of one plain run
				line += bytes.Count(b[:i], []byte("\n"))
				b = b[i:]
				continue
			}
			if !utf8.FullRune(b) && err == nil {
				keep = copy(buf[:], b)
				break
			}
			c, size := utf8.DecodeRune(b)
			if c == utf8.RuneError && size == 1 {
				if bad++; badLine == 0 {
					badLine = line
				}
			} else {
				many++
			}
			b = b[size:]
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	switch {
	case bad == 0:
	case s.bom || s.json || many > bad:
		return fmt.Errorf("line %d: not UTF-8, while the rest of the file is: save it again as UTF-8", badLine)
	default:
		s.latin = true
	}
	return nil
}

// tail is the length of the run of ASCII that b begins with.
func tail(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

// separator counts the three usual ones in the first line, outside quotes.
func (s *source) separator(head []byte) {
	line := head
	if low := bytes.ToLower(head[:min(len(head), 6)]); bytes.HasPrefix(low, []byte("sep=")) && len(low) > 4 {
		s.sepRow, s.comma = true, rune(head[4])
		if strings.ContainsRune(";,\t", s.comma) {
			return
		}
	}
	counts := map[rune]int{}
	quoted := false
	for _, c := range string(line) {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n' || c == '\r':
			counts['\n'] = 1
		default:
			counts[c]++
		}
		if counts['\n'] > 0 {
			break
		}
	}
	s.comma = ';'
	for _, c := range []rune{',', '\t'} {
		if counts[c] > counts[s.comma] {
			s.comma = c
		}
	}
}

// text is the whole file from its start as UTF-8, without its mark.
func (s *source) text() (*meter, error) {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	s.count = &counter{r: io.LimitReader(s.file, s.size)} // a file that grows meanwhile ends where we looked
	br := bufio.NewReaderSize(s.count, 256<<10)
	if s.bom {
		_, _ = br.Discard(3)
	}
	if s.latin {
		return &meter{r: charmap.Windows1252.NewDecoder().Reader(br)}, nil
	}
	return &meter{r: br}, nil
}

// A counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

// Read reads.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// errLong is what a meter returns for a row without end.
var errLong = fmt.Errorf("a row of more than %d kB: a quote is not closed, or this is no table", maxRecord>>10)

// A meter refuses to give more than maxRecord bytes for one record.
type meter struct {
	r    io.Reader
	left int
}

func (m *meter) record() { m.left = maxRecord }

// Read reads, within what is left for the record.
func (m *meter) Read(b []byte) (int, error) {
	if m.left <= 0 {
		return 0, errLong
	}
	n, err := m.r.Read(b[:min(len(b), 16<<10)])
	m.left -= n
	return n, err
}
