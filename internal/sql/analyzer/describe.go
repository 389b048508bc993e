package analyzer

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// description is what is found out of the parameters of a statement that has no
// values for them: the types that they are converted to.
type description struct {
	types    []types.Type
	literals map[*Literal]int // what stands for a parameter, with its number
}

// note records that a parameter is converted.
func (d *description) note(l *Literal, to types.Type) {
	if d == nil {
		return
	}
	if i, ok := d.literals[l]; ok && d.types[i].Kind == types.Unknown {
		d.types[i] = to
	}
}

// parameter stands for a parameter without a value.
func (d *description) parameter(i int) *Literal {
	l := &Literal{}
	d.literals[l] = i
	return l
}

func describer(ctx context.Context, q ast.Statement, opts Options) *analyzer {
	a := newAnalyzer(ctx, opts)
	a.described = &description{types: make([]types.Type, countParameters(q)), literals: map[*Literal]int{}}
	return a
}

// prepared analyzes a prepared statement, which is a query or writes.
func (a *analyzer) prepared(stmt ast.Statement) (*Analysis, error) {
	if Writes(stmt) {
		return a.writing(stmt)
	}
	return a.statement(stmt)
}

// DescribeInput analyzes DESCRIBE INPUT of a prepared statement: a row for each
// parameter with the type that it is converted to, "unknown" where it is not.
func DescribeInput(ctx context.Context, q ast.Statement, opts Options) (*Analysis, error) {
	a := describer(ctx, q, opts)
	if _, err := a.prepared(q); err != nil {
		return nil, err
	}
	var rows [][]any
	for i, t := range a.described.types {
		rows = append(rows, []any{int64(i), t.String()})
	}
	if rows == nil {
		return a.rowsOf([]Column{{"Position", types.BigIntType}, {"Type", types.VarcharUnbounded}}, nil), nil
	}
	return a.rowsOf([]Column{{"Position", types.IntegerType}, {"Type", longest(rows, 1)}}, rows), nil
}

// DescribeOutput analyzes DESCRIBE OUTPUT of a prepared query: a row for each
// column of its result with the table that it comes from.
func DescribeOutput(ctx context.Context, q ast.Statement, opts Options) (*Analysis, error) {
	a := describer(ctx, q, opts)
	an, err := a.prepared(q)
	if err != nil {
		return nil, err
	}
	aliased := aliases(q)
	var rows [][]any
	for i, c := range an.Columns {
		row := []any{c.Name, "", "", "", c.Type.String(), typeSize(c.Type), i < len(aliased) && aliased[i]}
		if ts := origin(an, an.Root, an.Output[i]); ts != nil {
			row[1], row[2], row[3] = a.opts.CatalogName, ts.Table.Database, ts.Table.Name
		}
		rows = append(rows, row)
	}
	return a.rowsOf([]Column{
		{"Column Name", longest(rows, 0)}, {"Catalog", longest(rows, 1)}, {"Schema", longest(rows, 2)}, {"Table", longest(rows, 3)},
		{"Type", longest(rows, 4)}, {"Type Size", types.IntegerType}, {"Aliased", types.BooleanType},
	}, rows), nil
}

// longest is the varchar that holds all texts of a column.
func longest(rows [][]any, column int) types.Type {
	n := 0
	for _, r := range rows {
		n = max(n, utf8.RuneCountInString(r[column].(string)))
	}
	return types.VarcharType(n)
}

// aliases says which columns of a SELECT without stars have an alias.
func aliases(stmt ast.Statement) []bool {
	q, ok := stmt.(*ast.Query)
	if !ok {
		return nil
	}
	spec, ok := q.Body.(*ast.QuerySpecification)
	if !ok {
		return nil
	}
	var out []bool
	for _, it := range spec.Select.Items {
		c, ok := it.(*ast.SingleColumn)
		if !ok {
			return nil
		}
		out = append(out, c.Alias != nil)
	}
	return out
}

// origin is the table that a column is of, or nil where it is computed.
func origin(an *Analysis, r Relation, s *Symbol) *TableScan {
	switch r := r.(type) {
	case *Scan:
		for _, out := range r.Out {
			if out == s {
				return an.Scans[r.Index]
			}
		}
	case *Project:
		for i, out := range r.Out {
			if ref, ok := r.Exprs[i].(*Ref); ok && out == s {
				return origin(an, r.Input, ref.Symbol)
			}
		}
	case *Filter:
		return origin(an, r.Input, s)
	case *Sort:
		return origin(an, r.Input, s)
	case *Limit:
		return origin(an, r.Input, s)
	case *Distinct:
		return origin(an, r.Input, s)
	case *Join:
		if ts := origin(an, r.Left, s); ts != nil {
			return ts
		}
		return origin(an, r.Right, s)
	}
	return nil
}

// sizes are the bytes of values of fixed size in Trino.
var sizes = map[types.Kind]int64{
	types.Boolean: 1, types.TinyInt: 1, types.SmallInt: 2, types.Integer: 4, types.Real: 4, types.Date: 4,
	types.BigInt: 8, types.Double: 8, types.Time: 8, types.Timestamp: 8, types.TimestampTZ: 8,
	types.IntervalDaySecond: 8, types.IntervalYearMonth: 4, types.UUID: 16, types.Unknown: 1,
}

// typeSize is the size of a type's values in Trino, 0 where they vary.
func typeSize(t types.Type) int64 {
	switch {
	case t.Kind == types.Decimal && t.Precision <= 18:
		return 8
	case t.Kind == types.Decimal, strings.HasPrefix(t.String(), "timestamp") && t.Precision > 6:
		return 16
	case t.Kind == types.TimestampTZ && t.Precision > 3:
		return 12
	}
	return sizes[t.Kind]
}
