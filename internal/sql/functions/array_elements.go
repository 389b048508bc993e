package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// bound is an Emission whose arguments, lambdas excepted, may be used several
// times.
func bound(write func(n *nestedSQL, c *Call, a []string) string) Emission {
	return func(c *Call) string {
		var plain []string
		for _, a := range c.Args {
			if !strings.HasPrefix(a, "lambda ") {
				plain = append(plain, a)
			}
		}
		return bindArgs(plain, func(values []string) string {
			args, i := make([]string, len(c.Args)), 0
			for j, a := range c.Args {
				args[j] = a
				if !strings.HasPrefix(a, "lambda ") {
					args[j], i = values[i], i+1
				}
			}
			return write(new(nestedSQL), c, args)
		})
	}
}

// strictCases is strict over SQL instead of places.
func strictCases(args []string, cases string) string {
	return "(CASE WHEN " + strings.Join(args, " IS NULL OR ") + " IS NULL THEN NULL " + cases + " END)"
}

// found compares the elements of an array with a value, and gives SQL of what
// was found first: place is the index of the first equal element or NULL. An
// element of which it stays open whether it is equal is an error if no equal one
// comes before.
func (n *nestedSQL) found(function string, elem types.Type, array, value string, write func(place string) string) string {
	e, codes := n.name(), n.name()
	list := "list_transform(" + array + ", lambda " + e + ": CASE WHEN " + e + " IS NULL THEN 3 ELSE " + n.equality(elem, e, value) + " END)"
	open, equal := "list_position("+codes+", 1)", "list_position("+codes+", 2)"
	return "list_transform([" + list + "], lambda " + codes + ": CASE WHEN " + open + " > 0 AND coalesce(" + open + " < " + equal + ", true) THEN " +
		raise(notSupported, function+" does not support arrays with elements that are null or contain null") + " ELSE " + write(equal) + " END)[1]"
}

// plainOr takes one emission where DuckDB compares the elements as Trino does,
// else the other.
func plainOr(plain string, other func(n *nestedSQL, c *Call, a []string) string) Emission {
	return func(c *Call) string {
		if plainComparison(c.Types[0].Elem()) {
			return expand(plain, c.Args)
		}
		return bound(other)(c)
	}
}

func containsElement(n *nestedSQL, c *Call, a []string) string {
	return strictCases(a, "ELSE "+n.found("contains", c.Types[1], a[0], a[1], func(place string) string {
		return "CASE WHEN " + place + " > 0 THEN true WHEN len(" + a[0] + ") = list_count(" + a[0] + ") THEN false END"
	}))
}

func elementPosition(n *nestedSQL, c *Call, a []string) string {
	return strictCases(a, "ELSE "+n.found("array_position", c.Types[1], a[0], a[1], func(place string) string {
		return "CAST(coalesce(" + place + ", 0) AS BIGINT)"
	}))
}

func removeElement(n *nestedSQL, c *Call, a []string) string {
	e := n.name()
	code := "CASE WHEN " + e + " IS NULL THEN 3 ELSE " + n.equality(c.Types[1], e, a[1]) + " END"
	return strictCases(a, "ELSE list_filter("+a[0]+", lambda "+e+": CASE "+code+" WHEN 1 THEN "+
		raise(notSupported, "array_remove does not support arrays with elements that are null or contain null")+" ELSE "+code+" <> 2 END)")
}

// overlap compares as IS DISTINCT FROM does.
func overlap(n *nestedSQL, c *Call, a []string) string {
	elem := c.Types[0].Elem()
	indeterminate := ""
	if nested(elem) {
		e := n.name()
		has := "lambda " + e + ": " + e + " IS NOT NULL AND " + n.hasNull(elem, e)
		indeterminate = "WHEN len(list_filter(" + a[0] + ", " + has + ")) > 0 OR len(list_filter(" + a[1] + ", " + has + ")) > 0 THEN " +
			raise(notSupported, "arrays_overlap does not support arrays with elements that are null or contain null")
	}
	x, y := n.canonical(c.Types[0], a[0]), n.canonical(c.Types[1], a[1])
	return strictCases(a, indeterminate+" WHEN list_has_any("+x+", "+y+") THEN true WHEN len("+a[0]+") = 0 OR len("+a[1]+") = 0 OR (len("+
		a[0]+") = list_count("+a[0]+") AND len("+a[1]+") = list_count("+a[1]+")) THEN false")
}

// sorted is array_sort without a comparator.
func sorted(n *nestedSQL, c *Call, a []string) string {
	elem := c.Types[0].Elem()
	if !nested(elem) {
		return sortArray(c)
	}
	list := "list_sort(" + a[0] + ", 'ASC', 'NULLS LAST')"
	l, i := n.name(), n.name()
	x, y := l+"["+i+"]", l+"["+i+" + 1]"
	return "list_transform([" + list + "], lambda " + l + ": CASE WHEN len(list_filter(generate_series(1, list_count(" + l + ") - 1), lambda " + i + ": " +
		n.meetsNull(elem, x, y) + ")) > 0 THEN " + raise(notSupported, "comparison not supported for values with null elements") + " ELSE " + l + " END)[1]"
}

// extremeElement is array_max or array_min.
func extremeElement(largest bool) Emission {
	return bound(func(n *nestedSQL, c *Call, a []string) string {
		elem := c.Types[0].Elem()
		if anyNull(a) { // DuckDB finds no fields in a constant NULL
			return Null(c.Return)
		}
		winner := n.winner(largest, elem, a[0])
		if nested(elem) {
			w, e := n.name(), n.name()
			winner = "list_transform([" + winner + "], lambda " + w + ": CASE WHEN len(" + a[0] + ") > 1 AND len(list_filter(" + a[0] + ", lambda " + e + ": " + n.meetsNull(elem, e, w) + ")) > " +
				"CASE WHEN " + n.hasNull(elem, w) + " THEN 1 ELSE 0 END THEN " + raise(notSupported, "comparison not supported for values with null elements") + " ELSE " + w + " END)[1]"
		}
		return "(CASE WHEN len(" + a[0] + ") = list_count(" + a[0] + ") THEN " + winner + " END)"
	})
}

// winner is the largest or smallest element; NaN is the largest for the one and
// the smallest for the other.
func (n *nestedSQL) winner(largest bool, elem types.Type, list string) string {
	switch {
	case !largest && nested(elem):
		return "list_sort(" + list + ")[1]"
	case !largest:
		return "list_min(" + list + ")"
	case elem.IsFloating():
		e := n.name()
		return "coalesce(list_max(list_filter(" + list + ", lambda " + e + ": NOT isnan(" + e + "))), list_max(" + list + "))"
	case nested(elem):
		e := n.name()
		return "struct_extract(list_sort(list_transform(" + list + ", lambda " + e + ": struct_pack(k := " + n.maxKey(elem, e) + ", v := " + e + ")))[-1], 'v')"
	}
	return "list_max(" + list + ")"
}

// canonicalArgs puts maps in the arguments in one order before an emission.
func canonicalArgs(emit Emission) Emission {
	return func(c *Call) string {
		out := *c
		out.Args = make([]string, len(c.Args))
		for i, a := range c.Args {
			out.Args[i] = Canonical(c.Types[i], a)
		}
		return emit(&out)
	}
}
