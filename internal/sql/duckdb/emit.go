package duckdb

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// ErrTooLarge is the error of a query whose text for DuckDB grows beyond
// MaxLength.
var ErrTooLarge = errors.New("query is too large")

// MaxLength bounds the emitted text, in bytes.
const MaxLength = 16 << 20

// ScanText gives the DuckDB relation (a parenthesised subquery or a quoted
// name) that provides the columns of scan i under their lower-case names. A
// scan may have no columns: then only its rows count.
type ScanText func(i int, s *analyzer.TableScan) string

// Emit writes a query. Its output columns are c0, c1, … in the order of
// a.Columns.
func Emit(a *analyzer.Analysis, scan ScanText) (text string, err error) {
	e := &emitter{scans: a.Scans, scanText: scan}
	defer func() { // the one way out of a deep recursion
		if r := recover(); r != nil {
			failed, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = failed.err
		}
	}()
	return e.output(a), nil
}

// failure carries an error up through the recursion.
type failure struct{ err error }

type emitter struct {
	scans    []*analyzer.TableScan
	scanText ScanText
	fresh    int // names that no symbol has
	trying   int // how many TRY are around

	// computed is the text of what a lambda around has as its argument: columns
	// of outer queries by symbol, others by node.
	computed map[any]string
	// inside are the columns that the subquery that is being written makes; nil
	// outside all subqueries.
	inside map[*analyzer.Symbol]bool
}

// output is the outermost SELECT. The order of the rows is its own, so that no
// optimization of a subquery can lose it.
func (e *emitter) output(a *analyzer.Analysis) string {
	root, tail := e.tail(a.Root)
	q := e.open(root)
	for i, s := range a.Output {
		q.items = append(q.items, name(s)+" AS c"+strconv.Itoa(i))
	}
	q.tail = tail
	if len(a.Output) == 0 { // never: a query has a column
		q.items = []string{"1"}
	}
	return q.text(e)
}

// tail takes ORDER BY, OFFSET and LIMIT from the top of a tree.
func (e *emitter) tail(r analyzer.Relation) (analyzer.Relation, string) {
	var tail string
	if l, ok := r.(*analyzer.Limit); ok && !l.WithTies {
		tail, r = limit(l), l.Input
	}
	if s, ok := r.(*analyzer.Sort); ok {
		return s.Input, " ORDER BY " + e.order(s.Keys) + e.orderChecks(s.Keys) + tail
	}
	return r, tail
}

func limit(l *analyzer.Limit) string {
	text := ""
	if l.Count != nil {
		text += fmt.Sprintf(" LIMIT %d", *l.Count)
	}
	if l.Offset > 0 {
		text += fmt.Sprintf(" OFFSET %d", l.Offset)
	}
	return text
}

// query is a SELECT in the making.
type query struct {
	items    []string
	distinct bool
	from     string // "" for none
	where    string
	group    string // with GROUP BY
	tail     string // QUALIFY, ORDER BY, LIMIT, OFFSET
}

func (q *query) text(e *emitter) string {
	var b strings.Builder
	b.WriteString("SELECT ")
	if q.distinct {
		b.WriteString("DISTINCT ")
	}
	if len(q.items) == 0 { // rows of no columns
		q.items = []string{"1 AS " + e.name()}
	}
	for i, it := range q.items {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(it)
	}
	if q.from != "" {
		b.WriteString(" FROM " + q.from)
	}
	if q.where != "" {
		b.WriteString(" WHERE " + q.where)
	}
	b.WriteString(q.group)
	b.WriteString(q.tail)
	if b.Len() > MaxLength {
		panic(failure{ErrTooLarge})
	}
	return b.String()
}

// name is the column name of a symbol.
func name(s *analyzer.Symbol) string { return "s" + strconv.Itoa(s.ID) }

// name is one that no symbol has.
func (e *emitter) name() string {
	e.fresh++
	return "x" + strconv.Itoa(e.fresh)
}

// identifier quotes the name of a table's column: the only names of users in
// the text.
func identifier(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
