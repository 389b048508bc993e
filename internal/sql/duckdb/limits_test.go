package duckdb_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDepth runs what is as deep as the analyzer lets through: DuckDB must take
// it, too.
func TestDepth(t *testing.T) {
	f := newFixture(t)
	for name, text := range map[string]string{
		"long concatenation": "SELECT length('a'" + strings.Repeat(" || 'b'", 300) + ")",
		"long sum":           "SELECT 201" + strings.Repeat(" + 1", 100),
		"nested CASE":        "SELECT " + strings.Repeat("CASE WHEN true THEN ", 100) + "301" + strings.Repeat(" END", 100),
		"nested functions":   "SELECT " + strings.Repeat("abs(", 150) + "301" + strings.Repeat(")", 150),
		"nested substr":      "SELECT length(" + strings.Repeat("substr(", 100) + "'" + strings.Repeat("x", 301) + "'" + strings.Repeat(", 1)", 100) + ")",
		"nested queries":     "SELECT x FROM " + strings.Repeat("(SELECT x FROM ", 100) + "(VALUES 301) AS t (x)" + strings.Repeat(")", 100),
		"long UNION":         "SELECT 100 + sum(x) FROM (SELECT 1 AS x" + strings.Repeat(" UNION ALL SELECT 1", 200) + ")",
		"many terms":         "SELECT 301 WHERE 1 = 2" + strings.Repeat(" OR 1 = 1", 5000),
		"long IN":            "SELECT 301 WHERE 3 IN (1" + strings.Repeat(", 3", 5000) + ")",
	} {
		t.Run(name, func(t *testing.T) {
			out, err := f.run(t.Context(), text)
			require.NoError(t, err)
			require.Equal(t, "301", strings.TrimSpace(out))
		})
	}
}
