// Package awsquery reads the forms and writes the XML answers of the awsQuery
// protocol, for the structs of aws-sdk-go-v2 and those like them. STS speaks it
// with lists below Name.member.N; SQS speaks it flattened, where the items of a
// list are numbered by a name of their own (see awsapi.FlatNames).
//
// It must not know services or HTTP.
package awsquery
