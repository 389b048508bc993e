// Package awsapi is the vocabulary that the AWS services of scops share: who
// called (Request), how an operation fails (Error), and how a service
// describes itself to the gateway (Service, Operation).
//
// It owns no behaviour of any service and must not know HTTP: the gateway
// turns requests into calls of Operations and Errors into responses.
package awsapi
