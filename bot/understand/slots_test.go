package understand

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSlots reads testdata/slots.txt, which says itself what a line means.
func TestSlots(t *testing.T) {
	r := reader(t)
	data, err := os.ReadFile("testdata/slots.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%q: no =>", line)
		}
		n++
		m := r.Read(text)
		for _, fault := range differences(m, strings.Fields(want)) {
			t.Errorf("%q: %s", text, fault)
		}
	}
	if n < 150 {
		t.Errorf("got %d rows, want 150 or more", n)
	}
}

// differences says where a meaning is not what the row wants.
func differences(m Meaning, want []string) (faults []string) {
	lists := map[string][]string{}
	put := func(mark string, slots []Slot) {
		for _, s := range slots {
			lists[s.Name+mark] = append(lists[s.Name+mark], s.Value)
		}
	}
	put("", m.Slots)
	put("?", m.Unsure)
	put("!", m.Not)
	wanted := map[string][]string{}
	var names []string
	for _, w := range want {
		name, value, _ := strings.Cut(w, "=")
		if name == "none" {
			if len(lists[value])+len(lists[value+"?"]) > 0 {
				faults = append(faults, fmt.Sprintf("%s is %v%v, want none", value, lists[value], lists[value+"?"]))
			}
			continue
		}
		got := ""
		switch name {
		case "command":
			got = string(m.Command)
			if got == "" {
				got = "none"
			}
		case "intent":
			if len(m.Intents) > 0 {
				got = string(m.Intents[0])
			}
			if slices.Contains(strings.Split(value, ","), got) {
				got = value
			}
		case "free":
			got = map[bool]string{true: "yes", false: "no"}[m.Free]
		case "km":
			got = fmt.Sprint(m.Km)
		case "rest":
			got = strings.Join(m.Rest, ",")
		default:
			if wanted[name] == nil {
				names = append(names, name)
			}
			wanted[name] = append(wanted[name], value)
			continue
		}
		if got != value {
			faults = append(faults, fmt.Sprintf("%s is %q, want %q", name, got, value))
		}
	}
	for _, name := range names {
		got := slices.Sorted(slices.Values(lists[name]))
		if w := slices.Sorted(slices.Values(wanted[name])); !slices.Equal(got, w) {
			faults = append(faults, fmt.Sprintf("%s is %v, want %v (all: %v)", name, got, w, lists))
		}
	}
	return faults
}
