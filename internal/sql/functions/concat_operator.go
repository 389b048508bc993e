package functions

import "github.com/scopsdb/scops/internal/sql/types"

// concatenation is || of text, binaries and arrays. NULL gives NULL.
func concatenation(l, r types.Type) (*Resolved, error) {
	if l.Kind == types.Unknown || r.Kind == types.Unknown {
		return nullConcatenation(l, r)
	}
	if l.Kind == types.Array || r.Kind == types.Array {
		return arrayConcatenation(l, r)
	}
	super, ok := types.CommonSuperType(l, r)
	switch {
	case !ok:
	case super.Kind == types.Char:
		return charConcatenation(asChar(l), asChar(r))
	case super.Kind == types.Varchar:
		v := types.VarcharUnbounded
		return binary(v, v, v, T("($1 || $2)")), nil
	case super.Kind == types.Varbinary:
		return binary(super, super, super, T("($1 || $2)")), nil
	}
	return nil, refuse(functionNotFound, "Unexpected parameters (%s, %s) for function concat. Expected: concat(char(x), char(y)), concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E, concat(varchar), concat(varbinary)", l, r)
}

// asChar is the char that a varchar is coerced to beside one.
func asChar(t types.Type) types.Type {
	n := t.Precision
	if n == types.UnboundedLength || n > types.MaxCharLength {
		n = types.MaxCharLength
	}
	return types.CharType(n)
}

func charConcatenation(l, r types.Type) (*Resolved, error) {
	n := l.Precision + r.Precision
	if n > types.MaxCharLength {
		return nil, refuse("TYPE_NOT_FOUND", "Unknown type: char(%d)", n)
	}
	return binary(l, r, types.CharType(n), T("($1 || $2)")), nil
}

// arrayConcatenation joins two arrays, or an array and an element.
func arrayConcatenation(l, r types.Type) (*Resolved, error) {
	if super, ok := types.CommonSuperType(l, r); ok && l.Kind == r.Kind {
		return binary(super, super, super, T("(CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN list_concat($1, $2) END)")), nil
	}
	switch {
	case l.Kind == types.Array && r.Kind != types.Unknown:
		if elem, ok := types.CommonSuperType(l.Elem(), r); ok {
			a := types.ArrayOf(elem)
			return binary(a, elem, a, T(withElement("list_append"))), nil
		}
	case r.Kind == types.Array && l.Kind != types.Unknown:
		if elem, ok := types.CommonSuperType(l, r.Elem()); ok {
			a := types.ArrayOf(elem)
			return binary(elem, a, a, T(withElement("list_prepend"))), nil
		}
	}
	return nil, cannotApply("||", l, r)
}

// nullConcatenation joins something and NULL. Trino takes NULL for an array of
// the other side's type, or finds several meanings.
func nullConcatenation(l, r types.Type) (*Resolved, error) {
	return Resolve("concat", Args(l, r))
}

// withElement puts an element at an end of an array; a NULL one gives NULL.
func withElement(function string) string {
	return "(CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN " + function + "($1, $2) END)"
}
