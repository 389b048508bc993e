package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// boundRank orders the kinds of bounds, so that a frame cannot start after its
// end.
var boundRank = map[ast.FrameBoundType]int{
	ast.UnboundedPreceding: 0, ast.Preceding: 1, ast.CurrentRow: 2, ast.Following: 3, ast.UnboundedFollowing: 4,
}

// frame analyzes the frame of a window whose order is known. For a RANGE with
// offsets it makes the sort key of the type in which the bounds are computed.
func (a *analyzer) frame(spec *ast.WindowSpec, w *WindowCall, ctx *env) (*Frame, error) {
	f := spec.Frame
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
		return nil, errorAt(spec, "MISSING_ORDER_BY", "Window frame of type GROUPS requires ORDER BY")
	}
	out := &Frame{Type: f.Type, Start: Bound{Type: f.Start.Type}, End: Bound{Type: end.Type}, At: f}
	var err error
	if out.Start.Value, err = a.frameOffset(spec, f.Start, w, ctx); err != nil {
		return nil, err
	}
	if out.End.Value, err = a.frameOffset(spec, end, w, ctx); err != nil {
		return nil, err
	}
	if f.Type == ast.FrameRange && (out.Start.Value != nil || out.End.Value != nil) {
		err = a.rangeType(out, w, f)
	}
	return out, err
}

// frameOffset is the expression of n PRECEDING or n FOLLOWING, nil without one.
// That it is neither negative nor NULL is found as the query runs.
func (a *analyzer) frameOffset(spec *ast.WindowSpec, b *ast.FrameBound, w *WindowCall, ctx *env) (Expr, error) {
	if b.Value == nil {
		return nil, nil
	}
	if spec.Frame.Type == ast.FrameRange {
		if err := rangeOrder(spec, w); err != nil {
			return nil, err
		}
	}
	x, err := a.expr(b.Value, ctx)
	if err != nil {
		return nil, err
	}
	t := x.Type()
	if spec.Frame.Type == ast.FrameRange {
		return x, rangeOffset(w.OrderBy[0].Expr.Type(), t, b.Value)
	}
	if !t.IsInteger() && (t.Kind != types.Decimal || t.Scale != 0) {
		return nil, typeMismatch(b.Value, "Window frame %s value type must be exact numeric type with scale 0 (actual %s)", b.Type, t)
	}
	return x, nil
}

// rangeOrder checks the order of a RANGE frame with an offset.
func rangeOrder(spec *ast.WindowSpec, w *WindowCall) error {
	if len(w.OrderBy) == 0 {
		return errorAt(spec, "MISSING_ORDER_BY", "Window frame of type RANGE PRECEDING or FOLLOWING requires ORDER BY")
	}
	var at ast.Node = spec
	if spec.OrderBy != nil {
		at = spec.OrderAt
	}
	if len(w.OrderBy) != 1 {
		return errorAt(at, "INVALID_ORDER_BY", "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY (actual: %d)", len(w.OrderBy))
	}
	if spec.OrderBy != nil {
		at = spec.OrderBy[0].Key
	}
	t := w.OrderBy[0].Expr.Type()
	if !t.IsNumeric() && !isTemporal(t) {
		return typeMismatch(at, "Window frame of type RANGE PRECEDING or FOLLOWING requires that sort item type be numeric, datetime or interval (actual: %s)", t)
	}
	return nil
}

// rangeOffset checks that an offset can be added to the sort key.
func rangeOffset(key, offset types.Type, at ast.Node) error {
	fits := offset.IsNumeric()
	if !key.IsNumeric() {
		fits = isInterval(offset)
	}
	if !fits {
		return typeMismatch(at, "Window frame RANGE value type (%s) not compatible with sort item type (%s)", offset, key)
	}
	return nil
}

func isInterval(t types.Type) bool {
	return t.Kind == types.IntervalDaySecond || t.Kind == types.IntervalYearMonth
}

func isTemporal(t types.Type) bool {
	return t.Kind >= types.Date && t.Kind <= types.IntervalYearMonth
}

// rangeType gives the sort key and the offsets of a RANGE frame a type in which
// the engine computes the bounds exactly.
func (a *analyzer) rangeType(f *Frame, w *WindowCall, at ast.Node) error {
	t := w.OrderBy[0].Expr.Type()
	for _, x := range []Expr{f.Start.Value, f.End.Value} {
		if x == nil {
			continue
		}
		if !rangeComputes(t, x.Type()) {
			return notSupported(at, "A window frame of type RANGE over %s with an offset of type %s is not supported", t, x.Type())
		}
		if t.IsNumeric() {
			t, _ = types.CommonSuperType(t, x.Type())
		}
	}
	if !t.IsNumeric() {
		return nil
	}
	if t.Kind == types.Decimal {
		if t.Precision >= types.MaxDecimalPrecision {
			return notSupported(at, "A window frame of type RANGE over %s is not supported", t)
		}
		t.Precision = types.MaxDecimalPrecision
	}
	for _, x := range []*Expr{&w.OrderBy[0].Expr, &f.Start.Value, &f.End.Value} {
		if *x == nil {
			continue
		}
		var err error
		if *x, err = a.coerce(*x, t, at); err != nil {
			return err
		}
	}
	return nil
}

// rangeComputes says whether bounds of the sort key plus or minus the offset are
// exact. A time of day wraps around midnight, and months are counted in the
// zone of a timestamp; exact numbers would lose digits as floating point.
func rangeComputes(key, offset types.Type) bool {
	switch key.Kind {
	case types.Time, types.TimeTZ:
		return false
	case types.TimestampTZ:
		return offset.Kind == types.IntervalDaySecond || key.Zone == "" || key.Zone == "UTC"
	case types.IntervalDaySecond, types.IntervalYearMonth:
		return offset.Kind == key.Kind
	case types.BigInt, types.Decimal:
		return !offset.IsFloating()
	}
	return true
}
