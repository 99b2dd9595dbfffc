// Package serve is the one HTTP server of the program: health, metrics,
// security headers, limits and a graceful stop around a handler that it gets
// from outside. It also has the shape of every error that leaves the program.
//
// It knows no route but /healthz, /readyz and /metrics, and it never logs or
// counts what a visitor sent: no body, query, path or address, only the
// pattern of the route.
package serve
