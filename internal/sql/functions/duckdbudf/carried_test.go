package duckdbudf_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/functions/duckdbudf"
	"github.com/scopsdb/scops/internal/sql/types"
)

func openRaw(t testing.TB) *sql.Conn {
	db, err := sql.Open("duckdb", "")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	conn, err := db.Conn(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	require.NoError(t, duckdbudf.Setup(context.Background(), conn))
	return conn
}

// samples are types to call functions with.
var samples = []string{
	"boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal(10,2)", "decimal(38,5)", "decimal(3,3)",
	"varchar", "varchar(3)", "char(3)", "varbinary", "date", "timestamp(0)", "timestamp(3)", "timestamp(6)", "timestamp(3) with time zone",
	"interval day to second", "interval year to month", "json", "uuid", "array(integer)", "array(varchar)", "map(varchar, double)",
	"row(a integer, b varchar)", "array(array(integer))",
}

func sample(t testing.TB, name string) types.Type {
	typ, err := types.Parse(name)
	require.NoError(t, err)
	return typ
}

// carries fails where DuckDB gives an expression another type than the one that
// is promised, over a column and over a constant NULL.
func carries(t *testing.T, conn *sql.Conn, what string, r *functions.Resolved) {
	t.Helper()
	want, err := types.DuckDBType(r.ReturnType)
	require.NoError(t, err, what)
	columns := []string{"1 AS x"}
	args, nulls := make([]string, len(r.ArgTypes)), make([]string, len(r.ArgTypes))
	for i, a := range r.ArgTypes {
		args[i], nulls[i] = fmt.Sprintf("a%d", i), functions.Null(a)
		columns = append(columns, fmt.Sprintf("%s AS a%d", nulls[i], i))
	}
	over := ""
	if f := r.Function; f != nil && f.Kind == functions.Window {
		over = "(ORDER BY x)"
	}
	for _, form := range [][]string{args, nulls} {
		text := r.EmitWith(functions.Clauses{Over: over}, form...)
		query := fmt.Sprintf("SELECT typeof(y), typeof(CAST(NULL AS %s)) FROM (SELECT %s AS y FROM (SELECT %s))", want, text, strings.Join(columns, ", "))
		var have, promised string
		err := conn.QueryRowContext(context.Background(), query).Scan(&have, &promised)
		if err != nil && strings.Contains(err.Error(), functions.ErrorPrefix) {
			continue // NULL is an error of the function's own
		}
		require.NoError(t, err, "%s: %s", what, text)
		if have != promised {
			t.Errorf("%s gives %s in place of %s: %s", what, have, promised, text)
		}
	}
}

// TestTypesAreCarried resolves every operator, cast and function over samples of
// types and compares what DuckDB makes of it with what is promised.
func TestTypesAreCarried(t *testing.T) {
	conn := openRaw(t)
	var all []types.Type
	for _, name := range samples {
		all = append(all, sample(t, name))
	}
	for _, a := range all {
		for _, b := range all {
			for _, op := range []string{"+", "-", "*", "/", "%", "||", "=", "<", "<=", "IS DISTINCT FROM"} {
				if r, err := functions.Operator(op, a, b); err == nil {
					carries(t, conn, fmt.Sprintf("%s %s %s", a, op, b), r)
				}
			}
			if r, err := functions.Cast(a, b, false); err == nil {
				carries(t, conn, fmt.Sprintf("cast %s to %s", a, b), r)
			}
			if r, err := functions.Cast(a, b, true); err == nil {
				carries(t, conn, fmt.Sprintf("try_cast %s to %s", a, b), r)
			}
			if r, err := functions.Subscript(a, b); err == nil {
				carries(t, conn, fmt.Sprintf("%s[%s]", a, b), r)
			}
		}
		if r, err := functions.Negate(a); err == nil {
			carries(t, conn, "-"+a.String(), r)
		}
	}
	called := map[string]bool{}
	for _, f := range functions.All() {
		for _, types := range combinations(all) {
			if r, err := functions.Resolve(f.Name, functions.Args(types...)); err == nil {
				called[f.Name] = true
				key := fmt.Sprintf("%s%v", f.Name, r.ArgTypes)
				if !called[key] {
					called[key] = true
					carries(t, conn, fmt.Sprintf("%s%v", f.Name, r.ArgTypes), r)
				}
			}
		}
	}
	require.Greater(t, len(called), 300)
}

// combinations are the argument lists that most functions take one of: none,
// one, and pairs and triples of a type with itself and with common others.
func combinations(all []types.Type) [][]types.Type {
	out := [][]types.Type{nil}
	for _, a := range all {
		out = append(out, []types.Type{a}, []types.Type{a, a}, []types.Type{a, a, a})
		for _, b := range []types.Type{types.BigIntType, types.VarcharUnbounded, types.DoubleType, types.BooleanType} {
			out = append(out, []types.Type{a, b}, []types.Type{a, b, b}, []types.Type{b, a})
		}
		out = append(out, []types.Type{a, types.BigIntType, types.VarcharUnbounded}, []types.Type{a, types.VarcharUnbounded, types.BigIntType})
	}
	return out
}
