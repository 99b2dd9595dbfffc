package api

import (
	_ "embed" // the description is part of the program
	"net/http"
	"strconv"
)

//go:embed openapi.json
var openAPI []byte

// openapi answers GET /openapi.json: the description of all routes, OpenAPI
// 3.1. It is written by hand; a test holds it to the routes and the answers.
func (a *api) openapi(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(openAPI)))
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(openAPI)
}
