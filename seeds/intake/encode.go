package intake

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"wegwijs/knowledge/catalogue"
)

// maxInline is the longest text in three languages that stands on one line,
// in bytes.
const maxInline = 100

// opening is the comment that a file begins with.
func opening(raw []byte) string {
	var b strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(string(raw), "\r\n", "\n")) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// encode writes a provider's file: fields in the order of the types, empty
// ones left out, one blank line between items. The same data always gives the
// same text.
func encode(d *Data, comment string) []byte {
	var b strings.Builder
	b.WriteString(comment)
	fmt.Fprintf(&b, "format: %d\nprovider: %s\n", d.Format, scalar(string(d.Provider)))
	section(&b, "conditions", d.Conditions)
	section(&b, "institutions", d.Institutions)
	section(&b, "courses", d.Courses)
	return []byte(b.String())
}

func section[T any](b *strings.Builder, name string, items []T) {
	if len(items) == 0 {
		return
	}
	b.WriteString("\n" + name + ":\n")
	for i := range items {
		if i > 0 {
			b.WriteByte('\n')
		}
		item(b, reflect.ValueOf(items[i]), "  ")
	}
}

// item writes a struct as one entry of a list.
func item(b *strings.Builder, v reflect.Value, indent string) {
	var fields strings.Builder
	mapping(&fields, v, indent+"  ")
	text := fields.String()
	b.WriteString(indent + "- " + strings.TrimPrefix(text, indent+"  "))
}

// mapping writes the fields of a struct that say something.
func mapping(b *strings.Builder, v reflect.Value, indent string) {
	for i := range v.NumField() {
		name, ok := tag(v.Type().Field(i))
		if !ok || empty(v.Field(i)) {
			continue
		}
		f := v.Field(i)
		b.WriteString(indent + name + ":")
		switch x := f.Interface().(type) {
		case catalogue.Text:
			if s := inlineText(x); len(s) <= maxInline && inlined[name] {
				b.WriteString(" " + s + "\n")
				continue
			}
		}
		switch {
		case f.Kind() == reflect.Struct:
			b.WriteByte('\n')
			mapping(b, f, indent+"  ")
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			b.WriteByte('\n')
			for j := range f.Len() {
				item(b, f.Index(j), indent+"  ")
			}
		default:
			b.WriteString(" " + value(f) + "\n")
		}
	}
}

// inlined are the fields whose text is a few words.
var inlined = map[string]bool{"title": true, "duration": true, "start": true, "name": true}

// tag is a field's name in YAML; ok is false for one that is not written.
func tag(f reflect.StructField) (name string, ok bool) {
	name, _, _ = strings.Cut(f.Tag.Get("yaml"), ",")
	return name, name != "" && name != "-" && f.IsExported()
}

func empty(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			if !empty(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

func inlineText(t catalogue.Text) string {
	var parts []string
	for _, l := range catalogue.Langs {
		if s := t.In(l); s != "" {
			parts = append(parts, string(l)+": "+scalar(s))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// value writes what stands on one line.
func value(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		return value(v.Elem())
	case reflect.String:
		return scalar(v.String())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = scalar(v.Index(i).String())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	panic("intake: no YAML for " + v.Type().String()) // a type of ours; the tests write every one
}

// bare is what needs no quotes: it begins with a letter and holds no sign that
// YAML gives a meaning, there or next to what staff may type beside it.
var (
	bare     = regexp.MustCompile(`^\pL[\pL\pN .()/+&-]*$`)
	reserved = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null|nan|inf)$`)
)

// scalar writes a text so that YAML reads the same text, inside brackets too.
func scalar(s string) string {
	if bare.MatchString(s) && !reserved.MatchString(s) && !strings.HasSuffix(s, " ") && !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	before := ' '
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '*' && (before == ' ' || before == '"'):
			b.WriteString(`\x2a`) // our reader takes ": *" for an alias, wherever it stands
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case !unicode.IsPrint(r) && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	b.WriteByte('"')
	return b.String()
}

// same reports whether two files say the same.
func same(a, b *Data) bool { return bytes.Equal(encode(a, ""), encode(b, "")) }
