package functions

import (
	"regexp"

	"github.com/scopsdb/scops/internal/sql/types"
)

// comparison compares two values of their common type.
func comparison(op string, l, r types.Type) (*Resolved, error) {
	if op == "!=" {
		op = "<>"
	}
	super, ok := types.CommonSuperType(l, r)
	equality := op == "=" || op == "<>" || op == "IS DISTINCT FROM"
	if !ok || !super.IsComparable() || !equality && !super.IsOrderable() {
		return nil, cannotApply(op, l, r)
	}
	if err := checkCarried(super); err != nil {
		return nil, err
	}
	if nested(super) && containsType(super, ownZone) {
		return nil, refuse(notSupported, "Comparison of %s with time zones of their own is not supported", super)
	}
	emit := T("($1 " + op + " $2)")
	if isMixed(super) || super.Kind == types.TimeTZ {
		// DuckDB takes the sides of a join for one where they are equal columns.
		emit = T("(epoch_us($1) " + op + " epoch_us($2))")
	}
	switch {
	case super.IsFloating():
		emit = floatComparison(op)
	case nested(super):
		emit = nestedComparison(op, super)
	}
	return binary(super, super, types.BooleanType, emit), nil
}

func nested(t types.Type) bool {
	return t.Kind == types.Array || t.Kind == types.Map || t.Kind == types.Row
}

func plainComparison(t types.Type) bool { return !t.IsFloating() && !nested(t) }

// floatGuards make DuckDB's comparisons, to which NaN is equal to itself and
// greater than all else, those of IEEE 754. The guard is left out where an
// operand is a literal that makes it moot.
var floatGuards = map[string]struct{ guarded, leftOnly, rightOnly string }{
	"=":  {"($1 = $2 AND NOT (isnan($1) AND isnan($2)))", "($1 = $2)", "($1 = $2)"},
	"<>": {"($1 <> $2 OR (isnan($1) AND isnan($2)))", "($1 <> $2)", "($1 <> $2)"},
	// In these the greater side must not be NaN. leftOnly has a literal on the
	// right, rightOnly on the left.
	"<":  {"($1 < $2 AND NOT (isnan($2) AND $1 IS NOT NULL))", "($1 < $2)", "($1 < $2 AND NOT isnan($2))"},
	"<=": {"($1 <= $2 AND NOT (isnan($2) AND $1 IS NOT NULL))", "($1 <= $2)", "($1 <= $2 AND NOT isnan($2))"},
	">":  {"($1 > $2 AND NOT (isnan($1) AND $2 IS NOT NULL))", "($1 > $2 AND NOT isnan($1))", "($1 > $2)"},
	">=": {"($1 >= $2 AND NOT (isnan($1) AND $2 IS NOT NULL))", "($1 >= $2 AND NOT isnan($1))", "($1 >= $2)"},
}

// finite is a literal that is no NaN.
var finite = regexp.MustCompile(`^\(?-?[0-9.]+([eE][+-]?[0-9]+)?\)?$|^CAST\('?-?[0-9.]+([eE][+-]?[0-9]+)?'? AS (DOUBLE|FLOAT)\)$`)

func floatComparison(op string) Emission {
	g, ok := floatGuards[op]
	if !ok { // IS DISTINCT FROM: NaN is not distinct from NaN in Trino either
		return T("($1 " + op + " $2)")
	}
	return func(c *Call) string {
		switch {
		case finite.MatchString(c.Args[1]):
			return expand(g.leftOnly, c.Args)
		case finite.MatchString(c.Args[0]):
			return expand(g.rightOnly, c.Args)
		}
		return expand(g.guarded, c.Args)
	}
}

func like(value, pattern types.Type, escape bool) (*Resolved, error) {
	if value.Kind != types.Char && !types.CanCoerce(value, types.VarcharUnbounded) {
		return nil, refuse(typeMismatch, "Left side of LIKE expression must evaluate to a varchar (actual: %s)", value)
	}
	if !types.CanCoerce(pattern, types.VarcharUnbounded) {
		return nil, &Error{Name: typeMismatch, Message: "Pattern for LIKE expression must evaluate to a varchar (actual: " + pattern.String() + ")", Arg: 1}
	}
	v := types.VarcharUnbounded
	left := v
	if value.Kind == types.Char { // carried padded, as Trino compares it
		left = value
	}
	if !escape {
		return binary(left, v, types.BooleanType, T("($1 LIKE $2)")), nil
	}
	return &Resolved{
		ArgTypes: []types.Type{left, v, v}, ReturnType: types.BooleanType,
		emission: likeEscape,
	}, nil
}

// likeEscape checks escape and pattern as Trino does: one character, which
// must stand before %, _ or itself.
func likeEscape(c *Call) string {
	return expand("(CASE WHEN length($3) <> 1 THEN "+
		raise(invalidArgument, "Escape string must be a single character")+
		" WHEN scops_bad_like($2, $3) THEN "+
		raise(invalidArgument, "Escape character must be followed by '%', '_' or the escape character itself")+
		" ELSE $1 LIKE $2 ESCAPE $3 END)", c.Args)
}
