package analyzer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/sqltest"
)

var now = time.Date(2021, 2, 3, 4, 5, 6, 789_000_000, time.UTC)

// analyze analyzes a query, with the values of its parameters after "USING" on
// a last line of its own.
func analyze(t testing.TB, store analyzer.Catalog, sql string) (*analyzer.Analysis, error) {
	sql, using, _ := strings.Cut(sql, "\nUSING ")
	opts := analyzer.Options{Catalog: store, Database: "shop", Now: now, User: "tester", Partitions: registered(store)}
	for _, p := range strings.Split(using, "; ") {
		if p == "" {
			continue
		}
		e, err := parser.ParseExpression(p)
		require.NoError(t, err)
		opts.Parameters = append(opts.Parameters, e)
	}
	stmt, err := parser.ParseStatement(sql)
	if err != nil {
		return nil, err
	}
	return analyzer.Analyze(context.Background(), stmt, opts)
}

// registered gives all partitions that a store has.
func registered(c analyzer.Catalog) func(context.Context, *catalog.Table, predicate.Predicate) ([]catalog.Partition, error) {
	return func(ctx context.Context, t *catalog.Table, _ predicate.Predicate) ([]catalog.Partition, error) {
		return c.(*catalog.Store).Partitions(ctx, t.Database, t.Name)
	}
}

// TestCases runs testdata. The commands are columns (names and types of the
// output), plan (columns and tree), partitions (what each scan reads) and text
// (what EXPLAIN answers).
func TestCases(t *testing.T) {
	catalog := sqltest.Catalog(t)
	sqltest.Run(t, "testdata/*.txt", func(t *testing.T, command, sql string) string {
		an, err := analyze(t, catalog, sql)
		if err != nil {
			return errorText(t, err)
		}
		switch command {
		case "columns":
			return columns(an)
		case "plan":
			return columns(an) + an.Explain()
		case "partitions":
			return partitions(an)
		case "text": // of EXPLAIN
			return an.Root.(*analyzer.Values).Rows[0][0].(*analyzer.Literal).Value.(string)
		}
		t.Fatalf("unknown command %q", command)
		return ""
	})
}

func errorText(t *testing.T, err error) string {
	var e *analyzer.Error
	require.ErrorAs(t, err, &e)
	return e.Name + ": " + e.Error()
}

func columns(an *analyzer.Analysis) string {
	var b strings.Builder
	for _, c := range an.Columns {
		fmt.Fprintf(&b, "%s %s\n", c.Name, c.Type)
	}
	return b.String()
}

func partitions(an *analyzer.Analysis) string {
	var b strings.Builder
	for _, s := range an.Scans {
		names := make([]string, len(s.Columns))
		for i, c := range s.Columns {
			names[i] = c.Name
		}
		fmt.Fprintf(&b, "%s.%s(%s): %s\n", s.Table.Database, s.Table.Name, strings.Join(names, ", "), analyzer.PredicateText(s.Filter))
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	catalog := sqltest.Catalog(t)
	deep := strings.Repeat("(SELECT * FROM ", 2000) + "users" + strings.Repeat(")", 2000)
	many := "WITH a0 AS (SELECT 1 AS x)"
	for i := 1; i < 40; i++ { // 2^39 references
		many += fmt.Sprintf(", a%d AS (SELECT l.x FROM a%d l JOIN a%d r ON l.x = r.x)", i, i-1, i-1)
	}
	for name, sql := range map[string]string{
		"nested queries":     "SELECT * FROM " + deep,
		"nested expressions": "SELECT " + strings.Repeat("abs(", 3000) + "1" + strings.Repeat(")", 3000),
		"a long sum":         "SELECT 1" + strings.Repeat(" + 1", 100_000),
		"growing WITH":       many + " SELECT * FROM a39",
		"nested lambdas":     "SELECT " + strings.Repeat("any_match(tags, t -> ", 30) + "t = 'a'" + strings.Repeat(")", 30) + " FROM orders",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := analyze(t, catalog, sql)
			var e *analyzer.Error
			require.ErrorAs(t, err, &e)
		})
	}
	wide := "SELECT 1 WHERE 1 = 1" + strings.Repeat(" OR 1 = 1", 10_000)
	_, err := analyze(t, catalog, wide)
	require.NoError(t, err)
	// What would be repeated is bound once, so such texts stay small.
	_, err = analyze(t, catalog, "SELECT "+strings.Repeat("CASE ", 30)+"id"+strings.Repeat(" WHEN 1 THEN 1 WHEN 2 THEN 2 END", 30)+" FROM users")
	require.NoError(t, err)
	_, err = analyze(t, catalog, "SELECT "+strings.Repeat("nullif(", 30)+"id"+strings.Repeat(", 1)", 30)+" FROM users")
	require.NoError(t, err)
	union := "SELECT 1" + strings.Repeat(" UNION ALL SELECT 1", 400)
	_, err = analyze(t, catalog, union)
	require.NoError(t, err)
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stmt, err := parser.ParseStatement("SELECT * FROM users")
	require.NoError(t, err)
	_, err = analyzer.Analyze(ctx, stmt, analyzer.Options{Catalog: sqltest.Catalog(t), Database: "shop"})
	require.ErrorIs(t, err, context.Canceled)
}

func TestOnlyQueries(t *testing.T) {
	stmt, err := parser.ParseStatement("DEALLOCATE PREPARE p")
	require.NoError(t, err)
	_, err = analyzer.Analyze(t.Context(), stmt, analyzer.Options{Catalog: sqltest.Catalog(t)})
	var e *analyzer.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, "NOT_SUPPORTED", e.Name)
	require.IsType(t, &ast.Error{}, err)
}

func TestViewText(t *testing.T) {
	v := analyzer.View{SQL: "SELECT '*/' AS \"열\"", Catalog: "awsdatacatalog", Schema: "shop", Columns: []analyzer.ViewColumn{{Name: "열", Type: "varchar(2)"}}, Owner: "me", RunAsInvoker: true}
	text, err := analyzer.EncodeView(v)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "/* Presto View: "))
	back, err := analyzer.DecodeView(text)
	require.NoError(t, err)
	require.Equal(t, v, back)
	for _, bad := range []string{"", "SELECT 1", "/* Presto View: !!! */", "/* Presto View: bm90IGpzb24= */"} {
		_, err := analyzer.DecodeView(bad)
		require.Error(t, err, bad)
	}
}
