#!/usr/bin/env bash
# Runs a Trino 476 on the catalog and the buckets of a scops: catalogs `hive` and
# `iceberg`, both on its Glue and S3 endpoint. It stays in the foreground.
#
#   eval "$(scops env)"; e2e/trino/start.sh [port] [folder]
#
# The server comes from Maven Central into .cache/trino; it needs Maven and a JDK
# of 24 or newer (JAVA24_HOME or /usr/lib/jvm). Exits with 3 without such a JDK.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
port=${1:-8080}
folder=${2:-$root/.cache/trino/476/lake}
: "${AWS_ENDPOINT_URL:?eval \"\$(scops env)\" first}" "${AWS_ACCESS_KEY_ID:?}" "${AWS_SECRET_ACCESS_KEY:?}"
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}

found=$("$root/internal/sql/conformance/judge/trino476.sh")
java=${found%%$'\n'*} server=${found##*$'\n'}

mkdir -p "$folder/etc/catalog" "$folder/plugin" "$folder/data"
for plugin in hive iceberg; do
  ln -sfn "$server/plugin/$plugin" "$folder/plugin/$plugin"
done
cat > "$folder/etc/config.properties" <<END
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=$port
discovery.uri=http://127.0.0.1:$port
query.max-memory=800MB
query.max-memory-per-node=800MB
memory.heap-headroom-per-node=256MB
catalog.config-dir=etc/catalog
plugin.dir=plugin
catalog.management=STATIC
END
echo 'io.trino=WARN' > "$folder/etc/log.properties"

# lake CONNECTOR: what every catalog on scops has.
lake() {
  cat <<END
connector.name=$1
hive.metastore.glue.endpoint-url=$AWS_ENDPOINT_URL
hive.metastore.glue.region=$region
hive.metastore.glue.aws-access-key=$AWS_ACCESS_KEY_ID
hive.metastore.glue.aws-secret-key=$AWS_SECRET_ACCESS_KEY
fs.native-s3.enabled=true
s3.endpoint=$AWS_ENDPOINT_URL
s3.region=$region
s3.path-style-access=true
s3.aws-access-key=$AWS_ACCESS_KEY_ID
s3.aws-secret-key=$AWS_SECRET_ACCESS_KEY
END
}
# Athena reads folders below a table's, and writes into external tables. Its
# views name their catalog awsdatacatalog.
{ lake hive; cat <<END; } > "$folder/etc/catalog/hive.properties"
hive.metastore=glue
hive.recursive-directories=true
hive.non-managed-table-writes-enabled=true
END
cp "$folder/etc/catalog/hive.properties" "$folder/etc/catalog/awsdatacatalog.properties"
{ lake iceberg; echo iceberg.catalog.type=glue; } > "$folder/etc/catalog/iceberg.properties"

cd "$folder"
exec "$java" -Xmx1536M -XX:+UseG1GC -Djdk.attach.allowAttachSelf=true --add-modules jdk.incubator.vector \
  --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
  -Dnode.environment=lake -Dnode.data-dir="$folder/data" -Dconfig=etc/config.properties -Dlog.levels-file=etc/log.properties \
  -cp "$server/lib/*" io.trino.server.TrinoServer
