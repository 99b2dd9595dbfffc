package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/knowledge/pathway"
)

// described is what the description says, as far as the tests read it.
type described struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct {
			Name, In string
			Required bool
			Schema   schema
		}
		RequestBody *struct {
			Content map[string]struct{ Schema schema }
		}
		Responses map[string]response
	}
	Components struct {
		Responses map[string]response
		Schemas   map[string]schema
	}
}

type response struct {
	Ref     string `json:"$ref"`
	Content map[string]struct{ Schema schema }
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Enum       []string
	Items      *schema
	Properties map[string]schema
	Required   []string
	Additional any `json:"additionalProperties"`
	Pattern    string
	MaxItems   *int
	Minimum    *float64
	Maximum    *float64
}

func description(t *testing.T) (d described) {
	t.Helper()
	h, _ := newAPI(t)
	w := call(h, "GET", "/openapi.json", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("got %d %q", w.Code, w.Header().Get("Content-Type"))
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if d.OpenAPI != "3.1.0" {
		t.Errorf("openapi: got %q", d.OpenAPI)
	}
	return d
}

// schema finds a schema by its reference.
func (d *described) schema(s schema) schema {
	name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/")
	if !ok {
		return s
	}
	return d.Components.Schemas[name]
}

// check lists where a JSON value is not as its schema says.
func (d *described) check(at string, s schema, v any) (faults []string) {
	if s.Ref != "" {
		if to := d.schema(s); !reflect.DeepEqual(to, schema{}) {
			return d.check(at, to, v)
		}
		return []string{at + ": " + s.Ref + " leads nowhere"}
	}
	bad := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	var kinds []string
	switch k := s.Type.(type) {
	case string:
		kinds = []string{k}
	case []any:
		for _, x := range k {
			kinds = append(kinds, x.(string))
		}
	}
	kind := map[bool]string{true: "null", false: ""}[v == nil]
	switch v := v.(type) {
	case string:
		kind = "string"
		if s.Enum != nil && !slices.Contains(s.Enum, v) {
			bad("%q is not one of %v", v, s.Enum)
		}
		if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(v) {
			bad("%q is not like %s", v, s.Pattern)
		}
	case bool:
		kind = "boolean"
	case float64:
		kind = "number"
		if v == float64(int64(v)) && slices.Contains(kinds, "integer") {
			kind = "integer"
		}
		if s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum {
			bad("%v is out of bounds", v)
		}
	case []any:
		kind = "array"
		if s.MaxItems != nil && len(v) > *s.MaxItems {
			bad("%d items", len(v))
		}
		for i, x := range v {
			if s.Items != nil {
				faults = append(faults, d.check(fmt.Sprintf("%s[%d]", at, i), *s.Items, x)...)
			}
		}
	case map[string]any:
		kind = "object"
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				bad("%s is missing", name)
			}
		}
		for name, x := range v {
			p, ok := s.Properties[name]
			switch {
			case ok:
				faults = append(faults, d.check(at+"."+name, p, x)...)
			case s.Additional == false:
				bad("%s is not described", name)
			}
		}
	}
	if !slices.Contains(kinds, kind) {
		bad("is %s, described as %v", kind, kinds)
	}
	return faults
}

func TestEveryRouteIsDescribedAndEveryDescriptionIsARoute(t *testing.T) {
	d := description(t)
	var want, got, ids []string
	for _, r := range (&api{}).routes() {
		want = append(want, r.method+" "+r.path)
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			got = append(got, strings.ToUpper(method)+" "+path)
			ids = append(ids, op.OperationID)
			for status, r := range op.Responses {
				if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok && d.Components.Responses[name].Content == nil {
					t.Errorf("%s %s: %s leads nowhere", method, path, status)
				}
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("described %v, served %v", got, want)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(got) {
		t.Errorf("operation ids are missing or double: %v", ids)
	}
}

func TestAnswersAreAsDescribed(t *testing.T) {
	d := description(t)
	h, _ := newAPI(t)
	session := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", `{}`)).Session
	in := `{"session":"` + string(session) + `",`
	tried := map[string]bool{}
	for _, a := range []struct{ method, target, path, body string }{
		{"POST", "/api/v1/ask", "", `{"id":"q1","text":"hout","language":"nl","near":"1080","explain":true}`},
		{"POST", "/api/v1/ask", "", `{"text":"xyzzy"}`},
		{"POST", "/api/v1/ask", "", `{"text":""}`},
		{"POST", "/api/v1/ask", "", `{"text":"` + strings.Repeat("x", 2001) + `"}`},
		{"POST", "/api/v1/ask", "", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`},
		{"POST", "/api/v1/chat", "", `{}`},
		{"POST", "/api/v1/chat", "", in + `"choice":"export","message_id":"m"}`},
		{"POST", "/api/v1/chat", "", in + `"location":{"lat":50.8,"lon":4.3}}`},
		{"POST", "/api/v1/chat", "", in + `"choice":"stale"}`},
		{"POST", "/api/v1/chat", "", in + `"choice":"broken"}`},
		{"POST", "/api/v1/chat", "", in + `"choice":"nonsense"}`},
		{"POST", "/api/v1/chat", "", `{"session":"none"}`},
		{"POST", "/api/v1/chat", "", in + `"choice":"forget"}`},
		{"GET", "/api/v1/courses?near=1050", "", ""},
		{"GET", "/api/v1/courses?q=niets", "", ""},
		{"GET", "/api/v1/courses?limit=0", "", ""},
		{"GET", "/api/v1/courses/so-hout-2", "/api/v1/courses/{id}", ""},
		{"GET", "/api/v1/courses/vdab-lasser?lang=en", "/api/v1/courses/{id}", ""},
		{"GET", "/api/v1/courses/none", "/api/v1/courses/{id}", ""},
		{"GET", "/api/v1/pathways?from=a&to=b", "", ""},
		{"GET", "/api/v1/pathways?from=a&to=nergens", "", ""},
		{"GET", "/api/v1/pathways?from=niets&to=b", "", ""},
		{"GET", "/api/v1/initiatives", "", ""},
		{"GET", "/api/v1/initiatives?kind=x", "", ""},
		{"GET", "/api/v1/catalogue.csv", "", ""},
		{"GET", "/openapi.json", "", ""},
	} {
		path, _, _ := strings.Cut(a.target, "?")
		if a.path != "" {
			path = a.path
		}
		op := d.Paths[path][strings.ToLower(a.method)]
		w := call(h, a.method, a.target, a.body)
		if w.Code == 200 {
			tried[a.method+" "+path] = true
			if op.RequestBody != nil {
				var body any
				if err := json.Unmarshal([]byte(a.body), &body); err != nil {
					t.Fatal(err)
				}
				for _, f := range d.check("body", op.RequestBody.Content["application/json"].Schema, body) {
					t.Errorf("%s %s: accepted, but not as described: %s", a.method, a.target, f)
				}
			}
		}
		r, ok := op.Responses[fmt.Sprint(w.Code)]
		if name, isRef := strings.CutPrefix(r.Ref, "#/components/responses/"); isRef {
			r = d.Components.Responses[name]
		}
		kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		content, has := r.Content[kind]
		if !ok || !has {
			t.Errorf("%s %s: %d with %s is not described", a.method, a.target, w.Code, kind)
			continue
		}
		var v any = ""
		if kind != "text/csv" {
			if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range d.check("$", content.Schema, v) {
			t.Errorf("%s %s: %s", a.method, a.target, f)
		}
	}
	for _, r := range (&api{}).routes() {
		if !tried[r.method+" "+r.path] {
			t.Errorf("%s %s: no sample was fine", r.method, r.path)
		}
	}
}

// A field that is added to a type must be described, and what is described
// must exist.
func TestTypesAreAsDescribed(t *testing.T) {
	d := description(t)
	for name, v := range map[string]any{
		"Answers": bot.Answers{}, "Answer": bot.Answer{}, "Course": bot.Course{}, "Offer": bot.Offer{}, "Why": bot.Why{},
		"Reply": bot.Reply{}, "Message": bot.Message{}, "Link": bot.Link{}, "Choice": bot.Choice{}, "Ask": bot.Ask{}, "Profile": bot.Profile{},
		"Export": bot.Export{}, "Given": bot.Given{}, "Courses": Courses{}, "Pathways": pathway.AnswerView{}, "Pathway": pathway.PathView{}, "Rule": pathway.RuleView{},
		"Initiatives": Initiatives{}, "Initiative": Initiative{},
	} {
		var fields, always []string
		for f := range reflect.TypeOf(v).Fields() {
			if !f.IsExported() {
				continue
			}
			name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields = append(fields, name)
			if option != "omitempty" {
				always = append(always, name)
			}
		}
		slices.Sort(fields)
		if got := slices.Sorted(maps.Keys(d.Components.Schemas[name].Properties)); !slices.Equal(got, fields) {
			t.Errorf("%s: described %v, is %v", name, got, fields)
		}
		required := slices.Sorted(slices.Values(d.Components.Schemas[name].Required))
		slices.Sort(always)
		if !slices.Equal(required, always) {
			t.Errorf("%s: required %v, always there %v", name, required, always)
		}
	}
	strs := func(v any) (s []string) {
		for i := range reflect.ValueOf(v).Len() {
			s = append(s, fmt.Sprint(reflect.ValueOf(v).Index(i)))
		}
		return s
	}
	for name, v := range map[string]any{
		"Language": catalogue.Langs, "Provider": catalogue.Providers, "Level": catalogue.Levels, "Finality": catalogue.Finalities,
		"Field": catalogue.Fields, "Form": catalogue.Forms, "Role": catalogue.Roles, "Stage": catalogue.Stages, "Track": catalogue.Tracks,
		"Reach": catalogue.Reaches, "Confidence": catalogue.Confidences,
	} {
		if got := d.Components.Schemas[name].Enum; !slices.Equal(got, strs(v)) {
			t.Errorf("%s: described %v, is %v", name, got, v)
		}
	}
	for _, p := range d.Paths["/api/v1/initiatives"]["get"].Parameters {
		if p.Name == "kind" && !slices.Equal(p.Schema.Items.Enum, library.InitiativeKinds) {
			t.Errorf("kinds: described %v", p.Schema.Items.Enum)
		}
	}
}

// Every described parameter is taken, and no other.
func TestParametersAreAsDescribed(t *testing.T) {
	d := description(t)
	h, _ := newAPI(t)
	for path, methods := range d.Paths {
		op, ok := methods["get"]
		if !ok || path == "/openapi.json" {
			continue
		}
		target := strings.ReplaceAll(path, "{id}", "so-hout-2")
		var names []string
		for _, p := range op.Parameters {
			if p.In == "query" {
				names = append(names, p.Name)
			}
		}
		w := call(h, http.MethodGet, target+"?no_such=1", "")
		problem(t, w, 400, "unknown-parameter", "no_such")
		var p struct{ Detail string }
		_ = json.Unmarshal(w.Body.Bytes(), &p)
		_, list, _ := strings.Cut(p.Detail, "known are ")
		known := strings.Split(list, ", ")
		slices.Sort(names)
		slices.Sort(known)
		if !slices.Equal(names, known) {
			t.Errorf("%s: described %v, known %v", path, names, known)
		}
	}
}
