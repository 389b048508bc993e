// Command fulfillment is the service that scops was made for, as its authors
// would write it today: a page where people look at products and order them,
// whose visits and orders become events in an SQS queue, and a statistics page
// that asks Athena (start, poll, fetch).
//
// It knows AWS alone: aws-sdk-go-v2, with AWS_ENDPOINT_URL deciding whether it
// talks to scops or to AWS. It imports nothing of scops.
package main
