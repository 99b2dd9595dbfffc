// Package strictyaml reads the project's data files: YAML in which an unknown
// key, a double key or a wrong type is an error that names file and line. It
// knows no format of its own; seeds, tree, rules and articles share it.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile is the largest data file that is read, in bytes. It bounds what a
// mistaken copy can cost; our largest file is far below it.
const maxFile = 8 << 20

// A File is one data file that was read, kept to say where in it something is.
type File struct {
	Name string
	data []byte
	tree *ast.File // parsed when a place is first asked for
}

// Read decodes the file at name into v. Its error says file, line and what is
// wrong in that line.
func Read(fsys fs.FS, name string, v any) (*File, error) {
	r, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d MiB, which no data file is", name, maxFile>>20)
	}
	return Parse(name, data, v)
}

// Parse is Read for data that is already in memory.
func Parse(name string, data []byte, v any) (*File, error) {
	f := &File{Name: name, data: data}
	if bytes.Contains(data, []byte(": *")) || bytes.Contains(data, []byte("- *")) {
		// Aliases allow a small file to grow without end; none of our files needs one.
		return nil, fmt.Errorf("%s: uses a YAML alias (*name); write the value out", name)
	}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return nil, f.wrap(err)
	}
	return f, nil
}

// wrap puts file and line in front of a decoding error.
func (f *File) wrap(err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		p := e.GetToken().Position
		return fmt.Errorf("%s:%d:%d: %s", f.Name, p.Line, p.Column, e.GetMessage())
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", f.Name, first)
}

// At names a place in the file as "file:line:col" for a path such as
// "$.courses[3].fields"; only the file's name when the path is not in it.
func (f *File) At(path string) string {
	if f.tree == nil {
		tree, err := parser.ParseBytes(f.data, 0)
		if err != nil {
			return f.Name
		}
		f.tree = tree
	}
	p, err := yaml.PathString(path)
	if err != nil {
		return f.Name
	}
	node, err := p.FilterFile(f.tree)
	if err != nil || node == nil {
		if up := strings.LastIndexAny(path, ".["); up > 1 {
			return f.At(path[:up]) // the field is missing: point at its parent
		}
		return f.Name
	}
	pos := node.GetToken().Position
	if pos.Line == 0 {
		return f.Name
	}
	return fmt.Sprintf("%s:%d:%d", f.Name, pos.Line, pos.Column)
}
