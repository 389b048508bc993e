// Package awsquery reads the form bodies and writes the XML answers of the
// awsQuery protocol, which STS speaks, for the structs of aws-sdk-go-v2.
//
// It must not know services or HTTP.
package awsquery
