package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"wegwijs/internal/serve"
)

const (
	maxBody    = 1 << 20         // bytes. Source: the public contract, a body over 1 MiB is a 413
	maxText    = 2_000           // characters of one message or question
	maxWord    = 200             // characters of an id, a key or a search
	maxValues  = 50              // values of one list
	retryAfter = 5 * time.Second // when something of ours does not work
)

// badField is a mistake in one field or parameter of the input.
func badField(kind, field, format string, args ...any) serve.Problem {
	return serve.Problem{Status: http.StatusBadRequest, Type: kind, Field: cut(field), Detail: fmt.Sprintf(format, args...)}
}

// cut shortens a name that came from outside.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= 100 {
		return s
	}
	return string([]rune(s)[:100])
}

// decode reads a JSON object from the body of r into fields: name to pointer.
// It is strict: an unknown, double or mistyped field is an error that names it.
// Null is the same as leaving a field out. Errors are problems.
func decode(w http.ResponseWriter, r *http.Request, fields map[string]any) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || kind != "application/json" || charset != "" && charset != "utf-8" {
		w.Header().Set("Accept", "application/json")
		return serve.Problem{Status: http.StatusUnsupportedMediaType, Field: "Content-Type", Detail: "send the body as application/json, in UTF-8"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return serve.TooLarge(big.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return serve.Problem{Status: http.StatusRequestTimeout, Detail: "the body did not come in time"}
	case err != nil:
		return serve.Problem{Status: http.StatusBadRequest, Detail: "the body broke off"}
	case !utf8.Valid(body):
		return serve.Problem{Status: http.StatusBadRequest, Type: "bad-json", Detail: "the body is not UTF-8"}
	}
	var syntax *json.SyntaxError
	if err := json.Unmarshal(body, new(json.RawMessage)); errors.As(err, &syntax) {
		return serve.Problem{Status: http.StatusBadRequest, Type: "bad-json", Detail: fmt.Sprintf("broken JSON at byte %d", syntax.Offset)}
	}
	return object(body, "", fields)
}

// object reads one object of valid JSON. path stands before the names of its
// fields: "location.".
func object(data []byte, path string, fields map[string]any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return badField("bad-field", strings.TrimSuffix(path, "."), "a JSON object is expected here")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		name, _ := t.(string)
		if err != nil {
			return serve.Problem{Status: http.StatusBadRequest, Type: "bad-json", Detail: "broken JSON"}
		}
		to, ok := fields[name]
		if !ok {
			return badField("unknown-field", path+name, "there is no such field")
		}
		if seen[name] {
			return badField("bad-field", path+name, "it stands there twice")
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return serve.Problem{Status: http.StatusBadRequest, Type: "bad-json", Detail: "broken JSON"}
		}
		if err := field(value, path+name, to); err != nil {
			return err
		}
	}
	return nil
}

// field reads one value.
func field(value json.RawMessage, name string, to any) error {
	if point, ok := to.(**position); ok {
		if string(value) == "null" {
			return nil
		}
		var lat, lon *float64
		if err := object(value, name+".", map[string]any{"lat": &lat, "lon": &lon}); err != nil {
			return err
		}
		*point = &position{lat, lon}
		return nil
	}
	if err := json.Unmarshal(value, to); err != nil {
		return badField("bad-field", name, "%s is expected here", expected(to))
	}
	return nil
}

// position is where a device says that it is; nil was not said.
type position struct{ lat, lon *float64 }

func expected(to any) string {
	switch to.(type) {
	case *string:
		return "a text"
	case *[]string:
		return "a list of texts"
	case *bool:
		return "true or false"
	case **float64:
		return "a number"
	}
	return "another type"
}
