package duckdb_test

import (
	"testing"

	"github.com/scopsdb/scops/internal/sql/sqltest"
)

// TestCases runs testdata. The commands are sql (the emitted text) and run (the
// rows that DuckDB gives, or the error).
func TestCases(t *testing.T) {
	f := newFixture(t)
	sqltest.Run(t, "testdata/*.txt", func(t *testing.T, command, text string) string {
		switch command {
		case "sql":
			_, out, err := f.emit(t.Context(), text)
			if err != nil {
				return failureText(err)
			}
			return out
		case "run":
			out, err := f.run(t.Context(), text)
			if err != nil {
				return failureText(err)
			}
			if out == "" {
				return "no rows"
			}
			return out
		}
		t.Fatalf("unknown command %q", command)
		return ""
	})
}
