package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// format is format(text, x, …): each argument becomes the text that the
// function reads.
func (a *analyzer) format(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) < 2 {
		return nil, errorAt(e, "SYNTAX_ERROR", "The 'format' function must have at least two arguments")
	}
	xs, err := a.exprs(e.Arguments, ctx)
	if err != nil {
		return nil, err
	}
	if xs[0].Type().Kind != types.Varchar {
		return nil, typeMismatch(e.Arguments[0], "Type of first argument to format() must be VARCHAR (actual: %s)", xs[0].Type())
	}
	args := make([]functions.Arg, len(xs))
	for i, x := range xs {
		if i > 0 {
			fn, err := functions.FormatArgument(x.Type())
			if err != nil {
				return nil, a.fail(e.Arguments[i], nil, err)
			}
			xs[i] = &Call{Name: "$format_argument", Fn: fn, Args: []Expr{x}}
		}
		args[i] = functions.Arg{Type: xs[i].Type()}
	}
	fn, err := functions.Resolve("format", args)
	if err != nil {
		return nil, a.fail(e, e.Arguments, err)
	}
	xs, err = a.resolved(fn, xs, e)
	return &Call{Name: "format", Fn: fn, Args: xs}, err
}
