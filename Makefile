.DEFAULT_GOAL := help
.PHONY: help build demo test race fuzz lint bench cover clean torture

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null)
LDFLAGS  ?= -s -w -X main.version=$(VERSION)
FUZZTIME ?= 30s
BENCH    ?= .
LINT     ?= go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/attio-bulk
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/attio-bulk

demo: ## import the samples into a sandbox on this machine: no key, no network
	@go run ./cmd/attio-bulk demo

test: ## run the tests
	go test -timeout 30m ./...

race: ## run the tests under the race detector
	go test -race -timeout 40m ./...

fuzz: ## run each fuzz target for FUZZTIME (30s)
	@.ci/fuzz $(FUZZTIME)

lint: ## run golangci-lint
	$(LINT) run ./...

bench: ## run the benchmarks that match BENCH (all, 15 minutes), in the form benchstat reads; PACE=3m for longer pacing runs
	go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout 1h $$(go list ./... | grep -v /cmd/)
	go test -run '^$$' -bench '$(BENCH)' -benchtime 1x -timeout 3h -v ./cmd/attio-bulk

cover: ## write cover.out and print the coverage of each package
	go test -coverprofile cover.out ./... && go tool cover -func cover.out | tail -1

clean: ## remove what the other targets made
	rm -rf bin dist cover.out

torture: ## run the tests in their long form, a quarter to half an hour
	ATTIO_BULK_TORTURE=1 go test -count=1 -timeout 4h ./...
