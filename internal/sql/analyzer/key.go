package analyzer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// key is a text that two expressions share exactly when they compute the same
// from the same columns. Two subqueries never share one: their columns differ.
func key(e Expr) string {
	var b strings.Builder
	writeKey(&b, e)
	return b.String()
}

func writeKey(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case nil:
		b.WriteByte('-')
	case *Ref:
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(e.Symbol.ID))
	case *Literal:
		writeLiteralKey(b, e)
	case *Call:
		writeKeys(b, e.Name, e.Args...)
	case *Cast:
		name := "cast:" + e.To.String() + ":" + e.To.Zone
		if e.Try {
			name = "try" + name
		}
		writeKeys(b, name, e.Arg)
	case *Logical:
		if e.Or {
			writeKeys(b, "or", e.Terms...)
		} else {
			writeKeys(b, "and", e.Terms...)
		}
	case *Not:
		writeKeys(b, "not", e.Arg)
	case *IsNull:
		writeKeys(b, "null", e.Arg)
	case *In:
		writeKeys(b, "in", append([]Expr{e.Value}, e.List...)...)
	case *Between:
		writeKeys(b, "between", e.Value, e.Min, e.Max)
	case *Case:
		writeKeys(b, "case", caseParts(e)...)
	case *Coalesce:
		writeKeys(b, "coalesce", e.Args...)
	case *Try:
		writeKeys(b, "try", e.Arg)
	case *RowField:
		writeKeys(b, "field:"+strconv.Itoa(e.Index), e.Base)
	case *MakeRow:
		writeKeys(b, "row:"+e.Typ.String(), e.Items...)
	case *MakeArray:
		writeKeys(b, "array:"+e.Typ.String(), e.Items...)
	default:
		writeBigKey(b, e)
	}
}

func writeKeys(b *strings.Builder, name string, args ...Expr) {
	b.WriteString(name)
	b.WriteByte('(')
	for i, a := range args {
		if i > 0 {
			b.WriteByte(',')
		}
		writeKey(b, a)
	}
	b.WriteByte(')')
}

func writeBigKey(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case *Lambda: // to Trino x -> x + 1 is not y -> y + 1
		args := map[*Symbol]*Symbol{}
		names := ""
		for i, p := range e.Params {
			names += strings.ToLower(p.Name) + ","
			args[p] = &Symbol{ID: -i - 1, Type: p.Type}
		}
		body := rewrite(e.Body, func(x Expr) (Expr, bool) {
			if r, ok := x.(*Ref); ok && args[r.Symbol] != nil {
				return &Ref{args[r.Symbol]}, true
			}
			return x, false
		})
		writeKeys(b, "lambda:"+strconv.Quote(names)+e.Type().String(), body)
	case *AggCall:
		writeKeys(b, fmt.Sprintf("agg:%s:%t", e.Name, e.Distinct), append(append([]Expr{}, e.Args...), e.Filter)...)
		writeSortKeys(b, e.OrderBy)
	case *GroupingCall:
		writeKeys(b, "grouping", e.Args...)
	case *WindowCall:
		writeKeys(b, fmt.Sprintf("window:%s:%t:%t", e.Name, e.Distinct, e.IgnoreNulls), append(append([]Expr{}, e.Args...), e.Filter)...)
		writeKeys(b, "by", e.PartitionBy...)
		writeSortKeys(b, e.OrderBy)
		if f := e.Frame; f != nil {
			writeKeys(b, fmt.Sprintf("frame:%s:%s:%s", f.Type, f.Start.Type, f.End.Type), f.Start.Value, f.End.Value)
		}
	default: // subqueries: each is its own
		fmt.Fprintf(b, "%T@%p", e, e)
	}
}

func writeSortKeys(b *strings.Builder, keys []SortKey) {
	for _, k := range keys {
		writeKeys(b, fmt.Sprintf("order:%t:%t", k.Descending, k.NullsFirst), k.Expr)
	}
}

func writeLiteralKey(b *strings.Builder, e *Literal) {
	b.WriteByte('\'')
	b.WriteString(e.Typ.String())
	b.WriteString(e.Typ.Zone)
	b.WriteByte(':')
	if e.Value == nil {
		b.WriteString("null")
		return
	}
	// Quoted, so that no text can look like the end of a literal.
	b.WriteString(strconv.Quote(string(types.AppendText(nil, e.Typ, e.Value))))
}

func caseParts(e *Case) []Expr {
	var parts []Expr
	for _, w := range e.Whens {
		parts = append(parts, w.Condition, w.Result)
	}
	return append(parts, e.Else)
}
