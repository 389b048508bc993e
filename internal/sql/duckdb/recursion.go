package duckdb

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// recursion writes the steps as common tables, each computed once, and puts
// their rows together. A row in the last step is an error, whatever of the rows
// is wanted.
func (e *emitter) recursion(r *analyzer.Recursion) string {
	last := len(r.Steps) - 1
	tables := make([]string, len(r.Steps))
	rows := make([]string, last)
	for i, step := range r.Steps {
		tables[i] = stepName(r.ID, i) + " AS MATERIALIZED (" + e.relation(step) + ")"
		if i < last {
			rows[i] = "SELECT " + aliased(step.Output(), r.Out) + " FROM " + stepName(r.ID, i)
		}
	}
	deep := e.name()
	tooDeep := fmt.Sprintf("SELECT CASE WHEN count(*) > 0 THEN %s ELSE 0 END AS %s FROM %s", functions.Raise("NOT_SUPPORTED",
		"Recursion depth limit exceeded (10). Use 'max_recursion_depth' session property to modify the limit."), deep, stepName(r.ID, last))
	return fmt.Sprintf("SELECT %s FROM (WITH %s SELECT * FROM (%s) CROSS JOIN (%s) WHERE %s = 0)",
		strings.Join(names(r.Out), ", "), strings.Join(tables, ", "), strings.Join(rows, " UNION ALL "), tooDeep, deep)
}

// previous reads the rows of the step before.
func (e *emitter) previous(r *analyzer.Previous) string {
	return "SELECT " + aliased(r.Of, r.Out) + " FROM " + stepName(r.Recursion, r.Step)
}

// stepName is the common table of a step.
func stepName(recursion, step int) string { return fmt.Sprintf("r%d_%d", recursion, step) }

// aliased gives columns other names.
func aliased(from, to []*analyzer.Symbol) string {
	items := make([]string, len(from))
	for i, s := range from {
		items[i] = name(s) + " AS " + name(to[i])
	}
	return strings.Join(items, ", ")
}
