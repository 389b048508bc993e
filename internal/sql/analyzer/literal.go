package analyzer

import (
	"encoding/json"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// literal gives a constant of the text its type and value.
func (a *analyzer) literal(e ast.Expression) (Expr, error) {
	switch e := e.(type) {
	case *ast.NullLiteral:
		return &Literal{}, nil
	case *ast.BooleanLiteral:
		return &Literal{Value: e.Value, Typ: types.BooleanType}, nil
	case *ast.LongLiteral:
		return integerLiteral(e.Value), nil
	case *ast.DoubleLiteral:
		return &Literal{Value: e.Value, Typ: types.DoubleType}, nil
	case *ast.DecimalLiteral:
		return decimalLiteral(e)
	case *ast.StringLiteral:
		return varcharLiteral(e.Value), nil
	case *ast.BinaryLiteral:
		return &Literal{Value: e.Value, Typ: types.VarbinaryType}, nil
	case *ast.GenericLiteral:
		return a.genericLiteral(e)
	case *ast.IntervalLiteral:
		return intervalLiteral(e)
	case *ast.WindowOperation:
		return nil, errorAt(e, "INVALID_WINDOW_MEASURE", "Measure %s is not defined in the corresponding window", e.Name.Value)
	default:
		return nil, notSupported(e, "This expression is not supported: %s", ast.Format(e))
	}
}

func varcharLiteral(s string) *Literal {
	return &Literal{Value: s, Typ: types.VarcharType(utf8.RuneCountInString(s))}
}

// integerLiteral is integer where the value fits, else bigint.
func integerLiteral(v int64) *Literal {
	if v == int64(int32(v)) {
		return &Literal{Value: v, Typ: types.IntegerType}
	}
	return &Literal{Value: v, Typ: types.BigIntType}
}

// decimalLiteral has as many digits as its text: 1.50 is decimal(3,2), 0.05 is
// decimal(2,2).
func decimalLiteral(e *ast.DecimalLiteral) (Expr, error) {
	invalid := errorAt(e, "INVALID_LITERAL", "'%s' is not a valid decimal literal", e.Value)
	text, negative := strings.CutPrefix(strings.TrimPrefix(e.Value, "+"), "-")
	whole, fraction, _ := strings.Cut(text, ".")
	whole = strings.TrimLeft(whole, "0")
	digits := whole + fraction
	if whole+fraction == "" {
		if !strings.Contains(text, "0") {
			return nil, invalid
		}
		digits = "0"
	}
	for _, r := range digits {
		if r < '0' || r > '9' {
			return nil, invalid
		}
	}
	if len(digits) > types.MaxDecimalPrecision {
		return nil, errorAt(e, "INVALID_LITERAL", "Invalid decimal literal '%s': more than %d digits", e.Value, types.MaxDecimalPrecision)
	}
	n, _ := new(big.Int).SetString(digits, 10)
	if negative {
		n.Neg(n)
	}
	return &Literal{Value: types.NewDecimal(n), Typ: types.DecimalType(len(digits), len(fraction))}, nil
}

// genericLiteral is a type and a string: DATE '2021-02-03'.
func (a *analyzer) genericLiteral(e *ast.GenericLiteral) (Expr, error) {
	switch e.Type {
	case "date":
		return dateLiteral(e)
	case "timestamp", "timestamp with time zone":
		return timestampLiteral(e)
	case "time":
		return timeLiteral(e)
	}
	if e.Type == "char" && e.Value == "" {
		return nil, notSupported(e, "Type char(0) is not supported")
	}
	if e.Type == "char" {
		return &Literal{Value: e.Value, Typ: types.CharType(utf8.RuneCountInString(e.Value))}, nil
	}
	t, err := types.Parse(e.Type)
	if err != nil {
		// Trino has the place in the text of the message only.
		return nil, errorAt(nowhere{}, "TYPE_NOT_FOUND", "io.trino.spi.TrinoException: line %s: Unknown resolvedType: %s", e.Position, e.Type)
	}
	if err := carried(t, e); err != nil {
		return nil, err
	}
	if t.Kind == types.UUID || t.Kind == types.IPAddress {
		return addressLiteral(e, t)
	}
	if t.Kind == types.JSON { // JSON '…' parses its text; a cast would make a JSON string
		if !json.Valid([]byte(e.Value)) {
			return nil, errorAt(e, "INVALID_LITERAL", "'%s' is not a valid JSON literal", e.Value)
		}
		id := &ast.Identifier{Position: e.Position, Value: "json_parse"}
		return a.function(id.Value, e, []ast.Expression{&ast.StringLiteral{Position: e.Position, Value: e.Value}}, &env{scope: &scope{}})
	}
	return a.castTo(e, varcharLiteral(e.Value), t, false)
}

// addressLiteral is UUID '…' or IPADDRESS '…'.
func addressLiteral(e *ast.GenericLiteral, t types.Type) (Expr, error) {
	text, ok := "", false
	if t.Kind == types.UUID {
		id, err := uuid.Parse(e.Value)
		text, ok = id.String(), err == nil && len(e.Value) == len(id.String())
	} else if b, valid := types.ParseIPAddress(e.Value); valid {
		text, ok = types.IPAddressText(b), true
	}
	if !ok {
		return nil, errorAt(e, "INVALID_LITERAL", "'%s' is not a valid %s literal", e.Value, strings.ToUpper(t.String()))
	}
	return &Literal{Value: text, Typ: t}, nil
}
