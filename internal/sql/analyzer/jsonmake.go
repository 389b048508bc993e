package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

func (a *analyzer) jsonObject(e *ast.JSONObject, ctx *env) (Expr, error) {
	var args []Expr
	var parts []functions.JSONPart
	for _, m := range e.Members {
		key, err := a.expr(m.Key, ctx)
		if err != nil {
			return nil, err
		}
		if t := key.Type(); !t.IsString() && t.Kind != types.Unknown {
			return nil, errorAt(m.Key, "INVALID_FUNCTION_ARGUMENT", "Invalid type of JSON object key: %s", t)
		}
		if key, err = a.castTo(m.Key, key, types.VarcharUnbounded, false); err != nil {
			return nil, err
		}
		value, part, err := a.jsonPart(e, "JSON_OBJECT", m.Value, ctx)
		if err != nil {
			return nil, err
		}
		args, parts = append(args, key, value), append(parts, part)
	}
	returning, err := a.jsonResult(e, e.Returning, e.Format)
	if err != nil {
		return nil, err
	}
	fn, name := functions.JSONObject(parts, e.Nulls == ast.JSONAbsentOnNull, e.UniqueKeys, returning)
	return &Call{Name: name, Fn: fn, Args: args}, nil
}

func (a *analyzer) jsonArray(e *ast.JSONArray, ctx *env) (Expr, error) {
	var args []Expr
	var parts []functions.JSONPart
	for _, element := range e.Elements {
		value, part, err := a.jsonPart(e, "JSON_ARRAY", element, ctx)
		if err != nil {
			return nil, err
		}
		args, parts = append(args, value), append(parts, part)
	}
	returning, err := a.jsonResult(e, e.Returning, e.Format)
	if err != nil {
		return nil, err
	}
	fn, name := functions.JSONArray(parts, e.Nulls != ast.JSONNullOnNull, returning)
	return &Call{Name: name, Fn: fn, Args: args}, nil
}

// jsonPart is a value inside new JSON: numbers, booleans, texts and JSON as they
// are, other types as their text.
func (a *analyzer) jsonPart(e ast.Expression, function string, in *ast.JSONInput, ctx *env) (Expr, functions.JSONPart, error) {
	if in.Format != ast.NoJSONFormat || returnsJSON(in.Value) {
		x, err := a.jsonInput(in, ctx)
		if err != nil {
			return nil, functions.JSONPart{}, err
		}
		return x, functions.JSONPart{Type: x.Type(), Formatted: true}, nil
	}
	x, err := a.expr(in.Value, ctx)
	if err != nil {
		return nil, functions.JSONPart{}, err
	}
	t := x.Type()
	switch {
	case t.Kind == types.Varbinary:
		return nil, functions.JSONPart{}, notSupported(in.Value, "Unsupported type of value passed to %s function: %s", function, t)
	case t.Kind == types.Array || t.Kind == types.Map || t.Kind == types.Row:
		return nil, functions.JSONPart{}, notSupported(e, "Unsupported type of value passed to %s function: %s", function, t)
	case !functions.JSONText(t) || t.Kind == types.Unknown:
		if x, err = a.castTo(in.Value, x, types.VarcharUnbounded, false); err != nil {
			return nil, functions.JSONPart{}, err
		}
	}
	return x, functions.JSONPart{Type: x.Type()}, nil
}
