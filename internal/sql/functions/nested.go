package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Arrays, rows and maps are compared by SQL that follows their type. DuckDB's
// own comparison of them takes NULL for a value like others and NaN for equal to
// itself, and finds maps of another order of entries different.

// nestedSQL writes such comparisons; it counts the names of its lambdas.
type nestedSQL struct{ names int }

func (n *nestedSQL) name() string {
	n.names++
	return fmt.Sprintf("scops_n%d", n.names)
}

// containsType says whether a type is or has in it one for which is holds.
func containsType(t types.Type, is func(types.Type) bool) bool {
	if is(t) {
		return true
	}
	for _, f := range t.Fields {
		if nested(t) && containsType(f.Type, is) {
			return true
		}
	}
	return false
}

func isMap(t types.Type) bool { return t.Kind == types.Map }

// hasNaN is whether a value has NaN in it; "" where its type cannot.
func (n *nestedSQL) hasNaN(t types.Type, a string) string {
	if !containsType(t, types.Type.IsFloating) {
		return ""
	}
	switch t.Kind {
	case types.Array:
		e := n.name()
		return "(len(list_filter(" + a + ", lambda " + e + ": " + n.hasNaN(t.Elem(), e) + ")) > 0)"
	case types.Map:
		var parts []string
		for i, list := range []string{"map_keys(" + a + ")", "map_values(" + a + ")"} {
			if p := n.hasNaN(types.ArrayOf(t.Fields[i].Type), list); p != "" {
				parts = append(parts, p)
			}
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	case types.Row:
		var parts []string
		for i, f := range t.Fields {
			if p := n.hasNaN(f.Type, Dereference(t, i, a)); p != "" {
				parts = append(parts, "coalesce("+p+", false)")
			}
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	return "isnan(" + a + ")"
}

// hasNull is whether a value is NULL or has NULL in it.
func (n *nestedSQL) hasNull(t types.Type, a string) string {
	switch t.Kind {
	case types.Array:
		if !nested(t.Elem()) {
			return "(" + a + " IS NULL OR len(" + a + ") > list_count(" + a + "))"
		}
		e := n.name()
		return "(" + a + " IS NULL OR len(list_filter(" + a + ", lambda " + e + ": " + n.hasNull(t.Elem(), e) + ")) > 0)"
	case types.Map:
		return "(" + a + " IS NULL OR " + n.hasNull(types.ArrayOf(t.Value()), "map_values("+a+")") + ")"
	case types.Row:
		parts := []string{a + " IS NULL"}
		for i, f := range t.Fields {
			parts = append(parts, n.hasNull(f.Type, Dereference(t, i, a)))
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	return "(" + a + " IS NULL)"
}

// equality is 2 for equal values, 0 for others, 1 where a NULL in them leaves it
// open: the least of the parts' is the whole's.
func (n *nestedSQL) equality(t types.Type, a, b string) string {
	anyNull := "WHEN " + a + " IS NULL OR " + b + " IS NULL THEN 1 "
	switch t.Kind {
	case types.Array:
		i := n.name()
		return "(CASE " + anyNull + "WHEN len(" + a + ") <> len(" + b + ") THEN 0 ELSE coalesce(list_min(list_transform(generate_series(1, len(" + a + ")), lambda " + i + ": " +
			n.equality(t.Elem(), a+"["+i+"]", b+"["+i+"]") + ")), 2) END)"
	case types.Row:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = n.equality(f.Type, Dereference(t, i, a), Dereference(t, i, b))
		}
		return "(CASE " + anyNull + "ELSE least(" + strings.Join(parts, ", ") + ") END)"
	case types.Map:
		return n.mapEquality(t, a, b, anyNull)
	}
	if t.IsFloating() {
		return "(CASE " + anyNull + "WHEN " + a + " = " + b + " AND NOT isnan(" + a + ") THEN 2 ELSE 0 END)"
	}
	return "(CASE " + anyNull + "WHEN " + a + " = " + b + " THEN 2 ELSE 0 END)"
}

func (n *nestedSQL) mapEquality(t types.Type, a, b, anyNull string) string {
	e := n.name()
	key, value := "struct_extract("+e+", 'key')", "struct_extract("+e+", 'value')"
	missing := "NOT map_contains(" + b + ", " + key + ")"
	if nan := n.hasNaN(t.Key(), key); nan != "" {
		missing = nan + " OR " + missing
	}
	return "(CASE " + anyNull + "WHEN cardinality(" + a + ") <> cardinality(" + b + ") THEN 0 ELSE coalesce(list_min(list_transform(map_entries(" + a + "), lambda " + e +
		": CASE WHEN " + missing + " THEN 0 ELSE " + n.equality(t.Value(), value, "map_extract_value("+b+", "+key+")") + " END)), 2) END)"
}

// equal is a = b with Trino's three values. Where no NULL and no NaN is in the
// values DuckDB's own comparison decides.
func (n *nestedSQL) equal(t types.Type, a, b string) string {
	slow := "CASE " + n.equality(t, a, b) + " WHEN 2 THEN true WHEN 0 THEN false END"
	if containsType(t, func(t types.Type) bool { return t.IsFloating() || isMap(t) }) {
		return "(" + slow + ")"
	}
	return "(CASE WHEN " + a + " IS NULL OR " + b + " IS NULL THEN NULL WHEN " + n.hasNull(t, a) + " OR " + n.hasNull(t, b) + " THEN " + slow + " ELSE " + a + " = " + b + " END)"
}

// meetsNull is whether a comparison by order meets a NULL before the values
// differ.
func (n *nestedSQL) meetsNull(t types.Type, a, b string) string {
	anyNull := a + " IS NULL OR " + b + " IS NULL"
	switch t.Kind {
	case types.Array:
		i, j := n.name(), n.name()
		return "(" + anyNull + " OR coalesce(list_transform(list_filter(generate_series(1, least(len(" + a + "), len(" + b + "))), lambda " + i + ": " +
			n.decides(t.Elem(), a+"["+i+"]", b+"["+i+"]") + "), lambda " + j + ": " + n.meetsNull(t.Elem(), a+"["+j+"]", b+"["+j+"]") + ")[1], false))"
	case types.Row:
		var cases strings.Builder
		for i, f := range t.Fields {
			x, y := Dereference(t, i, a), Dereference(t, i, b)
			cases.WriteString(" WHEN " + n.decides(f.Type, x, y) + " THEN " + n.meetsNull(f.Type, x, y))
		}
		return "(" + anyNull + " OR CASE" + cases.String() + " ELSE false END)"
	}
	return "(" + anyNull + ")"
}

// decides is whether two parts differ or have a NULL that stops the comparison.
func (n *nestedSQL) decides(t types.Type, a, b string) string {
	return "(" + a + " IS DISTINCT FROM " + b + " OR " + n.hasNull(t, a) + ")"
}

// ordered is a < b and the like. The order is DuckDB's own.
func (n *nestedSQL) ordered(t types.Type, op, a, b string) string {
	what := "ROW comparison not supported for fields with null elements"
	if t.Kind == types.Array {
		what = "ARRAY comparison not supported for arrays with null elements"
	}
	return "(CASE WHEN " + a + " IS NULL OR " + b + " IS NULL THEN NULL WHEN (" + n.hasNull(t, a) + " OR " + n.hasNull(t, b) + ") AND " + n.meetsNull(t, a, b) +
		" THEN " + raise(notSupported, what) + " ELSE " + a + " " + op + " " + b + " END)"
}

// canonical puts the entries of maps in the order of their keys, so that equal
// maps are the same to DuckDB.
func (n *nestedSQL) canonical(t types.Type, a string) string {
	if !containsType(t, isMap) {
		return a
	}
	switch t.Kind {
	case types.Array:
		e := n.name()
		return "list_transform(" + a + ", lambda " + e + ": " + n.canonical(t.Elem(), e) + ")"
	case types.Map:
		e := n.name()
		entry := "struct_pack(key := " + n.canonical(t.Key(), "struct_extract("+e+", 'key')") + ", value := " + n.canonical(t.Value(), "struct_extract("+e+", 'value')") + ")"
		return "(CASE WHEN " + a + " IS NOT NULL THEN map_from_entries(list_sort(list_transform(map_entries(" + a + "), lambda " + e + ": " + entry + "))) END)"
	}
	fields := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = n.canonical(f.Type, Dereference(t, i, a))
	}
	return "(CASE WHEN " + a + " IS NOT NULL THEN " + Row(t, fields) + " END)"
}

// equalText makes of equal values what has the same text: maps in the order of
// their keys, 0.0 for -0.0, instants for times with zones of their own, and texts
// in hexadecimal digits, which no comma or quote divides.
func (n *nestedSQL) equalText(t types.Type, a string) string {
	switch t.Kind {
	case types.Array:
		e := n.name()
		return "list_transform(" + a + ", lambda " + e + ": " + n.equalText(t.Elem(), e) + ")"
	case types.Map:
		e := n.name()
		entry := "struct_pack(k := " + n.equalText(t.Key(), "struct_extract("+e+", 'key')") + ", v := " + n.equalText(t.Value(), "struct_extract("+e+", 'value')") + ")"
		return "list_sort(list_transform(map_entries(" + a + "), lambda " + e + ": " + entry + "))"
	case types.Row:
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = fmt.Sprintf("f%d := %s", i, n.equalText(f.Type, Dereference(t, i, a)))
		}
		return "(CASE WHEN " + a + " IS NOT NULL THEN struct_pack(" + strings.Join(fields, ", ") + ") END)"
	}
	switch {
	case t.IsFloating():
		return "(" + a + " + 0)"
	case ownZone(t):
		return "epoch_us(" + a + ")"
	case t.IsString():
		return "hex(" + a + ")"
	}
	return a
}

// maxKey is a key by which the largest value is Trino's: NaN is the smallest
// there. It is the value itself where no NaN can be in it.
func (n *nestedSQL) maxKey(t types.Type, a string) string {
	if !containsType(t, types.Type.IsFloating) {
		return a
	}
	switch t.Kind {
	case types.Array:
		e := n.name()
		return "list_transform(" + a + ", lambda " + e + ": " + n.maxKey(t.Elem(), e) + ")"
	case types.Row:
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = fmt.Sprintf("f%d := %s", i, n.maxKey(f.Type, Dereference(t, i, a)))
		}
		return "(CASE WHEN " + a + " IS NOT NULL THEN struct_pack(" + strings.Join(fields, ", ") + ") END)"
	}
	return "(CASE WHEN " + a + " IS NOT NULL THEN struct_pack(n := NOT isnan(" + a + "), v := " + a + ") END)"
}

// OrderCheck is an error where the order of two neighbours in a sorted sequence
// depends on a NULL in them, else 0.
func OrderCheck(t types.Type, before, value string) string {
	return bindArgs([]string{before, value}, func(a []string) string {
		return "CASE WHEN " + a[0] + " IS NOT NULL AND " + a[1] + " IS NOT NULL AND " + new(nestedSQL).meetsNull(t, a[0], a[1]) + " THEN " +
			raise(notSupported, "comparison not supported for values with null elements") + " ELSE 0 END"
	})
}

// Canonical makes of a value one that DuckDB finds the same as another exactly
// where Trino's IS DISTINCT FROM does.
func Canonical(t types.Type, sql string) string {
	if !containsType(t, isMap) {
		return sql
	}
	return bindArgs([]string{sql}, func(a []string) string { return new(nestedSQL).canonical(t, a[0]) })
}

// shortArg is what may stand in a text several times.
const shortArg = 60

// bindArgs writes SQL that uses its arguments more than once. What is long, or
// not the same at each call, is computed once.
func bindArgs(args []string, write func([]string) string) string {
	simple := true
	for _, a := range args {
		simple = simple && len(a) <= shortArg && !changes(a) && !strings.Contains(a, "lambda ") && !strings.Contains(a, "(SELECT ")
	}
	if simple {
		return write(args)
	}
	fields, inner := make([]string, len(args)), make([]string, len(args))
	for i, a := range args {
		fields[i] = fmt.Sprintf("a%d := %s", i, a)
		inner[i] = fmt.Sprintf("struct_extract(scops_args, 'a%d')", i)
	}
	return "list_transform([struct_pack(" + strings.Join(fields, ", ") + ")], lambda scops_args: " + write(inner) + ")[1]"
}

// changes says whether SQL calls a function that gives another value each time.
func changes(sql string) bool {
	return strings.Contains(sql, "random()") || strings.Contains(sql, "uuid()")
}

// nestedComparison is the emission of a comparison of arrays, rows or maps.
func nestedComparison(op string, t types.Type) Emission {
	return func(c *Call) string {
		return bindArgs(c.Args, func(a []string) string {
			n := new(nestedSQL)
			switch op {
			case "=":
				return n.equal(t, a[0], a[1])
			case "<>":
				return "(NOT " + n.equal(t, a[0], a[1]) + ")"
			case "IS DISTINCT FROM":
				return "(" + n.canonical(t, a[0]) + " IS DISTINCT FROM " + n.canonical(t, a[1]) + ")"
			}
			return n.ordered(t, op, a[0], a[1])
		})
	}
}
