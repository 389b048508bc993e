// Package telemetry makes the logger that every part gets, and holds the metrics
// that the parts add (see Metrics). It owns the form of log lines and of the
// metrics page, and must not know who logs or measures what.
package telemetry
