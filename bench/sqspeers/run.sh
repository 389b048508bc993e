#!/usr/bin/env bash
# Measures sends and the cycle of send, receive and delete of a running scops
# against goaws, ElasticMQ and moto, and the sends against NATS JetStream.
#
#   eval "$(scops env --data ./data)"; bench/sqspeers/run.sh [flags of sqspeers]
#
# The endpoint and the keys come from AWS_ENDPOINT_URL and the AWS_* variables;
# SCOPS_PID, where it is set, is the process whose memory is shown beside the
# peers'. Peers are installed into .cache/peers at the first run and started on
# ports of 127.0.0.1; one that cannot be had is left out with a message. All but
# NATS, which syncs each message (sync_interval: always), keep messages in memory,
# while scops syncs each to disk before it answers. What goaws logs, which is every
# message, goes to /dev/null: the disk is for those that need it.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=bench/sqspeers
cache=$PWD/.cache/peers
: "${AWS_ENDPOINT_URL:?start scops and eval its env first}"
mkdir -p "$cache"
. bench/lib.sh

targets=("scops=json:$AWS_ENDPOINT_URL")
measured=()
[ -n "${SCOPS_PID:-}" ] && measured=("scops=$SCOPS_PID")

start() { # name[@clients] protocol port command...
  local name=$1 protocol=$2 port=$3
  shift 3
  if start_server "${name%@*}" "$port" "$@"; then
    targets+=("$name=$protocol:http://127.0.0.1:$port")
    measured+=("${name%@*}=$started")
  fi
}

if [ ! -x "$cache/goaws" ]; then
  GOBIN="$cache" go install github.com/Admiral-Piett/goaws/app/cmd@v0.4.4 && mv "$cache/cmd" "$cache/goaws" ||
    echo "goaws cannot be installed" >&2
fi
[ -x "$cache/goaws" ] && start goaws query 14100 bash -c 'exec "$0" "$@" >/dev/null 2>&1' "$cache/goaws" -config "$here/goaws.yaml" Local

if [ ! -d "$cache/elasticmq" ]; then
  mvn -q -B -f "$here/elasticmq/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/elasticmq" ||
    echo "ElasticMQ cannot be installed: it needs mvn and a JDK of 17 or later" >&2
fi
[ -d "$cache/elasticmq" ] && start elasticmq json 19324 java -cp "$cache/elasticmq/*" "$here/elasticmq/ElasticMQ.java" 19324

install_python moto 'moto[server]'
[ -x "$cache/moto/bin/moto_server" ] && start moto@16 json 15000 "$cache/moto/bin/moto_server" -H 127.0.0.1 -p 15000

if [ ! -x "$cache/nats" ]; then
  go build -C "$here/nats" -o "$cache/nats" . || echo "NATS cannot be installed" >&2
fi
if [ -x "$cache/nats" ]; then
  streams=$(mktemp -d "$cache/nats-XXXXXX")
  start nats nats 14222 "$cache/nats" 127.0.0.1:14222 "$streams"
fi

sleep 2
before=$(memory "${measured[@]}")
go run "./$here" "$@" "${targets[@]}"
printf '\n| resident memory, MiB | at rest | after the sends |\n| --- | --- | --- |\n'
memory "${measured[@]}" | join -o 1.1,1.2,2.2 <(echo "$before") - | sed 's/^/| /; s/ \([0-9]\)/ | \1/g; s/$/ |/'
[ -z "${streams:-}" ] || rm -rf "$streams"
