// Package telemetry makes the logger that every part gets. It owns the form of
// log lines and must not know who logs what.
package telemetry
