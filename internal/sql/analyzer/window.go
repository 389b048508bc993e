package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
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
	take := func(e Expr) Expr {
		return rewrite(e, func(e Expr) (Expr, bool) {
			switch c := e.(type) {
			case *WindowCall:
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
	return nil
}

// windowCall analyzes a function with OVER.
func (a *analyzer) windowCall(e *ast.FunctionCall, fn *functions.Function, ctx *env) (Expr, error) {
	name := e.Name.Suffix().Lower()
	switch {
	case fn.Kind == functions.Scalar:
		return nil, errorAt(e, "FUNCTION_NOT_WINDOW", "Not a window function: %s", name)
	case ctx.inside != "":
		return nil, errorAt(e, "NESTED_WINDOW", "Cannot nest window functions or row pattern measures inside window function arguments or aggregation '%s'", ctx.inside)
	case !ctx.windows && ctx.aggregates:
		return nil, errorAt(e, "NESTED_WINDOW", "%s cannot contain window functions or row pattern measures", ctx.clause)
	case !ctx.windows:
		return nil, notScalar(e, ctx)
	case len(e.OrderBy) > 0:
		return nil, notSupported(e, "Window function with ORDER BY is not supported")
	case e.Distinct && fn.Kind == functions.Window:
		return nil, notSupported(e, "DISTINCT in window function parameters not yet supported: %s", ast.Format(e))
	case e.NullTreatment != ast.NullsUnspecified && fn.Kind == functions.Aggregate:
		return nil, errorAt(e, "NULL_TREATMENT_NOT_ALLOWED", "Cannot specify null treatment clause for %s function", name)
	case e.Distinct:
		return nil, notSupported(e, "DISTINCT in window function parameters not yet supported: %s", ast.Format(e))
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
	if out.Fn, out.Args, err = a.arguments(name, e, e.Arguments, &inner); err != nil {
		return nil, err
	}
	if e.Filter != nil {
		if fn.Kind == functions.Window {
			return nil, errorAt(e, "FUNCTION_NOT_AGGREGATE", "Filter is only valid for aggregation functions")
		}
		return nil, notSupported(e, "FILTER is not yet supported for window functions")
	}
	return out, checkWindow(e, fn, name, out)
}

// ranking are the window functions that mean nothing without an order or do
// not take a frame.
var ranking = map[string]bool{
	"rank": true, "dense_rank": true, "percent_rank": true, "cume_dist": true, "ntile": true, "row_number": true,
	"lag": true, "lead": true,
}

func checkWindow(e *ast.FunctionCall, fn *functions.Function, name string, c *WindowCall) error {
	if (name == "lag" || name == "lead") && len(c.OrderBy) == 0 {
		return errorAt(e, "MISSING_ORDER_BY", "%s function requires an ORDER BY window clause", name)
	}
	if fn.Kind == functions.Window && ranking[name] && c.Frame != nil {
		if name == "lag" || name == "lead" {
			return errorAt(e, "INVALID_WINDOW_FRAME", "Cannot specify window frame for %s function", name)
		}
		c.Frame = nil // these look at the whole partition whatever the frame
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
		out.Frame, err = a.frame(spec.Frame, out, ctx)
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
		return nil, errorAt(spec.OrderBy[0], "INVALID_ORDER_BY", "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY")
	case base.Spec.Frame != nil:
		return nil, errorAt(spec.Existing, "INVALID_WINDOW_REFERENCE", "Cannot reference named WINDOW containing frame specification")
	}
	return a.windowSpec(base.Spec, ctx)
}

// boundRank orders the kinds of bounds, so that a frame cannot start after its
// end.
var boundRank = map[ast.FrameBoundType]int{
	ast.UnboundedPreceding: 0, ast.Preceding: 1, ast.CurrentRow: 2, ast.Following: 3, ast.UnboundedFollowing: 4,
}

func (a *analyzer) frame(f *ast.WindowFrame, w *WindowCall, ctx *env) (*Frame, error) {
	if f.Recognition != nil {
		return nil, notSupported(f, "Row pattern recognition in a window is not supported")
	}
	end := f.End
	if end == nil {
		end = &ast.FrameBound{Position: f.Position, Type: ast.CurrentRow}
	}
	switch {
	case f.Start.Type == ast.UnboundedFollowing:
		return nil, errorAt(f, "INVALID_WINDOW_FRAME", "Window frame start cannot be UNBOUNDED FOLLOWING")
	case end.Type == ast.UnboundedPreceding:
		return nil, errorAt(f, "INVALID_WINDOW_FRAME", "Window frame end cannot be UNBOUNDED PRECEDING")
	case boundRank[f.Start.Type] > boundRank[end.Type]:
		return nil, errorAt(f, "INVALID_WINDOW_FRAME", "Window frame starting from %s cannot end with %s", f.Start.Type, end.Type)
	case f.Type == ast.FrameGroups && len(w.OrderBy) == 0:
		return nil, errorAt(f, "MISSING_ORDER_BY", "Window frame of type GROUPS requires ORDER BY")
	}
	start, err := a.bound1(f, f.Start, w, ctx)
	if err != nil {
		return nil, err
	}
	stop, err := a.bound1(f, end, w, ctx)
	return &Frame{Type: f.Type, Start: start, End: stop}, err
}

// bound1 is one end of a frame. Offsets must be constants: what Trino allows
// beyond that is refused.
func (a *analyzer) bound1(f *ast.WindowFrame, b *ast.FrameBound, w *WindowCall, ctx *env) (Bound, error) {
	out := Bound{Type: b.Type}
	if b.Value == nil {
		return out, nil
	}
	x, err := a.expr(b.Value, ctx)
	if err != nil {
		return out, err
	}
	v, ok := constant(x)
	if !ok {
		return out, notSupported(b.Value, "A window frame offset that is not a constant is not supported")
	}
	n, isInt := v.(int64)
	switch {
	case f.Type == ast.FrameRange:
		return a.rangeBound(b, x, w, out)
	case !isInt || !x.Type().IsInteger():
		return out, typeMismatch(b.Value, "Window frame %s value type must be exact numeric type with scale 0 (actual %s)", b.Type, x.Type())
	case n < 0:
		return out, errorAt(b.Value, "INVALID_WINDOW_FRAME", "Window frame offset value must not be negative or null")
	}
	out.Value = &Literal{Value: n, Typ: types.BigIntType}
	return out, nil
}

// rangeBound is an offset of a RANGE frame: the sort key plus or minus it. Only
// integers are exact in both engines.
func (a *analyzer) rangeBound(b *ast.FrameBound, x Expr, w *WindowCall, out Bound) (Bound, error) {
	if len(w.OrderBy) != 1 {
		return out, errorAt(b, "INVALID_ORDER_BY", "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY (actual: %d)", len(w.OrderBy))
	}
	k := w.OrderBy[0].Expr
	if !k.Type().IsInteger() || !x.Type().IsInteger() {
		return out, notSupported(b.Value, "A window frame of type RANGE over %s with an offset of type %s is not supported", k.Type(), x.Type())
	}
	n, _ := constant(x)
	if v, ok := n.(int64); !ok || v < 0 {
		return out, errorAt(b.Value, "INVALID_WINDOW_FRAME", "Window frame offset value must not be negative or null")
	}
	value, err := a.coerce(x, k.Type(), b.Value)
	out.Value = value
	return out, err
}
