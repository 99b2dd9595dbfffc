package intake

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sort"
	"time"
)

// files is a folder in memory, to try a change before it is written.
type files map[string][]byte

// Open opens a file.
func (f files) Open(name string) (fs.File, error) {
	data, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openFile{Reader: bytes.NewReader(data), name: name}, nil
}

type openFile struct {
	*bytes.Reader
	name string
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *openFile) Close() error               { return nil }
func (f *openFile) Name() string               { return f.name }
func (f *openFile) Size() int64                { return f.Reader.Size() }
func (f *openFile) Mode() fs.FileMode          { return 0o444 }
func (f *openFile) ModTime() time.Time         { return time.Time{} }
func (f *openFile) IsDir() bool                { return false }
func (f *openFile) Sys() any                   { return nil }

// A change is one file's text before and after.
type change struct{ old, new []byte }

// replace writes all changes or none. Each new text is on disk beside the old
// one before the first is put in its place; a fault takes the earlier ones
// back. It refuses when a file is no longer as it was read.
func replace(root *os.Root, changes map[string]change) (err error) {
	names := make([]string, 0, len(changes))
	for name := range changes {
		names = append(names, name)
	}
	sort.Strings(names)
	fresh := map[string]string{}
	defer func() {
		for _, temp := range fresh {
			_ = root.Remove(temp) // what was put in place is no longer there
		}
	}()
	for _, name := range names {
		temp := "." + name + "." + rand.Text() + ".new"
		fresh[name] = temp
		if err := write(root, temp, changes[name].new, mode(root, name)); err != nil {
			return err
		}
	}
	for _, name := range names {
		now, err := root.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !bytes.Equal(now, changes[name].old) {
			return fmt.Errorf("%s: somebody else changed it meanwhile, so nothing was written; try again", name)
		}
	}
	for i, name := range names {
		if err := root.Rename(fresh[name], name); err != nil {
			for _, back := range names[:i] {
				if e := root.WriteFile(back, changes[back].old, 0o644); e != nil {
					err = fmt.Errorf("%w; and %s could not be put back: %w", err, back, e)
				}
			}
			return err
		}
	}
	return syncFolder(root)
}

func mode(root *os.Root, name string) fs.FileMode {
	info, err := root.Stat(name)
	if err != nil {
		return 0o644
	}
	return info.Mode().Perm()
}

func write(root *os.Root, name string, data []byte, perm fs.FileMode) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes the renames last. Windows cannot sync a folder and needs not.
func syncFolder(root *os.Root) error {
	d, err := root.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}

// WriteFolder writes files into a folder that has none of them yet, and makes
// the folder when it is not there.
func WriteFolder(dir string, texts map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	changes := map[string]change{}
	for name, text := range texts {
		if _, err := root.Stat(name); err == nil {
			return fmt.Errorf("%s: holds %s already; nothing is overwritten", dir, name)
		}
		changes[name] = change{new: text}
	}
	return replace(root, changes)
}

var _ io.Reader = (*openFile)(nil)
