# make test installs what the tests need and runs all of them.
.PHONY: test check bench peers fmt tools

GO ?= go

test: tools
	$(GO) test ./...

# What a change must pass besides the tests.
check:
	test -z "$$(git ls-files '*.go' | xargs gofmt -l)"
	$(GO) vet ./...
	$(GO) tool -modfile=internal/tools/go.mod gofumpt -l . | (! grep .)
	$(GO) tool -modfile=internal/tools/go.mod staticcheck ./...

# All benchmarks, then every target of speed with what was measured. The
# largest catalogue has 100,000 courses: WEGWIJS_BENCH_SIZES="1000 5000" is quicker.
bench:
	$(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./...
	WEGWIJS_PERF=1 $(GO) test -v -run 'Targets|Hostile' -timeout 60m ./internal/perfdata

# The same courses and queries through what one would install instead.
peers: tools
	cd internal/bench/peers && npm install --no-audit --no-fund --no-package-lock --silent
	$(GO) run ./internal/bench/peers

fmt:
	$(GO) tool -modfile=internal/tools/go.mod gofumpt -w .

# Chromium for the journeys through the page, and PostgreSQL for the store's
# suite, from Debian's packages when they are missing.
tools:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends chromium; }
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { apt-get update -q && apt-get install -qy --no-install-recommends postgresql; }
