#!/usr/bin/env bash
# Sets up in a running scops what template.yaml sets up on AWS: bucket, queues,
# table, both functions and the event source mapping. It can be run again: what
# exists is kept, and the functions get their new code.
#
# The AWS CLI finds scops by its environment: eval "$(bin/scops env --data ./data)"
set -euo pipefail
cd "$(dirname "$0")"
: "${AWS_ENDPOINT_URL:?is not set: eval \"\$(scops env --data DATA)\" first}"
BUCKET=${BUCKET:-fulfillment-logs}
QUEUE=${QUEUE:-order-events}
ROLE=arn:aws:iam::000000000000:role/fulfillment # scops has no roles, but asks for one as AWS does
export AWS_PAGER= AWS_DEFAULT_OUTPUT=text
# Version 1 of the CLI looks for SQS at AWS unless the endpoint is an argument.
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }

make --no-print-directory build

# sql runs a statement and waits for its end.
sql() {
  local id state
  id=$(aws athena start-query-execution --query-string "$1" --result-configuration "OutputLocation=s3://$BUCKET/results/" --query QueryExecutionId)
  while state=$(aws athena get-query-execution --query-execution-id "$id" --query QueryExecution.Status.State); do
    case $state in
      SUCCEEDED) return ;;
      FAILED | CANCELLED) aws athena get-query-execution --query-execution-id "$id" --query QueryExecution.Status.StateChangeReason >&2; return 1 ;;
    esac
    sleep 0.5
  done
}

aws s3api head-bucket --bucket "$BUCKET" >/dev/null 2>&1 || aws s3 mb "s3://$BUCKET"
sql "CREATE DATABASE IF NOT EXISTS fulfillment"
sql "$(sed "s/BUCKET/$BUCKET/" orders.sql)"

# make_queue NAME ATTRIBUTES sets arn.
make_queue() {
  local url
  url=$(aws sqs create-queue --queue-name "$1" --attributes "$2" --query QueueUrl)
  arn=$(aws sqs get-queue-attributes --queue-url "$url" --attribute-names QueueArn --query Attributes.QueueArn)
}
make_queue "$QUEUE-dead" MessageRetentionPeriod=1209600
make_queue "$QUEUE" "{\"VisibilityTimeout\":\"360\",\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":\\\"$arn\\\",\\\"maxReceiveCount\\\":\\\"5\\\"}\"}"

# make_function NAME VARIABLES makes a function, or gives it its new code.
make_function() {
  if aws lambda get-function --function-name "fulfillment-$1" >/dev/null 2>&1; then
    aws lambda update-function-code --function-name "fulfillment-$1" --zip-file "fileb://build/$1.zip" --query FunctionArn
    aws lambda wait function-updated-v2 --function-name "fulfillment-$1"
    return
  fi
  aws lambda create-function --function-name "fulfillment-$1" --runtime provided.al2023 --handler bootstrap --architectures "$(make -s architecture)" \
    --role "$ROLE" --timeout 60 --memory-size 512 --environment "Variables={DATABASE=fulfillment,TABLE=orders,$2}" \
    --zip-file "fileb://build/$1.zip" --query FunctionArn
  aws lambda wait function-active-v2 --function-name "fulfillment-$1"
}
make_function upload "BUCKET=$BUCKET,PREFIX=orders/"
make_function statistics "OUTPUT=s3://$BUCKET/results/"

if [ -z "$(aws lambda list-event-source-mappings --function-name fulfillment-upload --event-source-arn "$arn" --query 'EventSourceMappings[].UUID')" ]; then
  aws lambda create-event-source-mapping --function-name fulfillment-upload --event-source-arn "$arn" --query UUID \
    --batch-size 10000 --maximum-batching-window-in-seconds 1 --function-response-types ReportBatchItemFailures --scaling-config MaximumConcurrency=2
fi
