package awsapi

import "context"

// Protocol is a wire protocol of an AWS service.
type Protocol string

// The protocols that the gateway speaks.
const (
	JSON10 Protocol = "awsJson1_0" // SQS
	JSON11 Protocol = "awsJson1_1" // Athena, Glue
	Query  Protocol = "awsQuery"   // STS
	REST   Protocol = "restJson1"  // Lambda
)

// Service describes one AWS service to the gateway.
type Service struct {
	SigningName    string // of the credential scope: "sqs", "athena", "glue", "sts", "lambda"
	TargetPrefix   string // of X-Amz-Target, without the dot: "AmazonSQS"
	Protocol       Protocol
	XMLNamespace   string // Query protocol only
	Version        string // Query protocol only: the API version in the form's Version field. A service of a JSON protocol that has one speaks Query as well
	Flat           *FlatNames
	PathMember     string // Query protocol only: the member that the path of a request stands for where the form has none
	QueryCodes     bool   // answer x-amzn-query-error (awsQueryCompatible)
	Operations     []Operation
	Routes         map[string]Route // REST-JSON only: of every operation, also of those not implemented
	MaxBody        int              // bytes of a request where the service takes more than others; 0 is the gateway's limit
	NotImplemented []string         // modelled operations that scops does not do yet: answered with a well-formed error that names them
}

// FlatNames are what the Query protocol calls the members that are lists and
// maps, where it is flattened: Attribute.1.Name=…&Attribute.1.Value=…. A member
// has the name of one item, which is the field's without the final s.
type FlatNames struct {
	Members map[string]string // the fields whose items have another name; * stands for the operation
	Keys    map[string]string // the maps whose keys are not called Name
}

// Operation is one operation of a service: a new input for the codec to fill,
// and the call.
type Operation struct {
	Name string
	New  func() any
	Call func(ctx context.Context, in any) (any, error)
}

// Op makes an Operation of a method in the form that all services use. In and
// Out are aws-sdk-go-v2 shapes or structs with the same field names, which are
// the wire names.
func Op[In, Out any](name string, call func(context.Context, *In) (*Out, error)) Operation {
	return Operation{
		Name: name,
		New:  func() any { return new(In) },
		Call: func(ctx context.Context, in any) (any, error) { return call(ctx, in.(*In)) },
	}
}
