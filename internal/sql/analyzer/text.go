package analyzer

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Text is an expression as EXPLAIN shows it: SQL with the names of columns.
func Text(e Expr) string {
	var b strings.Builder
	writeText(&b, e)
	return b.String()
}

// infix are the calls that stand between their arguments.
var infix = map[string]bool{
	"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true, "IS DISTINCT FROM": true,
	"+": true, "-": true, "*": true, "/": true, "%": true, "||": true, "LIKE": true,
}

func writeText(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case *Ref:
		b.WriteString(symbolText(e.Symbol))
	case *Literal:
		b.WriteString(literalText(e))
	case *Call:
		writeCall(b, e)
	case *Cast:
		name := "CAST("
		if e.Try {
			name = "TRY_CAST("
		}
		b.WriteString(name)
		writeText(b, e.Arg)
		b.WriteString(" AS " + e.To.String() + ")")
	case *Logical:
		op := " AND "
		if e.Or {
			op = " OR "
		}
		b.WriteByte('(')
		writeList(b, e.Terms, op)
		b.WriteByte(')')
	case *Not:
		writeParts(b, "(NOT ", e.Arg, ")")
	case *IsNull:
		writeParts(b, "(", e.Arg, " IS NULL)")
	case *In:
		writeParts(b, "(", e.Value, " IN (")
		writeList(b, e.List, ", ")
		b.WriteString("))")
	case *Between:
		writeParts(b, "(", e.Value, " BETWEEN ", e.Min, " AND ", e.Max, ")")
	case *Case:
		b.WriteString("CASE")
		for _, w := range e.Whens {
			writeParts(b, " WHEN ", w.Condition, " THEN ", w.Result)
		}
		if e.Else != nil {
			writeParts(b, " ELSE ", e.Else)
		}
		b.WriteString(" END")
	default:
		writeOther(b, e)
	}
}

func writeOther(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case *Coalesce:
		writeArgs(b, "coalesce", e.Args)
	case *Try:
		writeArgs(b, "try", []Expr{e.Arg})
	case *RowField:
		writeText(b, e.Base)
		fmt.Fprintf(b, "[%d]", e.Index+1)
	case *MakeRow:
		writeArgs(b, "ROW", e.Items)
	case *MakeArray:
		b.WriteString("ARRAY[")
		writeList(b, e.Items, ", ")
		b.WriteByte(']')
	case *Lambda:
		names := make([]string, len(e.Params))
		for i, p := range e.Params {
			names[i] = symbolText(p)
		}
		b.WriteString("(" + strings.Join(names, ", ") + ") -> ")
		writeText(b, e.Body)
	case *Subquery:
		b.WriteString("(subquery)")
	case *Exists:
		b.WriteString("EXISTS (subquery)")
	case *InSubquery:
		word := " ANY"
		if e.All {
			word = " ALL"
		}
		writeParts(b, "(", e.Value, " "+e.Op+word+" (subquery))")
	case *AggCall:
		writeAggregate(b, e)
	case *WindowCall:
		writeArgs(b, e.Name, e.Args)
		var over strings.Builder
		if len(e.PartitionBy) > 0 {
			over.WriteString(" PARTITION BY ")
			writeList(&over, e.PartitionBy, ", ")
		}
		writeOrder(&over, e.OrderBy)
		b.WriteString(" OVER (" + strings.TrimPrefix(over.String(), " ") + ")")
	default:
		fmt.Fprintf(b, "%T", e)
	}
}

func writeAggregate(b *strings.Builder, e *AggCall) {
	b.WriteString(e.Name + "(")
	if e.Distinct {
		b.WriteString("DISTINCT ")
	}
	if e.Name == "count" && len(e.Args) == 0 {
		b.WriteByte('*')
	}
	writeList(b, e.Args, ", ")
	writeOrder(b, e.OrderBy)
	b.WriteByte(')')
	if e.Filter != nil {
		writeParts(b, " FILTER (WHERE ", e.Filter, ")")
	}
}

func writeOrder(b *strings.Builder, keys []SortKey) {
	if len(keys) > 0 {
		b.WriteString(" ORDER BY " + orderText(keys))
	}
}

func orderText(keys []SortKey) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = Text(k.Expr)
		if k.Descending {
			parts[i] += " DESC"
		}
		if k.NullsFirst {
			parts[i] += " NULLS FIRST"
		}
	}
	return strings.Join(parts, ", ")
}

// writeParts writes texts and expressions in turn.
func writeParts(b *strings.Builder, parts ...any) {
	for _, p := range parts {
		if s, ok := p.(string); ok {
			b.WriteString(s)
			continue
		}
		writeText(b, p.(Expr))
	}
}

func writeList(b *strings.Builder, es []Expr, separator string) {
	for i, e := range es {
		if i > 0 {
			b.WriteString(separator)
		}
		writeText(b, e)
	}
}

func writeArgs(b *strings.Builder, name string, args []Expr) {
	b.WriteString(name + "(")
	writeList(b, args, ", ")
	b.WriteByte(')')
}

func writeCall(b *strings.Builder, e *Call) {
	switch {
	case infix[e.Name] && len(e.Args) >= 2:
		writeParts(b, "(", e.Args[0], " "+e.Name+" ", e.Args[1])
		if len(e.Args) == 3 {
			writeParts(b, " ESCAPE ", e.Args[2])
		}
		b.WriteByte(')')
	case e.Name == "-":
		writeParts(b, "(-", e.Args[0], ")")
	case e.Name == "[]":
		writeParts(b, e.Args[0], "[", e.Args[1], "]")
	default:
		writeArgs(b, e.Name, e.Args)
	}
}

// symbolText is a column's name, or its number where it has none.
func symbolText(s *Symbol) string {
	if s.Name == "" {
		return fmt.Sprintf("$%d", s.ID)
	}
	return s.Name
}

func literalText(e *Literal) string {
	if e.Value == nil {
		return "NULL"
	}
	return valueText(e.Typ, e.Value)
}

// valueText writes a constant as SQL would.
func valueText(t types.Type, v any) string {
	text, _ := types.Text(t, v)
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	switch t.Kind {
	case types.Boolean, types.TinyInt, types.SmallInt, types.Integer, types.BigInt, types.Double, types.Real, types.Decimal:
		return text
	case types.Varchar, types.Char:
		return quoted
	}
	return strings.ToUpper(t.BaseName()) + " " + quoted
}
