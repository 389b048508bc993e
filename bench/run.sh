#!/usr/bin/env bash
# Runs the benchmarks of docs/benchmarks.md and prints their tables.
#
#   bench/run.sh [sends queues wholeway freshness sustained statistics lambda planning memory page compile formats tpch]
#
# All of them take about 22 minutes, less with QUICK=1 (fewer and shorter rounds:
# for a look, not for a claim). FULL=1 measures more of sends (bodies up to 64 KiB,
# longer rounds: a quarter of an hour), queues (10 million messages, 10,000
# queues) and planning (1,000,000 objects). Peers are installed into .cache/peers at the first run: goaws and NATS
# by go, ElasticMQ by mvn, moto, MiniStack and boto3 by pip. Everything listens on 127.0.0.1 and ends with the script.
# SCOPS gives a ready binary, else it is built.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$PWD/.cache/peers
work=$PWD/.cache/bench
mkdir -p "$cache" "$work"
. bench/lib.sh

if [ -n "${QUICK:-}" ]; then rounds=3 time=300ms page=2 fresh=2s loaded=5s long=15s; else rounds=5 time=1s page=5 fresh=3s loaded=20s long=60s; fi
stages=("$@")
[ $# -gt 0 ] || stages=(sends queues wholeway freshness sustained statistics lambda planning memory page compile formats tpch)

export GOFLAGS=-buildvcs=false
scops=${SCOPS:-$work/scops}
[ -n "${SCOPS:-}" ] || go build -o "$scops" ./cmd/scops
go build -o "$work/pipeline" ./bench/pipeline

pipeline() { "$work/pipeline" -scops "$scops" -dir "$work" "$@"; }

# serve starts a scops on a new folder and connects the AWS_* variables to it.
serve() {
  data=$(mktemp -d "$work/sends-XXXXXX")
  "$scops" serve --data "$data" --listen 127.0.0.1:0 --log-level warn >"$data.log" 2>&1 &
  SCOPS_PID=$!
  export SCOPS_PID
  pids+=("$SCOPS_PID")
  for _ in $(seq 300); do
    if grep -q '"endpoint"' "$data/lock" 2>/dev/null; then break; fi
    sleep 0.1
  done
  eval "$("$scops" env --data "$data")"
}

sends() {
  serve
  local load=(-rounds 3 -time 300ms)
  if [ -n "${QUICK:-}" ]; then load=(-rounds 1 -time 200ms); fi
  if [ -n "${FULL:-}" ]; then
    load=(-rounds 5 -time 1s -sizes 200,2048,65536 -cycles 1,16,64,256 -cycle-sizes 200,2048,65536)
  fi
  bench/sqspeers/run.sh -dir "$work" "${load[@]}" 2>"$work/sends.log" || { cat "$work/sends.log"; return 1; }
  grep 'left out\|cannot be' "$work/sends.log" || true
  kill "$SCOPS_PID" && wait "$SCOPS_PID" || true
  rm -rf "$data" "$data.log"
}

queues() {
  go build -o "$work/queues" ./bench/queues
  "$work/queues" -scops "$scops" -dir "$work" -messages "$([ -n "${FULL:-}" ] && echo 10000000 || echo 1000000)" -queues "$([ -n "${FULL:-}" ] && echo 10000 || echo 1000)"
}

wholeway() {
  install_python boto3 boto3
  install_python ministack 'ministack[full]'
  start_server ministack 14599 env GATEWAY_PORT=14599 BIND_HOST=127.0.0.1 "$cache/ministack/bin/ministack" || return 0
  pipeline -rounds "$page" -python "$cache/boto3/bin/python" wholeway http://127.0.0.1:14599
  printf '\n| resident memory, MiB | after the whole way |\n| --- | --- |\n'
  memory "ministack=$started" | sed 's/^/| /; s/ \([0-9]\)/ | \1/; s/$/ |/'
  kill "$started"
}

freshness() { pipeline -rounds "$rounds" -time "$fresh" freshness; }

sustained() { pipeline -rounds 1 -time "$long" sustained; }

invocations() { pipeline -rounds "$rounds" -time "$time" lambda; }

statistics() { pipeline -rounds "$rounds" -time "$time" statistics; }

memory_under_load() { pipeline -time "$loaded" memory; }

page() {
  install_python boto3 boto3
  pipeline -rounds "$page" -python "$cache/boto3/bin/python" page
}

planning() {
  printf '| partitions read | of | delivered table, µs | external table, µs |\n| --- | --- | --- | --- |\n'
  go test ./internal/planner -run '^$' -bench '^BenchmarkPlan(External)?$' -benchtime "$([ -n "${QUICK:-}" ] && echo 50ms || echo 500ms)" |
    awk '/^Benchmark/ {
      split($1, name, "/"); sub(/-[0-9]+$/, "", name[3]); key = name[2] "|" name[3]
      if (name[1] ~ /External/) external[key] = $3 / 1000; else { delivered[key] = $3 / 1000; order[++n] = key }
    } END {
      for (i = 1; i <= n; i++) { split(order[i], k, "|")
        printf "| %s | %s | %.1f | %s |\n", k[1], k[2], delivered[order[i]], order[i] in external ? sprintf("%.1f", external[order[i]]) : "not measured" }
    }'
  printf '\n'
  go build -o "$work/planning" ./bench/planning
  "$work/planning" -scops "$scops" -dir "$work" -rounds "$([ -n "${QUICK:-}" ] && echo 2 || echo 5)" -objects "$([ -n "${FULL:-}" ] && echo 1000000 || echo 100000)"
}

compile() {
  printf '| benchmark | ns a query |\n| --- | --- |\n'
  go test ./internal/sql/duckdb -run '^$' -bench '^BenchmarkQuery$' -benchtime "$([ -n "${QUICK:-}" ] && echo 300ms || echo 3s)" -count 3 |
    awk '/^Benchmark/ { printf "| parse, analyze and emit a query of 50 lines | %s |\n", $3 }'
}

# find_trino fills the array trino with the flags of a Trino, where Java 24 or
# newer is there.
find_trino() {
  local found
  trino=()
  if found=$(internal/sql/conformance/judge/trino476.sh); then
    trino=(-java "${found%%$'\n'*}" -trino "${found##*$'\n'}")
  else
    echo "Trino is left out" >&2
  fi
}

formats() {
  go build -o "$work/formats" ./bench/formats
  find_trino
  "$work/formats" -scops "$scops" -dir "$work" -rounds "$([ -n "${QUICK:-}" ] && echo 1 || echo 3)" -rows "$([ -n "${QUICK:-}" ] && echo 200000 || echo 1000000)" "${trino[@]}"
}

# tpch needs tpchgen-cli of PyPI for the data, and runs a Trino beside where Java
# 24 or newer is there.
tpch() {
  install_python tpchgen tpchgen-cli
  if [ ! -e "$cache/tpch-sf1/ready" ]; then
    "$cache/tpchgen/bin/tpchgen-cli" parquet -q -s 1 --output-dir "$cache/tpch-sf1" && touch "$cache/tpch-sf1/ready"
  fi
  go build -o "$work/tpch" ./bench/tpch
  find_trino
  "$work/tpch" -scops "$scops" -dir "$work" -data "$cache/tpch-sf1" -rounds "$([ -n "${QUICK:-}" ] && echo 1 || echo 3)" "${trino[@]}"
}

echo "scops $("$scops" version | head -1), $(date -u +%FT%TZ), $(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg) before"
for stage in "${stages[@]}"; do
  printf '\n## %s\n\n' "$stage"
  case $stage in
  sends | queues | wholeway | freshness | sustained | statistics | planning | page | compile | formats | tpch) "$stage" ;;
  memory) memory_under_load ;;
  lambda) invocations ;;
  *) echo "$stage is none of sends queues wholeway freshness sustained statistics lambda planning memory page compile formats tpch" >&2 && exit 2 ;;
  esac 2> >(grep -v '^round ' >&2)
done
