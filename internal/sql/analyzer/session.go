package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// trinoVersion is the Trino whose language this is: the answer of version().
const trinoVersion = "435"

func (a *analyzer) version(e *ast.FunctionCall, _ *env) (Expr, error) {
	if err := noArguments(e, "version"); err != nil {
		return nil, err
	}
	return varchar(trinoVersion), nil
}

// currentGroups is current_groups(): users have no groups here.
func (a *analyzer) currentGroups(e *ast.FunctionCall, _ *env) (Expr, error) {
	if err := noArguments(e, "current_groups"); err != nil {
		return nil, err
	}
	return &MakeArray{Typ: types.ArrayOf(types.VarcharUnbounded)}, nil
}

func noArguments(e *ast.FunctionCall, name string) error {
	if len(e.Arguments) == 0 {
		return nil
	}
	return errorAt(e, "FUNCTION_NOT_FOUND", "Unexpected parameters for function %s. Expected: %s()", name, name)
}
