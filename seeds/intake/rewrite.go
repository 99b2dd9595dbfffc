package intake

import (
	"bytes"
	"reflect"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// rewrite is the text of a file after a change. What did not change keeps its
// lines, comments and quotes, so that a person who compares the two sees the
// change and nothing else. A file in a layout that we do not know is written
// anew as a whole.
func rewrite(old []byte, before, after *Data) []byte {
	text := string(old)
	crlf := strings.Contains(text, "\r\n")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	out := splice(text, before, after)
	var got Data
	if _, err := strictyaml.Parse("", []byte(out), &got); err != nil || !same(&got, after) {
		out = string(encode(after, opening(old)))
	}
	if crlf {
		out = strings.ReplaceAll(out, "\n", "\r\n")
	}
	return []byte(out)
}

// splice puts the changed items between the lines of the old text.
func splice(text string, before, after *Data) string {
	var b strings.Builder
	parts := sections(text)
	if !hasPart(parts, "institutions") && len(after.Institutions) > 0 {
		parts = insert(parts, part{"institutions", "\ninstitutions:\n"})
	}
	if !hasPart(parts, "courses") && len(after.Courses) > 0 {
		parts = append(parts, part{"courses", "\ncourses:\n"})
	}
	for _, s := range parts {
		switch s.name {
		case "institutions": // the lists that an import changes
			b.WriteString(itemList(s.text, "  ", before.Institutions, after.Institutions, func(v catalogue.Institution) string { return v.ID }, nil))
		case "courses":
			b.WriteString(itemList(s.text, "  ", before.Courses, after.Courses, func(v catalogue.Course) string { return v.ID }, spliceCourse))
		default:
			b.WriteString(s.text)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// A part of a file is one top-level key with all that follows it.
type part struct{ name, text string }

func hasPart(parts []part, name string) bool {
	for _, p := range parts {
		if p.name == name {
			return true
		}
	}
	return false
}

// insert puts a part before the courses.
func insert(parts []part, p part) []part {
	for i := range parts {
		if parts[i].name == "courses" {
			return append(parts[:i:i], append([]part{p}, parts[i:]...)...)
		}
	}
	return append(parts, p)
}

func sections(text string) []part {
	parts := []part{{}}
	for line := range strings.Lines(text) {
		if c := line[0]; c >= 'a' && c <= 'z' {
			name, _, _ := strings.Cut(line, ":")
			parts = append(parts, part{name, ""})
		}
		parts[len(parts)-1].text += line
	}
	return parts
}

// itemList writes a list of items: those that are the same with their old lines,
// the others anew; change may know a closer way for an item that changed.
func itemList[T any](text, indent string, before, after []T, id func(T) string, change func(old string, before, after T) string) string {
	head, blocks := items(text, indent)
	if len(blocks) != len(before) {
		return "" // no layout of ours; rewrite sees that it does not fit
	}
	old := map[string]int{}
	for i := range before {
		old[id(before[i])] = i
	}
	spaced := indent == "  " // a blank line between the items of a file, none between offers
	var b bytes.Buffer
	b.WriteString(head)
	for n := range after {
		i, was := old[id(after[n])]
		switch {
		case was && equal(before[i], after[n]):
			b.WriteString(blocks[i])
		case was && change != nil:
			b.WriteString(change(blocks[i], before[i], after[n]))
		case was:
			b.WriteString(itemText(after[n], indent) + blank(blocks[i]))
		default:
			gap(&b, spaced && n > 0)
			b.WriteString(itemText(after[n], indent))
			if spaced {
				b.WriteByte('\n') // before the next section
			}
		}
	}
	return b.String()
}

// blank is the blank line that an item ends with, if it does.
func blank(block string) string {
	if strings.HasSuffix(block, "\n\n") {
		return "\n"
	}
	return ""
}

// gap ends what is written with one blank line, when wanted.
func gap(b *bytes.Buffer, wanted bool) {
	if wanted && !bytes.HasSuffix(b.Bytes(), []byte("\n\n")) {
		b.WriteByte('\n')
	}
}

func itemText[T any](v T, indent string) string {
	var b strings.Builder
	item(&b, reflect.ValueOf(v), indent)
	return b.String()
}

func equal[T any](a, b T) bool { return itemText(a, "") == itemText(b, "") }

// items cuts the lines of a list into what stands before it and its items.
// Comments right above an item belong to it.
func items(text, indent string) (head string, blocks []string) {
	var cur, notes strings.Builder
	flush := func() {
		if blocks == nil {
			head += cur.String()
		} else {
			blocks[len(blocks)-1] += cur.String()
		}
		cur.Reset()
	}
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, indent+"- "):
			flush()
			blocks = append(blocks, notes.String())
			notes.Reset()
			cur.WriteString(line)
		case strings.HasPrefix(line, indent+"#"):
			notes.WriteString(line)
		default:
			cur.WriteString(notes.String())
			notes.Reset()
			cur.WriteString(line)
		}
	}
	cur.WriteString(notes.String())
	flush()
	return head, blocks
}

// spliceCourse keeps the lines of a course and of its offers that are the same.
func spliceCourse(old string, before, after catalogue.Course) string {
	b, a := before, after
	b.Offers, a.Offers = nil, nil
	if !equal(b, a) {
		return itemText(after, "  ") + blank(old)
	}
	const key = "    offers:\n"
	head, tail, ok := strings.Cut(strings.TrimRight(old, "\n")+"\n", key)
	switch {
	case !ok && len(before.Offers) > 0:
		return itemText(after, "  ") + blank(old)
	case len(after.Offers) == 0:
		return head + blank(old)
	}
	return head + itemList(key+tail, "      ", before.Offers, after.Offers, func(o catalogue.Offer) string { return o.ID }, nil) + blank(old)
}
