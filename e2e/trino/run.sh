#!/usr/bin/env bash
# The tests with a real Trino (Hive and Iceberg connectors) on scops's Glue and
# S3, against bin/scops (or SCOPS_BIN). Arguments go to `go test`. Without a JDK
# of 24 or newer it says so and does nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
SCOPS_BIN=$(realpath -m "${SCOPS_BIN:-bin/scops}")
[ -x "$SCOPS_BIN" ] || { echo "e2e/trino/run.sh: there is no $SCOPS_BIN: run make build" >&2; exit 1; }
internal/sql/conformance/judge/trino476.sh > /dev/null || { [ $? = 3 ] && echo skipped && exit 0; exit 1; }
export SCOPS_BIN SCOPS_TRINO=1
go test -count=1 -timeout 20m -run TestTrino "$@" ./e2e
