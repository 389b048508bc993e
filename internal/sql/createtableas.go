package sql

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/internal/scan"
)

// isCreateTableAs tells CREATE TABLE … AS, a statement of Trino's, from Hive's
// CREATE TABLE by what follows the table's name: AS, WITH (properties), or a
// list of names without types.
func isCreateTableAs(text string) bool {
	w := words{rest: text}
	if w.next() != "CREATE" {
		return false
	}
	next := w.next()
	if next == "OR" && w.next() == "REPLACE" {
		next = w.next()
	}
	if next != "TABLE" {
		return false
	}
	next = w.next() // IF, or the first part of the name
	if next == "IF" && w.peek() == "NOT" {
		if w.next(); w.next() != "EXISTS" {
			return false
		}
		w.next()
	}
	for w.peek() == "." {
		w.next()
		w.next()
	}
	switch w.next() {
	case "AS", "WITH":
		return true
	case "(":
		name := w.next()
		after := w.next()
		return name != "" && (after == "," || after == ")")
	}
	return false
}

// words goes over a text: words in capitals, names in quotes, symbols.
type words struct{ rest string }

func (w *words) peek() string {
	ahead := *w
	return ahead.next()
}

func (w *words) next() string {
	w.rest = w.rest[scan.Blank(w.rest):]
	if w.rest == "" {
		return ""
	}
	n := max(1, wordLength(w.rest))
	if quote := w.rest[:1]; quote == `"` || quote == "`" {
		end := strings.Index(w.rest[1:], quote)
		if end < 0 {
			end = len(w.rest) - 2
		}
		n = end + 2
	}
	word := w.rest[:n]
	w.rest = w.rest[n:]
	return strings.ToUpper(word)
}
