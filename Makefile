# The two commands of the README are `make demo` and `make test`; each sets up
# what it needs. Everything that is not Go lands in .cache/.

export GOFLAGS := -buildvcs=false
export CGO_ENABLED := 1
GOLANGCI_LINT_VERSION := v2.15.0
BIN := bin/scops
TOOLS := $(CURDIR)/.cache/bin
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.PHONY: demo build test lint conformance conformance-record conformance-data conformance-versions bench e2e trino generate fuzz killtest crashtest clean

demo: build ## start everything, send 100,000 order events, print the three statistics, leave the page open
	$(BIN) demo

build: ## bin/scops
	go build -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/scops

test: ## all Go tests on real parts; what other software they use is skipped with a message where it is absent
	go test ./...

lint: $(TOOLS)/golangci-lint ## gofmt, go vet and golangci-lint
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	go vet ./...
	$(TOOLS)/golangci-lint run ./...

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

e2e: build ## AWS CLI, boto3 and a real browser against a started scops
	e2e/run.sh

trino: build ## a real Trino's Hive and Iceberg connectors on scops's Glue and S3 (needs Maven and Java 24)
	e2e/trino/run.sh

killtest: build ## kill -9 at 1,000 random moments while events flow
	SCOPS_KILLS=1000 go test -count=1 -timeout 60m -run TestKill -v ./e2e/...

crashtest: ## stop scops at every write, sync, put and commit in turn, and look what is there after the restart
	SCOPS_CRASH_STEP=$${SCOPS_CRASH_STEP:-1} go test -count=1 -timeout 60m -run TestCrash -v ./e2e

conformance: ## the SQL corpus against the recorded answers of Trino, as a table
	bash -o pipefail -c "go test -count=1 -v -run TestConformance ./internal/sql/conformance | grep -v '^ *--- \|^=== '"

conformance-record: ## start Trino 435 and 476 and record what they answer (needs Java 17, Maven, curl; 476 Java 24)
	internal/sql/conformance/judge/record.sh 435
	internal/sql/conformance/judge/record.sh 476

conformance-data: ## write testdata/conformance/data anew from Trino 435
	internal/sql/conformance/judge/record.sh 435 -run TestDataFiles -data

conformance-versions: ## list where Trino 476 answers otherwise than 435
	internal/sql/conformance/judge/record.sh 476 -v -run TestVersions -versions

bench: build ## every benchmark of docs/benchmarks.md
	bench/run.sh

generate: ## documents that are made from the code
	go test ./internal/compatibility ./internal/sql/functions -run TestDocument -rewrite

clean:
	rm -rf bin .cache test-artifacts e2e/browser/node_modules
