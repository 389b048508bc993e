package predicate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutcomesFollowThreeValuedLogic(t *testing.T) {
	single := []Outcome{False, True, Null}
	and := map[[2]Outcome]Outcome{
		{False, False}: False, {False, True}: False, {False, Null}: False,
		{True, True}: True, {True, Null}: Null, {Null, Null}: Null,
	}
	for _, a := range single {
		for _, b := range single {
			want, ok := and[[2]Outcome{a, b}]
			if !ok {
				want = and[[2]Outcome{b, a}]
			}
			require.Equal(t, want, a.And(b))
			require.Equal(t, want.Not(), a.Not().Or(b.Not()))
		}
	}
	// a set of outcomes is the union over its members
	for a := Outcome(1); a <= Unsure; a++ {
		for b := Outcome(1); b <= Unsure; b++ {
			var want Outcome
			for _, x := range single {
				for _, y := range single {
					if a&x != 0 && b&y != 0 {
						want |= x.And(y)
					}
				}
			}
			require.Equal(t, want, a.And(b), "%b AND %b", a, b)
		}
	}
}

func TestEval(t *testing.T) {
	row := map[string]any{"day": "03", "n": int64(3), "none": nil}
	values := func(c string) (any, bool) { v, ok := row[c]; return v, ok }
	for _, c := range []struct {
		name string
		p    Predicate
		want Outcome
	}{
		{"no condition", And{}, True},
		{"no alternative", Or{}, False},
		{"equal", Compare{"day", "=", "03"}, True},
		{"text order", Compare{"day", "<", "10"}, True},
		{"number order", Compare{"n", ">=", int64(10)}, False},
		{"unequal to NULL", Compare{"none", "<>", "03"}, Null},
		{"not of NULL", Not{Compare{"none", "=", "03"}}, Null},
		{"is null", IsNull{"none"}, True},
		{"is not null", Not{IsNull{"day"}}, True},
		{"in", In{"day", []any{"01", "03"}}, True},
		{"not in", Not{In{"day", []any{"01", "03"}}}, False},
		{"other type", Compare{"day", "=", int64(3)}, Unsure},
		{"unknown value", Compare{"gone", "=", "03"}, Unsure},
		{"unknown value is null or not", IsNull{"gone"}, True | False},
		{"any", Not{Any{}}, Unsure},
		{"any and false", And{Any{}, Compare{"day", "=", "04"}}, False},
		{"any or false", Or{Any{}, Compare{"day", "=", "04"}}, Unsure},
		{"like", Like{"day", "0_", 0}, True},
		{"test", Test{Columns: []string{"n"}, Holds: func(v []any) Outcome { return Truth(v[0] == int64(3)) }}, True},
		{"test of unknown value", Test{Columns: []string{"gone"}, Holds: func([]any) Outcome { return False }}, Unsure},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, Eval(c.p, values)) })
	}
}

func TestMatchLike(t *testing.T) {
	for _, c := range []struct {
		s, pattern string
		escape     rune
		match, ok  bool
	}{
		{"2021-02", "2021%", 0, true, true},
		{"2021-02", "%02", 0, true, true},
		{"2021-02", "%1-%2", 0, true, true},
		{"2021-02", "2021", 0, false, true},
		{"", "%", 0, true, true},
		{"", "_", 0, false, true},
		{"강남구", "___", 0, true, true},
		{`a\b`, `a\b`, 0, true, true},
		{"a%b", `a\%b`, 0, false, true},
		{"a%b", `a#%b`, '#', true, true},
		{"axb", `a#%b`, '#', false, true},
		{"a", `a#`, '#', false, false},
		{"ab", `a#b`, '#', false, false},
		{"aaaaaaaaaaaaaaaaaaaaaaaa", "%a%a%a%a%a%a%b", 0, false, true},
	} {
		match, ok := MatchLike(c.s, c.pattern, c.escape)
		require.Equal(t, c.ok, ok, c.pattern)
		require.Equal(t, c.match, match, "%q LIKE %q", c.s, c.pattern)
	}
}
