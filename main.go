// Wegwijs helps young people in Brussels find their way to technical studies.
// See bot/doc.go for how it works and README.md for how to run it.
package main

import "wegwijs/internal/app"

func main() { app.Main() }
