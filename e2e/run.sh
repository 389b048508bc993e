#!/usr/bin/env bash
# The end-to-end tests with other people's clients, against bin/scops (or
# SCOPS_BIN): AWS CLI, boto3 and PyAthena in .cache/venv, an old boto3 in
# .cache/venv-old, awswrangler in .cache/venv-data, dbt in .cache/venv-dbt, from
# PyPI, the AWS SDK for JavaScript from npm; then the
# console in a browser. Arguments go to `go test` (-run TestAWSCLI), without the
# browser.
set -euo pipefail
cd "$(dirname "$0")/.."

SCOPS_BIN=$(realpath -m "${SCOPS_BIN:-bin/scops}")
[ -x "$SCOPS_BIN" ] || { echo "e2e/run.sh: there is no $SCOPS_BIN: run make build" >&2; exit 1; }
export SCOPS_BIN SCOPS_E2E_REQUIRE=1

# make_venv makes a folder of .cache from a file of requirements, anew when that
# has changed.
make_venv() { # folder requirements
  local venv=.cache/$1 requirements=e2e/python/$2
  if cmp -s "$requirements" "$venv/requirements.txt"; then return; fi
  if ! command -v python3 >/dev/null || ! python3 -m venv --clear "$venv" >/dev/null 2>&1; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
      echo "e2e/run.sh: python3 with its venv module is missing (on Debian as root: apt-get install python3-venv)" >&2
      exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3 python3-venv
    python3 -m venv --clear "$venv"
  fi
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$venv/requirements.txt"
}
make_venv venv requirements.txt
make_venv venv-old requirements-old.txt
make_venv venv-data requirements-data.txt
make_venv venv-dbt requirements-dbt.txt

if ! command -v npm >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "e2e/run.sh: Node.js 20 or newer with npm is missing (on Debian as root: apt-get install nodejs npm)" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nodejs npm
fi
(cd e2e/javascript && npm ci --no-audit --no-fund --silent)

go test -count=1 -timeout 20m "$@" ./e2e/...

if [ $# -eq 0 ] && [ -x e2e/browser.sh ]; then
  e2e/browser.sh
fi
