package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// The largest and smallest of arrays and rows is found by comparing one after
// the other, as Trino does: a NULL in them is an error only where a comparison
// meets it, and NaN is the smallest for max and the largest for min. So all
// values of a group are held. Where no NULL is in them DuckDB's order decides.

// better is whether b is to replace a as the extreme; an error where the
// comparison of the two meets a NULL. a and b are texts that may be repeated.
func better(t types.Type, largest bool, a, b string) string {
	n := new(nestedSQL)
	condition := b + " < " + a
	if largest {
		condition = n.maxKey(t, b) + " > " + n.maxKey(t, a)
	}
	what := "ROW comparison not supported for fields with null elements"
	if t.Kind == types.Array {
		what = "ARRAY comparison not supported for arrays with null elements"
	}
	return "(CASE WHEN (" + n.hasNull(t, a) + " OR " + n.hasNull(t, b) + ") AND " + n.meetsNull(t, a, b) + " THEN " + raise(notSupported, what) + " ELSE " + condition + " END)"
}

// foldExtreme is the extreme of a list without NULL, NULL for none.
func foldExtreme(t types.Type, largest bool, list string) string {
	return "list_reduce(" + list + ", lambda scops_a, scops_b: CASE WHEN " + better(t, largest, "scops_a", "scops_b") + " THEN scops_b ELSE scops_a END)"
}

// nestedExtreme is max or min of arrays or rows.
func nestedExtreme(c *Call, largest bool) string {
	fold := foldExtreme(c.Types[0], largest, A("list<$1|$1 IS NOT NULL>")(c))
	plain := "min<$1>"
	if largest {
		plain = "arg_max<$1, $key>"
	}
	return foldWhereNull(c, 0, fold, plain)
}

// nestedExtremeBy is max_by or min_by by arrays or rows.
func nestedExtremeBy(c *Call, largest bool) string {
	pairs := A("list<struct_pack(k := $2, v := $1)|$2 IS NOT NULL>")(c)
	fold := "struct_extract(list_reduce(" + pairs + ", lambda scops_a, scops_b: CASE WHEN " +
		better(c.Types[1], largest, "struct_extract(scops_a, 'k')", "struct_extract(scops_b, 'k')") + " THEN scops_b ELSE scops_a END), 'v')"
	plain := "arg_min_null<$1, $2>"
	if largest {
		plain = "arg_max_null<$1, $key>"
	}
	return foldWhereNull(c, 1, fold, plain)
}

// foldWhereNull takes the slow fold only for groups in which an argument holds a
// NULL; plain is the template of DuckDB's own aggregate, $key in it the argument
// by which the largest is Trino's.
func foldWhereNull(c *Call, by int, fold, plain string) string {
	t, n := c.Types[by], new(nestedSQL)
	with := *c
	with.Args = append(append([]string(nil), c.Args...),
		bindArgs(c.Args[by:by+1], func(a []string) string { return n.hasNull(t, a[0]) }),
		bindArgs(c.Args[by:by+1], func(a []string) string { return n.maxKey(t, a[0]) }))
	holds, key := len(c.Args)+1, len(c.Args)+2
	plain = strings.ReplaceAll(plain, "$key", fmt.Sprintf("$%d", key))
	return "(CASE WHEN " + A(fmt.Sprintf("coalesce(bool_or<$%d|$%d IS NOT NULL>, false)", holds, by+1))(&with) + " THEN " + fold + " ELSE " + A(plain)(&with) + " END)"
}

// sortedNested is the list of all first arguments sorted by an array or row,
// which is another argument or the same.
func sortedNested(c *Call, sort string, by int) string {
	with := *c
	with.Args = append(append([]string(nil), c.Args...), nestedOrderKey(c.Types[by], sort == "list_reverse_sort", c.Args[by]))
	return member(A(fmt.Sprintf("%s(list<struct_pack(k := $%d, v := $1)|$%d IS NOT NULL>)", sort, len(with.Args), by+1))(&with), "v")
}

// nestedOrderKey is a key of plain order for an array or row, the larger first
// for the largest; one that holds a NULL is an error.
func nestedOrderKey(t types.Type, largest bool, sql string) string {
	return bindArgs([]string{sql}, func(a []string) string {
		n := new(nestedSQL)
		key := a[0]
		if largest {
			key = n.maxKey(t, a[0])
		}
		return "(CASE WHEN " + a[0] + " IS NOT NULL AND " + n.hasNull(t, a[0]) + " THEN " + raise(notSupported, t.BaseName()+" comparison not supported for "+t.BaseName()+" with null elements") + " ELSE " + key + " END)"
	})
}

// nestedGreatest is greatest or least of arrays or rows.
func nestedGreatest(c *Call, largest bool) string {
	list := "[" + strings.Join(c.Args, ", ") + "]"
	return "list_transform([" + list + "], lambda scops_all: CASE WHEN len(scops_all) = list_count(scops_all) THEN " + foldExtreme(c.Types[0], largest, "scops_all") + " END)[1]"
}
