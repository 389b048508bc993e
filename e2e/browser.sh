#!/usr/bin/env bash
# The console in a real browser, against a started scops (SCOPS_BIN). Installs
# what it needs: Chromium with a Korean font and Node.js from Debian's packages
# (as root), the packages of e2e/browser from npm. Screenshots go to
# test-artifacts/.
set -euo pipefail
cd "$(dirname "$0")/.."

SCOPS_BIN=$(realpath "${SCOPS_BIN:-bin/scops}")
[ -x "$SCOPS_BIN" ] || { echo "e2e/browser.sh: there is no $SCOPS_BIN: run make build" >&2; exit 1; }

missing=()
command -v chromium >/dev/null || missing+=(chromium)
fc-list :lang=ko 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "e2e/browser.sh: install these first: ${missing[*]} (on Debian as root: apt-get install ${missing[*]})" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"
fi
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
  { echo "e2e/browser.sh: Node.js 20 or newer is needed, this is $(node --version)" >&2; exit 1; }

export SCOPS_BIN CHROMIUM="${CHROMIUM:-$(command -v chromium)}" SCOPS_ARTIFACTS="$PWD/test-artifacts"
cd e2e/browser
npm ci --no-audit --no-fund --silent
exec node --test console.test.mjs
