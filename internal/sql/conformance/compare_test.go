package conformance

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// rules say how the rows of a family are compared. The zero value compares the
// text of all.
type rules struct {
	// ties lets rows that the query's ORDER BY does not order come in any order.
	ties bool
	// doubles is by how much, relative to the value, doubles and reals may
	// differ: a sum of doubles depends on the order of addition.
	doubles float64
}

// agree tells whether scops's answer to a query is Trino's under the rules.
func (r rules) agree(query string, have, want answer) bool {
	if have.agrees(want) || r == (rules{}) {
		return have.agrees(want)
	}
	if have.failed() || want.failed() || have.columns != want.columns {
		return false
	}
	t := newTable(have.columns)
	a, ok := t.rows(have.rows)
	b, also := t.rows(want.rows)
	if !ok || !also || len(a) != len(b) {
		return false
	}
	if !r.ties {
		return slices.EqualFunc(a, b, func(x, y []string) bool { return r.equal(t, x, y) })
	}
	keys := t.orderKeys(query)
	for i := range a {
		if !r.equalIn(t, keys, a[i], b[i]) {
			return false
		}
	}
	return r.sameRows(t, a, b)
}

// sameRows tells whether each row of b has one of its own in a.
func (r rules) sameRows(t answerTable, a, b [][]string) bool {
	left := map[string][][]string{} // by the cells that must be equal as text
	for _, row := range a {
		k := t.exact(row)
		left[k] = append(left[k], row)
	}
	for _, row := range b {
		k := t.exact(row)
		i := slices.IndexFunc(left[k], func(x []string) bool { return r.equal(t, x, row) })
		if i < 0 {
			return false
		}
		left[k] = slices.Delete(left[k], i, i+1)
	}
	return true
}

// answerTable are the columns of an answer.
type answerTable struct {
	names    []string
	floating []bool // double or real
}

func newTable(columns string) answerTable {
	var t answerTable
	for depth := 0; columns != ""; {
		end := strings.IndexFunc(columns, func(c rune) bool {
			depth += strings.Count("(", string(c)) - strings.Count(")", string(c))
			return c == ',' && depth == 0
		})
		if end < 0 {
			end = len(columns)
		}
		name, typ, _ := strings.Cut(columns[:end], " ")
		t.names, t.floating = append(t.names, name), append(t.floating, typ == "double" || typ == "real")
		columns = strings.TrimPrefix(strings.TrimPrefix(columns[end:], ","), " ")
	}
	return t
}

// rows takes the text of rows apart; false where a value looks like a separator.
func (t answerTable) rows(text string) ([][]string, bool) {
	if text == "" {
		return nil, true
	}
	var out [][]string
	for _, row := range strings.Split(text, " ; ") {
		cells := strings.Split(row, " | ")
		if len(cells) != len(t.names) {
			return nil, false
		}
		out = append(out, cells)
	}
	return out, true
}

// exact are the cells of a row that must be equal as text.
func (t answerTable) exact(row []string) string {
	var b strings.Builder
	for i, cell := range row {
		if !t.floating[i] {
			b.WriteString(cell + "\x00")
		}
	}
	return b.String()
}

func (r rules) equal(t answerTable, a, b []string) bool {
	for i := range a {
		if !r.equalIn(t, []int{i}, a, b) {
			return false
		}
	}
	return true
}

// equalIn compares the cells of some columns.
func (r rules) equalIn(t answerTable, columns []int, a, b []string) bool {
	for _, c := range columns {
		if a[c] != b[c] && !(t.floating[c] && near(a[c], b[c], r.doubles)) {
			return false
		}
	}
	return true
}

func near(a, b string, tolerance float64) bool {
	x, err := strconv.ParseFloat(a, 64)
	y, also := strconv.ParseFloat(b, 64)
	return err == nil && also == nil && math.Abs(x-y) <= tolerance*max(math.Abs(x), math.Abs(y))
}

// orderKeys are the output columns by which a query orders its rows, up to the
// first key that is none.
func (t answerTable) orderKeys(query string) []int {
	statement, err := parser.ParseStatement(query)
	if err != nil {
		return nil
	}
	q, ok := statement.(*ast.Query)
	if !ok {
		return nil
	}
	var keys []int
	for _, item := range q.OrderBy {
		c := t.column(q, item.Key)
		if c < 0 {
			break
		}
		keys = append(keys, c)
	}
	return keys
}

// column is the output column that a sort key names: by its place, its name, or
// its expression; -1 for none.
func (t answerTable) column(q *ast.Query, key ast.Expression) int {
	text := ast.Format(key)
	if n, err := strconv.Atoi(text); err == nil {
		return n - 1
	}
	spec, ok := q.Body.(*ast.QuerySpecification)
	if ok && len(spec.Select.Items) == len(t.names) {
		for i, item := range spec.Select.Items {
			if s, ok := item.(*ast.SingleColumn); ok && s.Alias == nil && strings.EqualFold(ast.Format(s.Expression), text) {
				return i
			}
		}
	}
	return slices.IndexFunc(t.names, func(name string) bool { return strings.EqualFold(name, text) })
}
