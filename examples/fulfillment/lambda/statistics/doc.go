// Command statistics is the Lambda function behind the statistics page: it asks
// Athena for a month's orders by district, by delivery type and by product, waits
// for the queries and answers their counts as JSON.
//
// It knows AWS alone (aws-lambda-go and aws-sdk-go-v2) and runs on AWS Lambda and
// on scops as it is.
package main
