package analyzer

import (
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/jsonpath"
	"github.com/scopsdb/scops/internal/sql/types"
)

// jsonFunction analyzes the functions of SQL/JSON.
func (a *analyzer) jsonFunction(e ast.Expression, ctx *env) (Expr, error) {
	switch e := e.(type) {
	case *ast.JSONExists:
		spec := jsonpath.Spec{Function: "exists", OnError: orDefault(e.OnError, ast.JSONFalse)}
		return a.jsonPath(e, e.Path, functions.JSONPathCall{Spec: spec, Returning: types.BooleanType}, nil, ctx)
	case *ast.JSONValue:
		return a.jsonValue(e, ctx)
	case *ast.JSONQuery:
		return a.jsonQuery(e, ctx)
	case *ast.JSONObject:
		return a.jsonObject(e, ctx)
	}
	return a.jsonArray(e.(*ast.JSONArray), ctx)
}

func orDefault(b, without ast.JSONBehavior) string {
	if b == ast.JSONUnspecified {
		return string(without)
	}
	return string(b)
}

// jsonReturning is the type of RETURNING, varchar without.
func jsonReturning(t *ast.DataType) (types.Type, error) {
	if t == nil {
		return types.VarcharUnbounded, nil
	}
	to, err := types.Parse(ast.FormatType(lowerFields(t)))
	if err != nil {
		return to, typeMismatch(t, "Unknown type: %s", ast.FormatType(t))
	}
	return to, carried(to, t)
}

// jsonScalars are the types that JSON_VALUE returns.
var jsonScalars = map[types.Kind]bool{
	types.Boolean: true, types.TinyInt: true, types.SmallInt: true, types.Integer: true, types.BigInt: true, types.Real: true,
	types.Double: true, types.Decimal: true, types.Varchar: true, types.Char: true, types.Date: true, types.Time: true,
	types.TimeTZ: true, types.Timestamp: true, types.TimestampTZ: true,
}

func (a *analyzer) jsonValue(e *ast.JSONValue, ctx *env) (Expr, error) {
	returning, err := jsonReturning(e.Returning)
	if err != nil {
		return nil, err
	}
	if !jsonScalars[returning.Kind] {
		return nil, typeMismatch(e, "Invalid return type of function JSON_VALUE: %s", returning)
	}
	call := functions.JSONPathCall{
		Spec: jsonpath.Spec{
			Function: "value",
			OnEmpty:  orDefault(e.OnEmpty.Kind, ast.JSONNull), OnError: orDefault(e.OnError.Kind, ast.JSONNull),
		},
		Returning:      returning,
		DefaultOnEmpty: e.OnEmpty.Kind == ast.JSONDefault, DefaultOnError: e.OnError.Kind == ast.JSONDefault,
	}
	defaults := func() ([]Expr, error) {
		var out []Expr
		for _, d := range []struct {
			clause   string
			behavior ast.JSONValueBehavior
		}{{"EMPTY", e.OnEmpty}, {"ERROR", e.OnError}} {
			if d.behavior.Kind != ast.JSONDefault {
				continue
			}
			x, err := a.expr(d.behavior.Default, ctx)
			if err != nil {
				return nil, err
			}
			if !types.CanCoerce(x.Type(), returning) {
				return nil, typeMismatch(d.behavior.Default, "Function JSON_VALUE default ON %s result must evaluate to a %s (actual: %s)", d.clause, returning, x.Type())
			}
			if x, err = a.coerce(x, returning, d.behavior.Default); err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		return out, nil
	}
	return a.jsonPath(e, e.Path, call, defaults, ctx)
}

func (a *analyzer) jsonQuery(e *ast.JSONQuery, ctx *env) (Expr, error) {
	returning, err := a.jsonResult(e, e.Returning, e.Format)
	if err != nil {
		return nil, err
	}
	if e.Quotes != ast.JSONQuotesUnspecified && (e.Wrapper == ast.JSONConditionalWrapper || e.Wrapper == ast.JSONUnconditionalWrapper) {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "%s QUOTES behavior specified with WITH %s ARRAY WRAPPER behavior", e.Quotes, e.Wrapper)
	}
	call := functions.JSONPathCall{Returning: returning, Spec: jsonpath.Spec{
		Function: "query", Wrapper: string(e.Wrapper), OmitQuotes: e.Quotes == ast.JSONOmitQuotes,
		OnEmpty: orDefault(e.OnEmpty, ast.JSONNull), OnError: orDefault(e.OnError, ast.JSONNull),
	}}
	return a.jsonPath(e, e.Path, call, nil, ctx)
}

// jsonResult is the type of JSON text that a function returns.
func (a *analyzer) jsonResult(e ast.Node, t *ast.DataType, format ast.JSONFormat) (types.Type, error) {
	returning, err := jsonReturning(t)
	if err != nil {
		return returning, err
	}
	if !returning.IsString() && returning.Kind != types.Varbinary {
		return returning, typeMismatch(e, "Cannot output JSON value as %s using formatting JSON", returning)
	}
	return returning, checkEncoding(e, returning, format)
}

// checkEncoding refuses what is not UTF-8.
func checkEncoding(at ast.Node, t types.Type, format ast.JSONFormat) error {
	switch {
	case format == ast.NoJSONFormat || format == ast.JSONText:
		return nil
	case t.Kind != types.Varbinary:
		return typeMismatch(at, "Cannot use JSON of type %s with an encoding", t)
	case format != ast.JSONUTF8:
		return notSupported(at, "FORMAT JSON ENCODING %s is not supported", format)
	}
	return nil
}

// jsonInput is a value that is JSON text.
func (a *analyzer) jsonInput(in *ast.JSONInput, ctx *env) (Expr, error) {
	x, err := a.expr(in.Value, ctx)
	if err != nil {
		return nil, err
	}
	t := x.Type()
	if t.Kind == types.Unknown {
		return &Literal{Typ: types.VarcharUnbounded}, nil
	}
	if !t.IsString() && t.Kind != types.Varbinary {
		return nil, typeMismatch(in.Value, "Cannot read input of type %s as JSON using formatting JSON", t)
	}
	if err := checkEncoding(in.Value, t, in.Format); err != nil || t.Kind == types.Varbinary {
		return x, err
	}
	return a.castTo(in.Value, x, types.VarcharUnbounded, false)
}

// jsonPath analyzes input, path and variables, and puts the call together.
func (a *analyzer) jsonPath(e ast.Expression, p *ast.JSONPathInvocation, call functions.JSONPathCall, defaults func() ([]Expr, error), ctx *env) (Expr, error) {
	input, err := a.jsonInput(p.Input, ctx)
	if err != nil {
		return nil, err
	}
	args := []Expr{input}
	for _, v := range p.Passing {
		x, t, err := a.jsonVariable(e, v, ctx)
		if err != nil {
			return nil, err
		}
		name := v.Name.Value
		if !v.Name.Quoted {
			name = strings.ToUpper(name)
		}
		args = append(args, x)
		call.Variables, call.Spec.Names = append(call.Variables, t), append(call.Spec.Names, name)
	}
	path, err := checkPath(p.Path, call.Spec.Names)
	if err != nil {
		return nil, err
	}
	if err := checkResult(p.Path, path, call); err != nil {
		return nil, err
	}
	if defaults != nil {
		xs, err := defaults()
		if err != nil {
			return nil, err
		}
		args = append(args, xs...)
	}
	call.Spec.Path, call.Input = p.Path.Value, input.Type()
	fn, name := functions.JSONPath(call)
	return &Call{Name: name, Fn: fn, Args: args}, nil
}

// jsonVariable is a value of PASSING; json is its type where it is text FORMAT
// JSON.
func (a *analyzer) jsonVariable(e ast.Expression, v *ast.JSONArgument, ctx *env) (Expr, types.Type, error) {
	if v.Input.Format != ast.NoJSONFormat || returnsJSON(v.Input.Value) {
		x, err := a.jsonInput(v.Input, ctx)
		if err == nil && x.Type().Kind == types.Varbinary {
			err = notSupported(v.Input.Value, "PASSING varbinary is not supported")
		}
		return x, types.JSONType, err
	}
	x, err := a.expr(v.Input.Value, ctx)
	if err != nil {
		return nil, types.Type{}, err
	}
	switch t := x.Type(); {
	case t.Kind == types.JSON || t.Kind == types.Unknown:
		x, err = a.castTo(v.Input.Value, x, types.VarcharUnbounded, false)
	case t.Kind == types.Varbinary:
		err = notSupported(v.Input.Value, "Unsupported type of JSON path parameter: %s", t)
	case !functions.JSONText(t):
		err = notSupported(e, "Unsupported type of JSON path parameter: %s", t)
	}
	if err != nil {
		return nil, types.Type{}, err
	}
	return x, x.Type(), nil
}

// returnsJSON says whether an expression is JSON without saying so.
func returnsJSON(e ast.Expression) bool {
	switch e.(type) {
	case *ast.JSONQuery, *ast.JSONObject, *ast.JSONArray:
		return true
	}
	return false
}

// checkPath finds what is wrong with a path before it runs. The place of an
// error of syntax is inside the literal.
func checkPath(literal *ast.StringLiteral, names []string) (*jsonpath.Path, error) {
	path, err := jsonpath.Parse(literal.Value)
	if err == nil {
		err = path.Check(names)
	}
	var syntax *jsonpath.SyntaxError
	var unsupported *jsonpath.UnsupportedError
	switch {
	case err == nil:
		return path, nil
	case errors.As(err, &syntax):
		at := literal.Position
		before := literal.Value[:syntax.Offset]
		if lines := strings.Count(before, "\n"); lines > 0 {
			at.Line += lines
			at.Column = 0
			before = before[strings.LastIndexByte(before, '\n')+1:]
		}
		at.Column += len([]rune(before)) + 1
		return nil, ast.Errorf("SYNTAX_ERROR", at, "%s", syntax.Message)
	case errors.As(err, &unsupported):
		return nil, notSupported(literal, "%s", unsupported)
	}
	return nil, errorAt(literal, "INVALID_PATH", "%s", err)
}

// pathKinds are types of the kinds of items that a path may be known to give.
var pathKinds = map[string]types.Type{"NUMBER": types.DoubleType, "STRING": types.VarcharUnbounded, "BOOLEAN": types.BooleanType}

// checkResult refuses JSON_VALUE of a path whose items never become the type
// that it returns.
func checkResult(literal *ast.StringLiteral, path *jsonpath.Path, call functions.JSONPathCall) error {
	from, known := pathKinds[path.Kind()]
	if call.Spec.Function != "value" || !known || from.Kind == types.Varchar && call.Returning.IsString() {
		return nil
	}
	if _, err := functions.Cast(from, call.Returning, true); err != nil {
		return typeMismatch(literal, "Return type of JSON path: %s incompatible with return type of function JSON_VALUE: %s", from, call.Returning)
	}
	return nil
}
