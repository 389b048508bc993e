// Command upload is the Lambda function between the queue and the bucket: it
// takes a batch of order events from SQS, writes them as gzipped JSON lines under
// the partition of their day in Seoul, and registers new partitions of the table
// with Glue.
//
// It knows AWS alone (aws-lambda-go and aws-sdk-go-v2) and runs on AWS Lambda and
// on scops as it is.
package main
