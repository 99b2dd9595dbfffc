package understand

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var hostile = []string{
	"", " ", "?", "\x00\xff\xfe", strings.Repeat("a", 10_000), strings.Repeat("😂", 3_000), strings.Repeat("é ", 5_000),
	strings.Repeat("e\u0301", 4_000), "\u202Eneerts\u202C " + strings.Repeat("\u0300", 2_000), strings.Repeat("ik wil ", 2_000),
	strings.Repeat("niet geen pas sans ", 600), strings.Repeat("brussel molenbeek sint ", 500), strings.Repeat("elektricitiet ", 800),
	strings.Repeat("mijn vader ", 900), strings.Repeat("1080 ", 2_000), "<script>alert(1)</script>", "'; DROP TABLE visitors; --",
	strings.Repeat("zelfmrodd ", 300), strings.Repeat("envie ", 1_500),
}

func TestHostileTextIsBounded(t *testing.T) {
	r := reader(t)
	for _, text := range hostile {
		var fastest time.Duration
		for range 5 { // the fastest of five: the machine may be busy
			start := time.Now()
			r.Read(text)
			if d := time.Since(start); fastest == 0 || d < fastest {
				fastest = d
			}
		}
		if fastest > 5*time.Millisecond {
			t.Errorf("%.20q… (%d bytes) took %v", text, len(text), fastest)
		}
		if testing.Verbose() && fastest > 500*time.Microsecond {
			t.Logf("%.20q… (%d bytes) took %v", text, len(text), fastest)
		}
	}
}

func TestLongTextIsCutButAlarmReadsOn(t *testing.T) {
	m := reader(t).Read(strings.Repeat("ik hou van school en van mijn vrienden. ", 20) + "maar ik wil niet meer leven")
	if !m.Cut || m.Alarm != Crisis {
		t.Errorf("got cut %v, alarm %q; want true and crisis", m.Cut, m.Alarm)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	for _, row := range labelled(f, "testdata/safety.txt", 2) {
		f.Add(row[2])
	}
	r := reader(f)
	f.Fuzz(func(t *testing.T, text string) {
		m := r.Read(text)
		if !reflect.DeepEqual(m, r.Read(text)) {
			t.Errorf("%q: read twice, two meanings", text)
		}
		if m.Sure < 0 || m.Sure > 1 || len(m.Rest) > maxWords || !utf8.ValidString(m.Text) {
			t.Errorf("%q: out of bounds: %+v", text, m)
		}
		r.Pick(text, []Option{{"ict", []string{"Informatica"}}, {"wood", []string{"Hout"}}}, true)
	})
}

func BenchmarkRead(b *testing.B) {
	r := reader(b)
	b.ReportAllocs()
	for b.Loop() {
		r.Read("wa kank doen als k graag computrs heb en ni ver van molenbeek")
	}
}

func BenchmarkReadLong(b *testing.B) {
	r := reader(b)
	text := strings.Repeat("ik wil graag iets met auto's in molenbeek, geen wiskunde. ", 180)
	b.ReportAllocs()
	for b.Loop() {
		r.Read(text)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := newShipped(); err != nil {
			b.Fatal(err)
		}
	}
}
