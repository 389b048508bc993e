// Package grok turns Grok patterns into regular expressions as the Grok SerDe of
// AWS Glue and Athena does.
//
// It owns the built-in patterns and the order of values, and knows nothing of
// columns. Patterns come from table properties.
package grok
