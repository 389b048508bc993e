package lambda

import "github.com/scopsdb/scops/internal/awsapi"

// bind maps members to names on the wire.
type bind = map[string]string

// routes are the bindings of the operations that scops does, of the service
// model 2015-03-31.
var routes = map[string]awsapi.Route{
	"AddPermission":                   {Method: "POST", Path: "/2015-03-31/functions/{FunctionName}/policy", Status: 201, Query: bind{"Qualifier": "Qualifier"}},
	"CreateAlias":                     {Method: "POST", Path: "/2015-03-31/functions/{FunctionName}/aliases", Status: 201},
	"CreateEventSourceMapping":        {Method: "POST", Path: "/2015-03-31/event-source-mappings", Status: 202},
	"CreateFunction":                  {Method: "POST", Path: "/2015-03-31/functions", Status: 201},
	"DeleteAlias":                     {Method: "DELETE", Path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}", Status: 204},
	"DeleteEventSourceMapping":        {Method: "DELETE", Path: "/2015-03-31/event-source-mappings/{UUID}", Status: 202},
	"DeleteFunction":                  {Method: "DELETE", Path: "/2015-03-31/functions/{FunctionName}", Query: bind{"Qualifier": "Qualifier"}, OutStatus: "StatusCode"},
	"DeleteFunctionConcurrency":       {Method: "DELETE", Path: "/2017-10-31/functions/{FunctionName}/concurrency", Status: 204},
	"DeleteFunctionEventInvokeConfig": {Method: "DELETE", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", Status: 204, Query: bind{"Qualifier": "Qualifier"}},
	"GetAccountSettings":              {Method: "GET", Path: "/2016-08-19/account-settings"},
	"GetAlias":                        {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}"},
	"GetEventSourceMapping":           {Method: "GET", Path: "/2015-03-31/event-source-mappings/{UUID}"},
	"GetFunction":                     {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}", Query: bind{"Qualifier": "Qualifier"}},
	"GetFunctionCodeSigningConfig":    {Method: "GET", Path: "/2020-06-30/functions/{FunctionName}/code-signing-config"},
	"GetFunctionConcurrency":          {Method: "GET", Path: "/2019-09-30/functions/{FunctionName}/concurrency"},
	"GetFunctionConfiguration":        {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/configuration", Query: bind{"Qualifier": "Qualifier"}},
	"GetFunctionEventInvokeConfig":    {Method: "GET", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", Query: bind{"Qualifier": "Qualifier"}},
	"GetPolicy":                       {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/policy", Query: bind{"Qualifier": "Qualifier"}},
	"Invoke":                          {Method: "POST", Path: "/2015-03-31/functions/{FunctionName}/invocations", Query: bind{"Qualifier": "Qualifier"}, Headers: bind{"ClientContext": "X-Amz-Client-Context", "DurableExecutionName": "X-Amz-Durable-Execution-Name", "InvocationType": "X-Amz-Invocation-Type", "LogType": "X-Amz-Log-Type", "TenantId": "X-Amz-Tenant-Id"}, Payload: "Payload", OutHeaders: bind{"DurableExecutionArn": "X-Amz-Durable-Execution-Arn", "ExecutedVersion": "X-Amz-Executed-Version", "FunctionError": "X-Amz-Function-Error", "LogResult": "X-Amz-Log-Result"}, OutStatus: "StatusCode", OutPayload: "Payload"},
	"InvokeAsync":                     {Method: "POST", Path: "/2014-11-13/functions/{FunctionName}/invoke-async", Status: 202, Payload: "InvokeArgs", OutStatus: "Status"},
	"ListAliases":                     {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/aliases", Query: bind{"FunctionVersion": "FunctionVersion", "Marker": "Marker", "MaxItems": "MaxItems"}},
	"ListEventSourceMappings":         {Method: "GET", Path: "/2015-03-31/event-source-mappings", Query: bind{"EventSourceArn": "EventSourceArn", "FunctionName": "FunctionName", "Marker": "Marker", "MaxItems": "MaxItems"}},
	"ListFunctionEventInvokeConfigs":  {Method: "GET", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config/list", Query: bind{"Marker": "Marker", "MaxItems": "MaxItems"}},
	"ListFunctions":                   {Method: "GET", Path: "/2015-03-31/functions", Query: bind{"FunctionVersion": "FunctionVersion", "Marker": "Marker", "MasterRegion": "MasterRegion", "MaxItems": "MaxItems"}},
	"ListTags":                        {Method: "GET", Path: "/2017-03-31/tags/{Resource}"},
	"ListVersionsByFunction":          {Method: "GET", Path: "/2015-03-31/functions/{FunctionName}/versions", Query: bind{"Marker": "Marker", "MaxItems": "MaxItems"}},
	"PublishVersion":                  {Method: "POST", Path: "/2015-03-31/functions/{FunctionName}/versions", Status: 201},
	"PutFunctionConcurrency":          {Method: "PUT", Path: "/2017-10-31/functions/{FunctionName}/concurrency"},
	"PutFunctionEventInvokeConfig":    {Method: "PUT", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", Query: bind{"Qualifier": "Qualifier"}},
	"RemovePermission":                {Method: "DELETE", Path: "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", Status: 204, Query: bind{"Qualifier": "Qualifier", "RevisionId": "RevisionId"}},
	"TagResource":                     {Method: "POST", Path: "/2017-03-31/tags/{Resource}", Status: 204},
	"UntagResource":                   {Method: "DELETE", Path: "/2017-03-31/tags/{Resource}", Status: 204, Query: bind{"TagKeys": "tagKeys"}},
	"UpdateAlias":                     {Method: "PUT", Path: "/2015-03-31/functions/{FunctionName}/aliases/{Name}"},
	"UpdateEventSourceMapping":        {Method: "PUT", Path: "/2015-03-31/event-source-mappings/{UUID}", Status: 202},
	"UpdateFunctionCode":              {Method: "PUT", Path: "/2015-03-31/functions/{FunctionName}/code"},
	"UpdateFunctionConfiguration":     {Method: "PUT", Path: "/2015-03-31/functions/{FunctionName}/configuration"},
	"UpdateFunctionEventInvokeConfig": {Method: "POST", Path: "/2019-09-25/functions/{FunctionName}/event-invoke-config", Query: bind{"Qualifier": "Qualifier"}},
}
