package conformance

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is what a query gives.
type answer struct {
	columns string // "_col0 integer, n bigint", or "!" for an error
	rows    string // rows with " ; " between, cells with " | "; or "NAME 1:8" of an error
}

func (a answer) failed() bool { return a.columns == "!" }

// errorName is the name of the error without its place.
func (a answer) errorName() string {
	name, _, _ := strings.Cut(a.rows, " ")
	return name
}

// agrees tells whether scops's answer is Trino's. Where Trino finds an error as
// the query runs it names no place, and scops may know one.
func (a answer) agrees(trino answer) bool {
	if a.failed() && trino.failed() && !strings.Contains(trino.rows, " ") {
		return a.errorName() == trino.rows
	}
	return a == trino
}

// errorCase makes the answer of a failure.
func errorCase(name, place string) answer {
	return answer{"!", strings.TrimSuffix(name+" "+place, " ")}
}

// line is a line of a file of cases: a query with what is known of it, or a
// comment.
type line struct {
	comment string
	query   string
	trino   answer
	refused string // name of the error with which scops refuses the query, or ""
}

func readLines(t *testing.T, path string) []line {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var out []line
	for _, l := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			out = append(out, line{comment: l})
			continue
		}
		f := append(strings.Split(l, "\t"), "", "", "")
		out = append(out, line{query: unescape.Replace(f[0]), trino: answer{unescape.Replace(f[1]), unescape.Replace(f[2])}, refused: f[3]})
	}
	return out
}

func writeLines(t *testing.T, path string, lines []line) {
	var b strings.Builder
	for _, l := range lines {
		if l.query == "" {
			b.WriteString(l.comment + "\n")
			continue
		}
		fields := []string{escape.Replace(l.query), escape.Replace(l.trino.columns), escape.Replace(l.trino.rows), l.refused}
		b.WriteString(strings.TrimRight(strings.Join(fields, "\t"), "\t") + "\n")
	}
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
}

var (
	escape   = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")
	unescape = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r")
)
