// Package lambda is the Lambda service: functions as zip archives, their
// versions and aliases, invocations synchronous and asynchronous, with the
// limits, states and errors of AWS.
//
// It owns functions in catalog.db (lambda_*), the archives and logs in its
// folder, the limits of concurrency and the durable queue of asynchronous
// invocations. How a function runs is package execution's, archives are package
// code's, logs package functionlog's. It must not know HTTP, and of queues only
// how to send to one.
//
// Other parts of scops run functions through Invoker: InvokeFunction(ctx,
// function, qualifier, payload) returns a Result with the payload,
// FunctionError ("" or "Unhandled") and Throttled, or an error where the function
// was not run at all. DescribeFunction tells a function's ARN and timeout.
// Operations of Lambda that another package does are given to API, which has
// their routes already.
package lambda
