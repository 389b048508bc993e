// Package eventfilter is the pattern language of Lambda's event filtering: it
// compiles a pattern and tells whether an event matches it, by the rules of
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html.
//
// It owns the syntax of patterns and what each rule means. It must not know
// queues, functions or what happens to an event that does not match.
package eventfilter
