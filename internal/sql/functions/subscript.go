package functions

import "github.com/scopsdb/scops/internal/sql/types"

// subscript is base[index]: an error outside the array or where the map has no
// such key.
func subscript(base, index types.Type) (*Resolved, error) {
	if err := checkCarried(base, index); err != nil {
		return nil, err
	}
	switch {
	case base.Kind == types.Array && types.CanCoerce(index, types.BigIntType):
		return binary(base, types.BigIntType, base.Elem(), T("(CASE WHEN $1 IS NULL THEN NULL WHEN $2 = 0 THEN "+
			raise(invalidArgument, "SQL array indices start at 1")+
			" WHEN $2 < 0 THEN "+raiseWith(invalidArgument, "Array subscript is negative: %s", "$2")+
			" WHEN $2 > len($1) THEN "+raiseWith(invalidArgument, "Array subscript must be less than or equal to array length: %s > %s", "$2", "len($1)")+
			" ELSE $1[$2] END)")), nil
	case base.Kind == types.Map:
		// A map of a narrower key is coerced, as for varchar(1) and varchar.
		if key, ok := types.CommonSuperType(base.Key(), index); ok {
			return binary(types.MapOf(key, base.Value()), key, base.Value(), bound(subscriptOfMap)), nil
		}
	}
	return nil, refuse(typeMismatch, "Cannot use %s for subscript of %s", index, base)
}
