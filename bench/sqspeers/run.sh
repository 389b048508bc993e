#!/usr/bin/env bash
# Measures SQS sends of a running scops against goaws, ElasticMQ and moto.
#
#   eval "$(scops env --data ./data)"; bench/sqspeers/run.sh [flags of sqspeers]
#
# The endpoint and the keys come from AWS_ENDPOINT_URL and the AWS_* variables.
# Peers are installed into .cache/peers at the first run and started on free
# ports of 127.0.0.1; one that cannot be had is left out with a message. They
# keep messages in memory, while scops syncs each to disk before it answers.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=bench/sqspeers
cache=$PWD/.cache/peers
: "${AWS_ENDPOINT_URL:?start scops and eval its env first}"
mkdir -p "$cache"

pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT

wait_port() { # port
  for _ in $(seq 300); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    sleep 0.1
  done
  return 1
}

targets=("scops=json:$AWS_ENDPOINT_URL")

start() { # name protocol port command...
  local name=$1 protocol=$2 port=$3
  shift 3
  "$@" >"$cache/$name.log" 2>&1 &
  pids+=($!)
  if wait_port "$port"; then
    targets+=("$name=$protocol:http://127.0.0.1:$port")
  else
    echo "$name did not start: see $cache/$name.log" >&2
  fi
}

if [ ! -x "$cache/goaws" ]; then
  GOBIN="$cache" go install github.com/Admiral-Piett/goaws/app/cmd@v0.4.4 && mv "$cache/cmd" "$cache/goaws" ||
    echo "goaws cannot be installed" >&2
fi
[ -x "$cache/goaws" ] && start goaws query 4100 "$cache/goaws" -config "$here/goaws.yaml" Local

if [ ! -d "$cache/elasticmq" ]; then
  mvn -q -B -f "$here/elasticmq/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/elasticmq" ||
    echo "ElasticMQ cannot be installed: it needs mvn and a JDK of 17 or later" >&2
fi
[ -d "$cache/elasticmq" ] && start elasticmq json 9324 java -cp "$cache/elasticmq/*" "$here/elasticmq/ElasticMQ.java" 9324

if [ ! -x "$cache/moto/bin/moto_server" ]; then
  python3 -m venv "$cache/moto" && "$cache/moto/bin/pip" install -q 'moto[server]' || echo "moto cannot be installed" >&2
fi
[ -x "$cache/moto/bin/moto_server" ] && start moto json 5000 "$cache/moto/bin/moto_server" -H 127.0.0.1 -p 5000

go run "./$here" "$@" "${targets[@]}"
