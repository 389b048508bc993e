package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// namedWindows notes the WINDOW clause; a window is analyzed where it is used,
// and once in any case.
func (s *selection) namedWindows() error {
	s.windows = map[string]*ast.WindowDefinition{}
	ctx := s.env(s.scope, "WINDOW clause", false)
	for _, w := range s.spec.Windows {
		name := w.Name.Lower()
		if s.windows[name] != nil {
			return errorAt(w, "DUPLICATE_WINDOW_NAME", "WINDOW name '%s' specified more than once", name)
		}
		if _, err := s.a.windowSpec(w.Spec, ctx); err != nil {
			return err
		}
		s.windows[name] = w
	}
	return nil
}

// addWindows computes the window functions of the select list and of ORDER BY.
func (s *selection) addWindows() error {
	w := &Window{Input: s.rel}
	have := map[string]*Symbol{}
	var failed error
	take := func(e Expr) Expr {
		return rewrite(e, func(e Expr) (Expr, bool) {
			switch c := e.(type) {
			case *WindowCall:
				if failed == nil {
					failed = s.checkWindow(c)
				}
				if wholePartition[c.Name] {
					c.Frame = nil
				}
				k := key(c)
				if have[k] == nil {
					have[k] = s.a.symbol("", c.Type())
					w.Calls, w.Out = append(w.Calls, c), append(w.Out, have[k])
				}
				return &Ref{have[k]}, true
			case *Subquery, *Exists:
				return e, true
			case *InSubquery:
				return e, !hasWindow(c.Value)
			}
			return e, false
		})
	}
	for i := range s.items {
		s.items[i].expr = take(s.items[i].expr)
	}
	for i := range s.order {
		if s.order[i].output < 0 {
			s.order[i].expr = take(s.order[i].expr)
		}
	}
	if len(w.Calls) > 0 {
		s.rel = w
	}
	return failed
}

// windowCall analyzes a function with OVER. What Trino checks after all of the
// SELECT is checked by checkWindow.
func (a *analyzer) windowCall(e *ast.FunctionCall, fn *functions.Function, ctx *env) (Expr, error) {
	name := e.Name.Suffix().Lower()
	switch {
	case ctx.inside != "":
		return nil, errorAt(ctx.insideAt, "NESTED_WINDOW", "Cannot nest window functions or row pattern measures inside window function arguments or aggregation '%s'", ctx.inside)
	case !ctx.windows && ctx.aggregates:
		return nil, errorAt(e, "NESTED_WINDOW", "%s cannot contain window functions or row pattern measures", ctx.clause)
	case !ctx.windows:
		return nil, notScalar(e, ctx)
	case len(e.OrderBy) > 0 && fn.Kind != functions.Aggregate:
		return nil, errorAt(e, "FUNCTION_NOT_AGGREGATE", "ORDER BY is only valid for aggregation functions")
	case len(e.OrderBy) > 0:
		return nil, notSupported(e, "Window function with ORDER BY is not supported")
	case e.NullTreatment != ast.NullsUnspecified && !treatsNulls[name]:
		return nil, errorAt(e, "NULL_TREATMENT_NOT_ALLOWED", "Cannot specify null treatment clause for %s function", name)
	case e.Star && name != "count":
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Unexpected parameters (*) for function %s", name)
	}
	inner := *ctx
	inner.windows = false
	out, err := a.window(e.Over, &inner)
	if err != nil {
		return nil, err
	}
	out.Name, out.IgnoreNulls, out.At = name, e.NullTreatment == ast.IgnoreNulls, e
	out.Fn, out.Args, err = a.arguments(name, e, e.Arguments, &inner)
	return out, err
}

// treatsNulls are the functions that take IGNORE NULLS and RESPECT NULLS.
var treatsNulls = map[string]bool{"lag": true, "lead": true, "first_value": true, "last_value": true, "nth_value": true}

// wholePartition are the functions that look at the whole partition whatever
// the frame is.
var wholePartition = map[string]bool{
	"rank": true, "dense_rank": true, "percent_rank": true, "cume_dist": true, "ntile": true, "row_number": true,
}

// checkWindow makes the checks that Trino makes after those of all expressions;
// some of its errors stand at the SELECT.
func (s *selection) checkWindow(c *WindowCall) error {
	e := c.At.(*ast.FunctionCall)
	fn := functions.Lookup(c.Name)
	switch {
	case e.Distinct:
		return notSupported(s.spec, "DISTINCT in window function parameters not yet supported: %s", ast.Format(e))
	case e.Filter != nil:
		return notSupported(s.spec, "FILTER is not yet supported for window functions")
	case fn.Kind == functions.Scalar:
		return errorAt(s.spec, "FUNCTION_NOT_WINDOW", "Not a window function: %s", c.Name)
	case c.Name != "lag" && c.Name != "lead":
		return nil
	case len(c.OrderBy) == 0:
		var at ast.Node = e.Over
		if e.Over.Name == nil {
			at = e.Over.Spec
		}
		return errorAt(at, "MISSING_ORDER_BY", "%s function requires an ORDER BY window clause", c.Name)
	case c.Frame != nil:
		return errorAt(c.Frame.At, "INVALID_WINDOW_FRAME", "Cannot specify window frame for %s function", c.Name)
	}
	return nil
}

func (a *analyzer) window(over *ast.Over, ctx *env) (*WindowCall, error) {
	if over.Name == nil {
		return a.windowSpec(over.Spec, ctx)
	}
	w := ctx.named[over.Name.Lower()]
	if w == nil {
		return nil, errorAt(over.Name, "INVALID_WINDOW_REFERENCE", "Cannot resolve WINDOW name %s", over.Name.Value)
	}
	return a.windowSpec(w.Spec, ctx)
}

// windowSpec analyzes what stands in the parentheses of OVER.
func (a *analyzer) windowSpec(spec *ast.WindowSpec, ctx *env) (*WindowCall, error) {
	out := &WindowCall{}
	if spec.Existing != nil {
		base, err := a.existing(spec, ctx)
		if err != nil {
			return nil, err
		}
		out = base
	}
	for _, p := range spec.PartitionBy {
		x, err := a.expr(p, ctx)
		if err != nil {
			return nil, err
		}
		if !x.Type().IsComparable() {
			return nil, typeMismatch(p, "%s is not comparable, and therefore cannot be used in window function PARTITION BY", x.Type())
		}
		out.PartitionBy = append(out.PartitionBy, x)
	}
	keys, err := a.sortKeys(spec.OrderBy, ctx)
	if err != nil {
		return nil, err
	}
	out.OrderBy = append(out.OrderBy, keys...)
	if spec.Frame != nil {
		out.Frame, err = a.frame(spec, out, ctx)
	}
	return out, err
}

// existing is the named window that a specification refines.
func (a *analyzer) existing(spec *ast.WindowSpec, ctx *env) (*WindowCall, error) {
	base := ctx.named[spec.Existing.Lower()]
	switch {
	case base == nil:
		return nil, errorAt(spec.Existing, "INVALID_WINDOW_REFERENCE", "Cannot resolve WINDOW name %s", spec.Existing.Value)
	case len(spec.PartitionBy) > 0:
		return nil, errorAt(spec.PartitionBy[0], "INVALID_PARTITION_BY", "WINDOW specification with named WINDOW reference cannot specify PARTITION BY")
	case len(spec.OrderBy) > 0 && len(base.Spec.OrderBy) > 0:
		return nil, errorAt(spec.OrderAt, "INVALID_ORDER_BY", "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY")
	case base.Spec.Frame != nil:
		return nil, errorAt(spec.Existing, "INVALID_WINDOW_REFERENCE", "Cannot reference named WINDOW containing frame specification")
	}
	return a.windowSpec(base.Spec, ctx)
}
