package ast

import (
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// level is how tightly an expression binds.
type level uint8

const (
	levelLambda level = iota // a lambda's body goes on to the right as far as it can
	levelOr
	levelAnd
	levelNot
	levelPredicate
	levelValue
	levelSum
	levelProduct
	levelUnary
	levelZone
	levelPrimary
)

func levelOf(e Expression) level {
	switch e := e.(type) {
	case *Lambda:
		return levelLambda
	case *Logical:
		if e.Operator == Or {
			return levelOr
		}
		return levelAnd
	case *Not:
		return levelNot
	case *Comparison, *QuantifiedComparison, *Between, *In, *Like, *IsNull, *IsNotNull:
		return levelPredicate
	case *ArithmeticBinary:
		if e.Operator == Add || e.Operator == Subtract {
			return levelSum
		}
		return levelProduct
	case *ArithmeticUnary:
		return levelUnary
	case *AtTimeZone:
		return levelZone
	}
	return levelPrimary
}

// at writes an expression in a place where only those of a level or tighter
// can stand bare.
func (f *formatter) at(e Expression, lowest level) {
	if levelOf(e) < lowest {
		f.write("(")
		f.expression(e)
		f.write(")")
		return
	}
	f.expression(e)
}

// base writes what a dot follows; a dot right after a number would be part of
// it.
func (f *formatter) base(e Expression) {
	switch e.(type) {
	case *LongLiteral, *DecimalLiteral, *DoubleLiteral:
		f.write("(")
		f.expression(e)
		f.write(")")
	default:
		f.at(e, levelPrimary)
	}
}

// subscripted writes what a bracket follows; right after a column named array it
// would begin an array.
func (f *formatter) subscripted(e Expression) {
	if id, ok := e.(*Identifier); ok && !id.Quoted && id.Lower() == "array" {
		f.write("(", id.Value, ")")
		return
	}
	f.at(e, levelPrimary)
}

func (f *formatter) expressions(es []Expression) { join(f, es, ", ", f.expression) }

func (f *formatter) expression(e Expression) {
	switch e := e.(type) {
	case *Logical:
		lowest := levelAnd
		if e.Operator == And {
			lowest = levelNot
		}
		join(f, e.Terms, " "+string(e.Operator)+" ", func(t Expression) { f.at(t, lowest) })
	case *Not:
		f.write("NOT ")
		f.at(e.Value, levelNot)
	case *Comparison:
		f.at(e.Left, levelValue)
		f.write(" ", string(e.Operator), " ")
		f.at(e.Right, levelValue)
	case *QuantifiedComparison:
		f.at(e.Left, levelValue)
		f.write(" ", string(e.Operator), map[bool]string{true: " ALL ", false: " ANY "}[e.All])
		f.parenQuery(e.Query)
	case *Between:
		f.at(e.Value, levelValue)
		f.write(" BETWEEN ")
		f.at(e.Min, levelValue)
		f.write(" AND ")
		f.at(e.Max, levelValue)
	case *In:
		f.in(e)
	case *Like:
		f.at(e.Value, levelValue)
		f.write(" LIKE ")
		f.at(e.Pattern, levelValue)
		if e.Escape != nil {
			f.write(" ESCAPE ")
			f.at(e.Escape, levelValue)
		}
	case *IsNull:
		f.at(e.Value, levelValue)
		f.write(" IS NULL")
	case *IsNotNull:
		f.at(e.Value, levelValue)
		f.write(" IS NOT NULL")
	case *Lambda:
		f.identifiers(e.Arguments)
		f.write(" -> ")
		f.expression(e.Body)
	default:
		f.arithmetic(e)
	}
}

func (f *formatter) in(e *In) {
	f.at(e.Value, levelValue)
	f.write(" IN ")
	if e.Query != nil {
		f.parenQuery(e.Query)
		return
	}
	f.write("(")
	f.expressions(e.List)
	f.write(")")
}

func (f *formatter) arithmetic(e Expression) {
	switch e := e.(type) {
	case *ArithmeticBinary:
		own := levelOf(e)
		f.at(e.Left, own)
		f.write(" ", string(e.Operator), " ")
		f.at(e.Right, own+1)
	case *ArithmeticUnary:
		f.unary(e)
	case *AtTimeZone:
		f.at(e.Value, levelZone)
		f.write(" AT TIME ZONE ")
		f.expression(e.Zone)
	case *Subscript:
		f.subscripted(e.Base)
		f.write("[")
		f.at(e.Index, levelValue)
		f.write("]")
	case *Dereference:
		f.base(e.Base)
		f.write(".")
		f.identifier(e.Field)
	default:
		f.special(e)
	}
}

// unary writes a sign. A minus before a number would become part of it, two of
// them a comment.
func (f *formatter) unary(e *ArithmeticUnary) {
	if !e.Negative {
		f.write("+ ")
		f.at(e.Value, levelUnary)
		return
	}
	f.write("- ")
	inner := &formatter{}
	inner.at(e.Value, levelUnary)
	text := inner.out.String()
	if text[0] == '.' || '0' <= text[0] && text[0] <= '9' {
		text = "(" + text + ")"
	}
	f.write(text)
}

// special writes the forms with a syntax of their own.
func (f *formatter) special(e Expression) {
	switch e := e.(type) {
	case *Exists:
		f.write("EXISTS ")
		f.parenQuery(e.Query)
	case *SubqueryExpression:
		f.parenQuery(e.Query)
	case *Cast:
		f.write(map[bool]string{true: "TRY_CAST(", false: "CAST("}[e.Try])
		f.expression(e.Value)
		f.write(" AS ")
		f.dataType(e.Type)
		f.write(")")
	case *SimpleCase:
		f.write("CASE ")
		f.expression(e.Operand)
		f.cases(e.Whens, e.Default)
	case *SearchedCase:
		f.write("CASE")
		f.cases(e.Whens, e.Default)
	case *Array:
		f.write("ARRAY[")
		f.expressions(e.Values)
		f.write("]")
	case *Row:
		f.write("ROW(")
		f.expressions(e.Items)
		f.write(")")
	case *Extract:
		f.write("EXTRACT(")
		f.identifier(e.Field)
		f.write(" FROM ")
		f.at(e.Value, levelValue)
		f.write(")")
	case *Trim:
		f.trim(e)
	case *Current:
		f.write(string(e.Function))
		if e.Precision != nil {
			f.write("(")
			f.expression(e.Precision)
			f.write(")")
		}
	case *Grouping:
		f.write("GROUPING(")
		f.expressions(e.Columns)
		f.write(")")
	case *FunctionCall:
		f.call(e)
	case *ListAgg:
		f.listAgg(e)
	case *WindowOperation:
		f.identifier(e.Name)
		f.over(e.Over)
	case *JSONExists, *JSONValue, *JSONQuery, *JSONObject, *JSONArray:
		f.json(e)
	default:
		f.literal(e)
	}
}

func (f *formatter) cases(whens []*WhenClause, otherwise Expression) {
	for _, w := range whens {
		f.write(" WHEN ")
		f.expression(w.Operand)
		f.write(" THEN ")
		f.expression(w.Result)
	}
	if otherwise != nil {
		f.write(" ELSE ")
		f.expression(otherwise)
	}
	f.write(" END")
}

func (f *formatter) trim(e *Trim) {
	f.write("TRIM(", string(e.Specification), " ")
	if e.Characters != nil {
		f.at(e.Characters, levelPrimary)
		f.write(" ")
	}
	f.write("FROM ")
	f.at(e.Value, levelValue)
	f.write(")")
}

func (f *formatter) call(e *FunctionCall) {
	if e.Processing != "" {
		f.write(e.Processing, " ")
	}
	f.name(e.Name)
	f.write("(")
	if e.Label != nil {
		f.identifier(e.Label)
		f.write(".")
	}
	if e.Star {
		f.write("*")
	}
	if e.Distinct {
		f.write("DISTINCT ")
	}
	if e.isNormalize() {
		f.expression(e.Arguments[0])
		f.write(", ", e.Arguments[1].(*StringLiteral).Value)
	} else {
		f.expressions(e.Arguments)
	}
	intro := "ORDER BY "
	if e.Arguments != nil {
		intro = " ORDER BY "
	}
	f.orderBy(intro, e.OrderBy)
	f.write(")")
	f.filter(e.Filter)
	switch e.NullTreatment {
	case IgnoreNulls:
		f.write(" IGNORE NULLS")
	case RespectNulls:
		f.write(" RESPECT NULLS")
	}
	if e.Over != nil {
		f.over(e.Over)
	}
}

func (f *formatter) over(o *Over) {
	f.write(" OVER ")
	if o.Name != nil {
		f.identifier(o.Name)
		return
	}
	f.windowSpec(o.Spec)
}

// isNormalize tells whether a call was NORMALIZE(x, NFC), whose name is
// reserved and whose form is a keyword.
func (e *FunctionCall) isNormalize() bool {
	name := e.Name.Parts[0]
	return len(e.Name.Parts) == 1 && !name.Quoted && name.Lower() == "normalize"
}

func (f *formatter) filter(e Expression) {
	if e == nil {
		return
	}
	f.write(" FILTER (WHERE ")
	f.expression(e)
	f.write(")")
}

func (f *formatter) listAgg(e *ListAgg) {
	f.write("LISTAGG(")
	if e.Distinct {
		f.write("DISTINCT ")
	}
	f.expression(e.Value)
	if e.Separator != nil {
		f.write(", ")
		f.str(e.Separator)
	}
	if e.Overflow.Truncate {
		f.write(" ON OVERFLOW TRUNCATE ")
		if e.Overflow.Filler != nil {
			f.str(e.Overflow.Filler)
			f.write(" ")
		}
		f.write(map[bool]string{true: "WITH COUNT", false: "WITHOUT COUNT"}[e.Overflow.WithCount])
	}
	f.write(") WITHIN GROUP (")
	f.orderBy("ORDER BY ", e.OrderBy)
	f.write(")")
	f.filter(e.Filter)
}

// plainDecimal is what the lexer reads as a decimal, with its sign.
var plainDecimal = regexp.MustCompile(`^-?([0-9]+\.[0-9]*|\.[0-9]+)$`)

func (f *formatter) literal(e Expression) {
	switch e := e.(type) {
	case *Identifier:
		f.identifier(e)
	case *Parameter:
		f.write("?")
	case *NullLiteral:
		f.write("NULL")
	case *BooleanLiteral:
		f.write(strings.ToUpper(strconv.FormatBool(e.Value)))
	case *LongLiteral:
		f.write(strconv.FormatInt(e.Value, 10))
	case *DoubleLiteral:
		f.double(e.Value)
	case *DecimalLiteral:
		if plainDecimal.MatchString(e.Value) {
			f.write(e.Value)
			return
		}
		f.write("DECIMAL ", quote(e.Value, "'"))
	case *StringLiteral:
		f.str(e)
	case *BinaryLiteral:
		f.write("X'", strings.ToUpper(hex.EncodeToString(e.Value)), "'")
	case *GenericLiteral:
		if bareTypes[e.Type] {
			f.write(e.Type)
		} else {
			f.write(quote(e.Type, `"`))
		}
		f.write(" ", quote(e.Value, "'"))
	case *IntervalLiteral:
		f.write("INTERVAL ")
		if e.Negative {
			f.write("- ")
		}
		f.write(quote(e.Value, "'"), " ", string(e.Start))
		if e.End != "" {
			f.write(" TO ", string(e.End))
		}
	}
}

// double writes a double with an exponent, which is what makes it one.
func (f *formatter) double(v float64) {
	switch {
	case math.IsInf(v, 1):
		f.write("1E999")
	case math.IsInf(v, -1):
		f.write("-1E999")
	default:
		f.write(strconv.FormatFloat(v, 'E', -1, 64))
	}
}
