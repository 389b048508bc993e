package awsapi

// Route says how an operation of the REST-JSON protocol lies in HTTP. Members
// are fields of its input or output, as in the service model (locationName).
type Route struct {
	Method  string
	Path    string            // "/2015-03-31/functions/{FunctionName}/invocations"
	Query   map[string]string // member: name in the query string
	Headers map[string]string // member: header
	Payload string            // the member that is the whole body ([]byte); "" is a JSON body

	Status     int // of success; 0 is 200
	OutHeaders map[string]string
	OutStatus  string // the member (int32) that is the status, where it is not 0
	OutPayload string // the member that is the whole body of the answer
}
