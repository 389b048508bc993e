// Package treedump prints syntax trees for tests: each node with its place and
// fields, one a line. It knows only that a node is a struct that embeds
// ast.Position.
package treedump
