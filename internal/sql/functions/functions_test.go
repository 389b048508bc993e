package functions_test

import (
	"errors"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

var rewrite = flag.Bool("rewrite", false, "write docs/sql-functions.md anew")

const document = "../../../docs/sql-functions.md"

func TestDocument(t *testing.T) {
	if *rewrite {
		require.NoError(t, os.WriteFile(document, []byte(Document()), 0o644))
	}
	have, err := os.ReadFile(document)
	require.NoError(t, err)
	require.Equal(t, Document(), string(have), "docs/sql-functions.md is stale: run this test with -rewrite")
}

// TestEveryFunctionIsTested wants each function, by name, in the data that runs
// against DuckDB.
func TestEveryFunctionIsTested(t *testing.T) {
	var data strings.Builder
	files, err := os.ReadDir("duckdbudf/testdata")
	require.NoError(t, err)
	for _, f := range files {
		if !f.IsDir() {
			b, err := os.ReadFile("duckdbudf/testdata/" + f.Name())
			require.NoError(t, err)
			data.Write(b)
		}
	}
	text := strings.ToLower(data.String())
	for _, f := range All() {
		require.NotEmpty(t, f.Doc, f.Name)
		require.NotEmpty(t, f.Example, f.Name)
		require.NotEmpty(t, f.Sigs, f.Name)
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if !regexp.MustCompile(`\b` + name + `\b`).MatchString(text) {
				t.Errorf("no test of %s", name)
			}
		}
	}
}

func TestResolve(t *testing.T) {
	varchar3 := types.VarcharType(3)
	cases := []struct {
		name string
		args []types.Type
		want string // argument types -> result
	}{
		{"lower", []types.Type{varchar3}, "varchar(3) -> varchar(3)"},
		{"LOWER", []types.Type{types.CharType(2)}, "char(2) -> char(2)"},
		{"abs", []types.Type{types.DecimalType(5, 2)}, "decimal(5,2) -> decimal(5,2)"},
		{"sqrt", []types.Type{types.IntegerType}, "double -> double"},
		{"sqrt", []types.Type{types.DecimalType(5, 2)}, "double -> double"},
		{"bitwise_and", []types.Type{types.IntegerType, types.TinyIntType}, "bigint, bigint -> bigint"},
		{"mod", []types.Type{types.IntegerType, types.BigIntType}, "bigint, bigint -> bigint"},
		{"greatest", []types.Type{types.IntegerType, types.DoubleType}, "double, double -> double"},
		{"coalesce", []types.Type{types.UnknownType, varchar3}, "varchar(3), varchar(3) -> varchar(3)"},
		{"sum", []types.Type{types.IntegerType}, "bigint -> bigint"},
		{"sum", []types.Type{types.DecimalType(5, 2)}, "decimal(5,2) -> decimal(38,2)"},
		{"sum", []types.Type{types.RealType}, "real -> real"},
		{"avg", []types.Type{types.IntegerType}, "bigint -> double"},
		{"contains", []types.Type{types.ArrayOf(types.IntegerType), types.BigIntType}, "array(bigint), bigint -> boolean"},
		{"element_at", []types.Type{types.MapOf(types.VarcharUnbounded, types.DateType), varchar3}, "map(varchar, date), varchar -> date"},
		{"round", []types.Type{types.DecimalType(38, 2)}, "decimal(38,2) -> decimal(37,0)"},
		{"split", []types.Type{varchar3, types.VarcharType(1)}, "varchar(3), varchar(1) -> array(varchar(3))"},
		{"year", []types.Type{types.TimestampType(6)}, "timestamp(6) -> bigint"},
		{"count", nil, " -> bigint"},
	}
	for _, c := range cases {
		r, err := Resolve(c.name, Args(c.args...))
		require.NoError(t, err, c.name)
		names := make([]string, len(r.ArgTypes))
		for i, a := range r.ArgTypes {
			names[i] = a.String()
		}
		require.Equal(t, c.want, strings.Join(names, ", ")+" -> "+r.ReturnType.String(), c.name)
	}
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name string
		args []types.Type
		want string
	}{
		{"nosuch", nil, "FUNCTION_NOT_FOUND: Function 'nosuch' not registered"},
		{"lower", []types.Type{types.IntegerType}, "FUNCTION_NOT_FOUND: Unexpected parameters (integer) for function lower. Expected: lower(char(x)), lower(varchar(x))"},
		{"lower", nil, "FUNCTION_NOT_FOUND: Unexpected parameters () for function lower."},
		{"max", []types.Type{types.JSONType}, "FUNCTION_NOT_FOUND: Unexpected parameters (json) for function max. Expected: max(T) T:orderable, max(T, bigint) T:orderable"},
		{"regexp_like", []types.Type{types.VarcharUnbounded, types.IntegerType}, "FUNCTION_NOT_FOUND: Unexpected parameters (varchar, integer) for function regexp_like."},
	}
	for _, c := range cases {
		_, err := Resolve(c.name, Args(c.args...))
		var known *Error
		require.True(t, errors.As(err, &known), c.name)
		require.Contains(t, known.Error(), c.want)
	}
}

func TestLambdaTypes(t *testing.T) {
	body := func(result types.Type) func([]types.Type) (types.Type, error) {
		return func(params []types.Type) (types.Type, error) {
			require.Equal(t, "integer", params[0].String())
			return result, nil
		}
	}
	list := Arg{Type: types.ArrayOf(types.IntegerType)}
	r, err := Resolve("transform", []Arg{list, {Params: 1, Lambda: body(types.DateType)}})
	require.NoError(t, err)
	require.Equal(t, "array(date)", r.ReturnType.String())
	require.Equal(t, "function(integer,date)", r.ArgTypes[1].String())
	require.Equal(t, "list_transform(xs, lambda x: d)", r.Emit("xs", "lambda x: d"))

	_, err = Resolve("filter", []Arg{list, {Params: 1, Lambda: body(types.IntegerType)}})
	require.ErrorContains(t, err, "Unexpected parameters (array(integer), <function>) for function filter")
	_, err = Resolve("transform", []Arg{list, {Params: 2, Lambda: body(types.IntegerType)}})
	require.Error(t, err)
	broken := errors.New("column x cannot be resolved")
	_, err = Resolve("transform", []Arg{list, {Params: 1, Lambda: func([]types.Type) (types.Type, error) { return types.Type{}, broken }}})
	require.ErrorIs(t, err, broken)
}

func TestAggregateClauses(t *testing.T) {
	r, err := Resolve("sum", Args(types.BigIntType))
	require.NoError(t, err)
	got := r.EmitWith(Clauses{Distinct: true, Filter: "y > '$1'", Over: "(PARTITION BY z)"}, "x")
	require.Equal(t, "CAST(sum(DISTINCT x) FILTER (WHERE y > '$1') OVER (PARTITION BY z) AS BIGINT)", got)
	r, err = Resolve("max", Args(types.DoubleType))
	require.NoError(t, err)
	require.Equal(t, "coalesce(max(x) FILTER (WHERE (f) AND (NOT isnan(x))), max(x) FILTER (WHERE f))", r.EmitWith(Clauses{Filter: "f"}, "x"))
}

// TestArgumentsAreNotTemplates passes SQL that looks like a placeholder.
func TestArgumentsAreNotTemplates(t *testing.T) {
	r, err := Operator("+", types.IntegerType, types.IntegerType)
	require.NoError(t, err)
	require.Equal(t, "($2 + '$1')", r.Emit("$2", "'$1'"))
}

// TestGrowth nests calls that use an argument several times: the text must not
// double with each.
func TestGrowth(t *testing.T) {
	r, err := Operator("/", types.IntegerType, types.IntegerType)
	require.NoError(t, err)
	sql := "x"
	for range 60 {
		sql = r.Emit("y", sql)
	}
	require.Less(t, len(sql), 1_000_000)
}

// TestVolatileOnce computes a random argument once.
func TestVolatileOnce(t *testing.T) {
	r, err := Operator("/", types.IntegerType, types.IntegerType)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(r.Emit("1", "CAST(random() AS INTEGER)"), "random()"))
}

func TestParseError(t *testing.T) {
	for message, want := range map[string]string{
		"Invalid Input Error: scops:DIVISION_BY_ZERO: Division by zero":               "DIVISION_BY_ZERO: Division by zero",
		"Invalid Input Error: scops:INVALID_CAST_ARGUMENT: Cannot cast 'a: b' to INT": "INVALID_CAST_ARGUMENT: Cannot cast 'a: b' to INT",
		"Out of Range Error: Overflow in addition of INT32 (2147483647 + 1)!":         "NUMERIC_VALUE_OUT_OF_RANGE: integer addition overflow: 2147483647 + 1",
	} {
		name, text, ok := ParseError(message)
		require.True(t, ok)
		require.Equal(t, want, name+": "+text)
	}
	for _, message := range []string{"IO Error: no such file", "", "scops:lower: x"} {
		_, _, ok := ParseError(message)
		require.False(t, ok, message)
	}
}

func TestLiteral(t *testing.T) {
	for _, c := range []struct {
		typ  types.Type
		v    any
		want string
	}{
		{types.VarcharUnbounded, "it's", "'it''s'"},
		{types.VarcharUnbounded, "a\x00b", "concat('a', chr(0), 'b')"},
		{types.DecimalType(5, 2), types.NewDecimal64(-5), "CAST('-0.05' AS DECIMAL(5,2))"},
		{types.VarbinaryType, []byte{0, 255}, "unhex('00ff')"},
		{types.DateType, nil, "CAST(NULL AS DATE)"},
		{types.IntervalYearMonthType, int64(14), "CAST(14 AS INTEGER)"},
	} {
		got, err := Literal(c.typ, c.v)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := Literal(types.TimestampType(9), nil)
	require.Error(t, err)
}
