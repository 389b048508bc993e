// Package e2e tests scops from outside: the real binary, started as a process,
// with other people's clients. It must not import internal packages, but for
// those that are clients themselves.
package e2e
