// Package execution runs functions: each execution environment is a child
// process that talks Lambda's Runtime API with a listener of its own on the
// loopback interface, so that bootstraps built for AWS run unchanged.
//
// It owns the processes, their environment variables, what they print and how
// long and how large they may become. A process that ends, hangs or grows too
// large becomes the result of its invocation, as at AWS. No process outlives
// scops. It must not know how functions are stored, versions, or AWS's API of
// functions: package lambda gives it a Function, and who may call how often is
// decided there.
package execution
