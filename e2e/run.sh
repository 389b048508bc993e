#!/usr/bin/env bash
# The end-to-end tests with other people's clients, against bin/scops (or
# SCOPS_BIN): AWS CLI, boto3 and PyAthena in .cache/venv, from PyPI; then the
# console in a browser. Arguments go to `go test` (-run TestAWSCLI), without the
# browser.
set -euo pipefail
cd "$(dirname "$0")/.."

SCOPS_BIN=$(realpath -m "${SCOPS_BIN:-bin/scops}")
[ -x "$SCOPS_BIN" ] || { echo "e2e/run.sh: there is no $SCOPS_BIN: run make build" >&2; exit 1; }
export SCOPS_BIN SCOPS_E2E_REQUIRE=1

venv=.cache/venv
make_venv() { python3 -m venv --clear "$venv"; }

# The folder is made anew when the requirements have changed.
if ! cmp -s e2e/python/requirements.txt "$venv/requirements.txt"; then
  if ! command -v python3 >/dev/null || ! make_venv >/dev/null 2>&1; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
      echo "e2e/run.sh: python3 with its venv module is missing (on Debian as root: apt-get install python3-venv)" >&2
      exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3 python3-venv
    make_venv
  fi
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r e2e/python/requirements.txt
  cp e2e/python/requirements.txt "$venv/requirements.txt"
fi

go test -count=1 -timeout 20m "$@" ./e2e/...

if [ $# -eq 0 ] && [ -x e2e/browser.sh ]; then
  e2e/browser.sh
fi
