package jsonpath

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzPath runs whatever parses over a value with arrays, objects and scalars:
// it must end soon, without a panic.
func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"lax $.a[0 to last]?(@.b > 1 && exists(@.c)).d", `strict $."x y".*`, "lax -$ + 1.5 * 2e1 % 3", "lax $..a.keyvalue().size()",
		`lax $?((@ starts with "a") is unknown || !(@ == null))`, "lax $[*].double().ceiling()", "lax ((((1))))", "lax $x[$y]",
	} {
		f.Add(path)
	}
	inner := &Object{}
	inner.Set("b", Int{2, 32})
	inner.Set("c", "text")
	value := &Object{}
	value.Set("a", Array{inner, 1.5, Null{}, true, Decimal{power(3), 5, 1}, BigInt("99999999999999999999")})
	f.Fuzz(func(t *testing.T, path string) {
		start := time.Now()
		p, err := Parse(path)
		if err != nil {
			return
		}
		_ = p.Check([]string{"x"})
		_, _ = p.Eval(value, map[string][]any{"x": {value}})
		require.Less(t, time.Since(start), time.Second)
	})
}

func TestPrecedence(t *testing.T) {
	for path, want := range map[string]any{
		"lax 1 + 2 * 3": Int{7, 32}, "lax (1 + 2) * 3": Int{9, 32}, "lax -1 - 2": Int{-3, 32}, "lax 7 % 4 * 2": Int{6, 32},
		"lax 2147483647 + 2147483648": Int{4294967295, 64}, "lax 1e0 / 4": 0.25,
	} {
		p, err := Parse(path)
		require.NoError(t, err, path)
		items, err := p.Eval(Null{}, nil)
		require.NoError(t, err, path)
		require.Equal(t, []any{want}, items, path)
	}
}

func TestDeepPathIsRefused(t *testing.T) {
	deep := "lax "
	for range 10_000 {
		deep += "("
	}
	_, err := Parse(deep + "1")
	require.Error(t, err)
}

// TestGrowthIsRefused: a short path must not make sequences without end, also
// where a filter would hide its error.
func TestGrowthIsRefused(t *testing.T) {
	path := "lax $"
	for range 40 {
		path += "[0,0]"
	}
	for _, text := range []string{path, "lax $?(exists(" + path[4:] + "))"} {
		p, err := Parse(text)
		require.NoError(t, err)
		_, err = p.Eval(Int{1, 32}, nil)
		var refused *UnsupportedError
		require.ErrorAs(t, err, &refused)
	}
}
