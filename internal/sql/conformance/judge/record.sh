#!/usr/bin/env bash
# Starts a Trino on a free loopback port, has the conformance test record what it
# answers, and stops it. Everything that is fetched stays in .cache/trino.
#
#   record.sh [435|476] [arguments of the test]
#
# Without arguments the test asks for all answers anew and writes the refusals.
# 435 needs Java 17 to 21, Maven and the JDK's javac and jar; 476 a JDK of 24 or
# newer, from JAVA24_HOME or /usr/lib/jvm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
version=${1:-435}
shift || true
cache=$root/.cache/trino/$version
mkdir -p "$cache"

# copy PROFILE FOLDER: the jars of a profile of pom.xml.
copy() {
  [ -d "$2" ] && return
  mvn -q -B -f "$here/pom.xml" -P "$1" dependency:copy-dependencies -DoutputDirectory="$2.part"
  mv "$2.part" "$2"
}

# plugin NAME CLASS: the folder of a plugin, with the file that names its class.
plugin() {
  copy "$1" "$cache/plugin/$1"
  local services=$cache/services/$1
  mkdir -p "$services/META-INF/services"
  echo "$2" > "$services/META-INF/services/io.trino.spi.Plugin"
  jar cf "$cache/plugin/$1/services.jar" -C "$services" META-INF
}

prepare_435() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  copy server "$cache/lib"
  plugin memory io.trino.plugin.memory.MemoryPlugin
  plugin tpch io.trino.plugin.tpch.TpchPlugin
  plugin tpcds io.trino.plugin.tpcds.TpcdsPlugin
  # The plugin is of another version; its toolkit must name the server's.
  mkdir -p "$cache/spi/io/trino/plugin/base"
  printf 435 > "$cache/spi/io/trino/plugin/base/trino-spi-compile-time-version.txt"
  jar uf "$cache"/plugin/tpcds/trino-plugin-toolkit-*.jar -C "$cache/spi" io
  javac -cp "$cache/lib/*" -d "$cache/classes" "$here/Judge.java"
  run=("$java" -Xmx3G -XX:+UseG1GC -Djdk.attach.allowAttachSelf=true -cp "$cache/classes:$cache/lib/*")
  main=Judge
}

prepare_476() {
  local found
  found=$("$here/trino476.sh") || { [ $? = 3 ] && echo skipped && exit 0; exit 1; }
  java=${found%%$'\n'*} server=${found##*$'\n'}
  mkdir -p "$cache/plugin"
  for p in memory tpch tpcds geospatial ml teradata-functions; do
    ln -sfn "$server/plugin/$p" "$cache/plugin/$p"
  done
  run=("$java" -Xmx3G -XX:+UseG1GC -Djdk.attach.allowAttachSelf=true --add-modules jdk.incubator.vector
    --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
    -Dnode.data-dir="$cache/data" -cp "$server/lib/*")
  main=io.trino.server.TrinoServer
}

configure() {
  rm -rf "$cache/etc" && mkdir -p "$cache/etc/catalog" "$cache/data"
  cat > "$cache/etc/config.properties" <<EOF
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=$port
discovery.uri=http://127.0.0.1:$port
query.max-memory=1500MB
query.max-memory-per-node=1500MB
memory.heap-headroom-per-node=256MB
catalog.config-dir=etc/catalog
plugin.dir=plugin
catalog.management=STATIC
EOF
  echo 'io.trino=WARN' > "$cache/etc/log.properties"
  echo 'connector.name=memory' > "$cache/etc/catalog/memory.properties"
  printf 'connector.name=tpch\ntpch.column-naming=STANDARD\n' > "$cache/etc/catalog/tpch.properties"
  echo 'connector.name=tpcds' > "$cache/etc/catalog/tpcds.properties"
}

# answers tells whether the server runs queries: it does once it has a node.
answers() {
  curl -sf "http://127.0.0.1:$port/v1/info" | grep -q '"starting":false'
}

"prepare_$version"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
configure
cd "$cache"
"${run[@]}" -Dnode.environment=judge -Dconfig=etc/config.properties -Dlog.levels-file=etc/log.properties "$main" > server.log 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 180); do
  answers && break
  kill -0 "$server" || { tail -40 server.log; exit 1; }
  sleep 1
done
answers || { echo "Trino $version did not start in three minutes, see $cache/server.log"; exit 1; }
cd "$root"
[ $# -gt 0 ] || set -- -run TestConformance -again -refused
go test -count=1 -timeout 120m ./internal/sql/conformance -trino="http://127.0.0.1:$port" "$@"
