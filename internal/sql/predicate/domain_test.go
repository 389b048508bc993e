package predicate_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "github.com/scopsdb/scops/internal/sql/predicate"
)

func TestDomains(t *testing.T) {
	cmp := func(column string, op Op, v any) Predicate { return Compare{Column: column, Op: op, Value: v} }
	one, two := int64(1), int64(2)
	for _, c := range []struct {
		p    Predicate
		want string
	}{
		{And{}, ""},
		{Or{}, "none"},
		{Not{And{}}, "none"},
		{cmp("a", "=", one), "a: [1,1]"},
		{Not{cmp("a", "=", one)}, "a: (-,1) (1,-)"},
		{Not{cmp("a", "<", one)}, "a: [1,-)"},
		{Not{cmp("a", ">=", one)}, "a: (-,1)"},
		{And{cmp("a", ">", one), cmp("a", "<=", two), cmp("b", "=", "x")}, "a: (1,2]; b: [x,x]"},
		{And{cmp("a", "<", one), cmp("a", ">", one)}, "none"},
		{And{cmp("a", "<=", one), cmp("a", ">=", one)}, "a: [1,1]"},
		{Or{cmp("a", "<", one), cmp("a", ">=", one)}, "a: (-,-)"},
		{Or{cmp("a", "<", one), cmp("a", ">", one)}, "a: (-,1) (1,-)"},
		{Or{cmp("a", "<", one), cmp("a", ">=", one), IsNull{"a"}}, ""},
		{Or{cmp("a", "=", two), cmp("a", "=", one), cmp("a", "<=", one)}, "a: (-,1] [2,2]"},
		{Or{cmp("a", "=", one), cmp("b", "=", one)}, ""},
		{Or{And{cmp("a", "=", one), cmp("b", "=", one)}, cmp("a", "=", two)}, "a: [1,1] [2,2]"},
		{Or{cmp("a", "=", one), Or{}}, "a: [1,1]"},
		{IsNull{"a"}, "a: null"},
		{Not{IsNull{"a"}}, "a: (-,-)"},
		{And{IsNull{"a"}, cmp("a", "=", one)}, "none"},
		{In{"a", []any{two, one, two}}, "a: [1,1] [2,2]"},
		{Not{In{"a", []any{two, one}}}, "a: (-,1) (1,2) (2,-)"},
		{In{"a", nil}, "none"},
		{cmp("a", "=", math.NaN()), ""},
		{In{"a", []any{1.5, math.NaN()}}, ""},
		{Like{Column: "a", Pattern: "x%"}, ""},
		{Not{Any{}}, ""},
		{And{cmp("a", "=", one), Any{}}, "a: [1,1]"},
		{Test{Holds: func([]any) Outcome { return Null }}, "none"},
		{Not{Test{Holds: func([]any) Outcome { return Null }}}, "none"},
		{Not{Or{cmp("a", "=", one), cmp("a", "=", two)}}, "a: (-,1) (1,2) (2,-)"},
		{Not{And{cmp("a", ">", one), cmp("a", "<", two)}}, "a: (-,1] [2,-)"},
	} {
		require.Equal(t, c.want, domainsText(Domains(c.p)), String(c.p))
	}
}

func domainsText(domains map[string]Domain, some bool) string {
	if !some {
		return "none"
	}
	bound := func(b Bound) string {
		if b.Value == nil {
			return "-"
		}
		return fmt.Sprint(b.Value)
	}
	var parts []string
	for column, d := range domains {
		text := column + ":"
		for _, r := range d.Ranges {
			low, high := " [", "]"
			if r.Low.Open || r.Low.Value == nil {
				low = " ("
			}
			if r.High.Open || r.High.Value == nil {
				high = ")"
			}
			text += low + bound(r.Low) + "," + bound(r.High) + high
		}
		if d.Null {
			text += " null"
		}
		parts = append(parts, text)
	}
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

// TestDomainsOfManyTerms: what a query can list takes little time.
func TestDomainsOfManyTerms(t *testing.T) {
	var not And
	var values []any
	for i := range 20_000 {
		not = append(not, Compare{Column: "a", Op: "<>", Value: int64(i)})
		values = append(values, int64(i))
	}
	began := time.Now()
	domains, some := Domains(not)
	require.True(t, some)
	require.Len(t, domains["a"].Ranges, 20_001)
	domains, _ = Domains(Not{Not{In{"a", values}}})
	require.Len(t, domains["a"].Ranges, 20_000)
	require.Equal(t, []Range{{Bound{Value: int64(0)}, Bound{Value: int64(19_999)}}}, domains["a"].Simplify().Ranges)
	require.Less(t, time.Since(began), 5*time.Second)
}
