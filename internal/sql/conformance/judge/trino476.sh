#!/usr/bin/env bash
# Fetches the server of Trino 476 into .cache/trino/476 and prints the java that
# runs it and its folder, a line each. It needs a JDK of 24 or newer, from
# JAVA24_HOME or /usr/lib/jvm; without one it says so and exits with 3.
set -euo pipefail
cache=$(cd "$(dirname "$0")/../../../.." && pwd)/.cache/trino/476
server=$cache/trino-server-476
java=
for home in "${JAVA24_HOME:-}" /usr/lib/jvm/*; do
  [ -x "$home/bin/java" ] || continue
  [ "$("$home/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p')" -ge 24 ] && java=$home/bin/java
done
if [ -z "$java" ]; then
  echo "Trino 476 needs Java 24 or newer, and neither JAVA24_HOME nor /usr/lib/jvm has one" >&2
  exit 3
fi
if [ ! -d "$server" ]; then
  mkdir -p "$cache"
  mvn -q -B dependency:copy -Dartifact=io.trino:trino-server:476:tar.gz -DoutputDirectory="$cache" >&2
  tar -xzf "$server.tar.gz" -C "$cache"
  rm "$server.tar.gz"
fi
printf '%s\n%s\n' "$java" "$server"
