// Package scan is what the lexers of both languages share: white space with
// comments, and counting places. It knows no tokens.
package scan
