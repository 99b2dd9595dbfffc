# make test installs what the tests need and runs all of them.
.PHONY: test check bench fmt tools

GO ?= go

test: tools
	$(GO) test ./...

# What a change must pass besides the tests.
check:
	test -z "$$(git ls-files '*.go' | xargs gofmt -l)"
	$(GO) vet ./...
	$(GO) tool -modfile=internal/tools/go.mod gofumpt -l . | (! grep .)
	$(GO) tool -modfile=internal/tools/go.mod staticcheck ./...

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

fmt:
	$(GO) tool -modfile=internal/tools/go.mod gofumpt -w .

# Chromium for the journeys through the page, and PostgreSQL for the store's
# suite, from Debian's packages when they are missing.
tools:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends chromium; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { apt-get update -q && apt-get install -qy --no-install-recommends postgresql; }
