// Package console is what a browser sees under /_scops/: the login, the
// statistics page and the JSON that the page asks for. It also guards the HTTP
// API (package httpapi): nothing under /_scops/ answers without a session, a
// one-time link or a signed request, but the health check, which the gateway
// answers, and the metrics, which have a token of their own.
//
// It must not know how queries run. The page needs no internet: every asset is
// embedded (Chart.js, MIT licence, draws the charts).
package console
