package duckdb_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/functions"
)

// forms are expressions of the tables users u and events e by type; i, s, b and
// d in braces stand for an expression of that type.
var forms = map[string][]string{
	"i": {"u.id", "e.hour", "7", "NULL", "({i} + {i})", "({i} - {i})", "length({s})", "coalesce({i}, {i})", "nullif({i}, {i})",
		"CASE WHEN {b} THEN {i} ELSE {i} END", "CASE {i} WHEN {i} THEN {i} END", "TRY_CAST({s} AS bigint)", "if({b}, {i})",
		"(SELECT max(x.id) FROM users x WHERE x.name = {s})", "(SELECT count(*) FROM events x WHERE {i} = x.id)", "year({d})", "try({i} / {i})"},
	"s": {"u.name", "e.body", "'kim'", "({s} || {s})", "lower({s})", "CAST({i} AS varchar)", "coalesce({s}, {s})", "substr({s}, 2)",
		"CASE WHEN {b} THEN {s} END", "array_join(ARRAY[{s}, {s}], '-')", "u.note", "CAST({d} AS varchar)"},
	"b": {"u.vip", "({i} = {i})", "({s} < {s})", "({b} AND {b})", "({b} OR {b})", "(NOT {b})", "({i} IN ({i}, {i}))", "({s} LIKE '%i%')",
		"({i} BETWEEN {i} AND {i})", "({s} IS NULL)", "({i} IS DISTINCT FROM {i})", "EXISTS (SELECT 1 FROM events x WHERE x.id = {i})",
		"({i} IN (SELECT x.id FROM events x WHERE x.hour <> {i}))", "({i} >= ALL (SELECT x.hour FROM events x))", "(u.score > 1)",
		"any_match(ARRAY[{i}, {i}], v -> v > {i})"},
	"d": {"u.joined", "e.dt", "DATE '2021-02-03'", "date_add('day', 1, {d})", "coalesce({d}, {d})", "date_trunc('month', {d})"},
}

// shapes are whole queries.
var shapes = []string{
	"SELECT {i}, {s}, {d} FROM users u JOIN events e ON {b} WHERE {b} ORDER BY {i} DESC, 2 LIMIT 5",
	"SELECT {s} AS k, count(*), sum({i}), max({s}) FROM users u LEFT JOIN events e ON u.id = e.id WHERE {b} GROUP BY 1 HAVING count(*) > 0 ORDER BY k",
	"SELECT {s}, {i}, count(*) FILTER (WHERE {b}), count(DISTINCT {i}) FROM users u, events e GROUP BY ROLLUP (1, 2) ORDER BY 3, 1",
	"SELECT {i}, rank() OVER (PARTITION BY {s} ORDER BY {i}, {d} DESC), sum({i}) OVER (ORDER BY u.id ROWS 1 PRECEDING) FROM users u FULL JOIN events e USING (name)",
	"SELECT DISTINCT {b}, {s} FROM users u CROSS JOIN events e UNION SELECT {b}, {s} FROM users u RIGHT JOIN events e ON {b}",
	"WITH w AS (SELECT {i} AS a, {s} AS b FROM users u, events e) SELECT x.a, y.b, t FROM w x JOIN w y ON x.a = y.a CROSS JOIN UNNEST(ARRAY[x.b, y.b]) AS v (t)",
	"SELECT z, n FROM users u JOIN events e ON true CROSS JOIN LATERAL (SELECT {s} AS z, {i} AS n WHERE {b}) AS l",
	"SELECT {s}, (SELECT sum(y.q) FROM (SELECT {i} AS q FROM users u, events e) y) FROM users u, events e WHERE {i} > (SELECT avg(x.score) FROM users x)",
}

// fill replaces the braces, with simple expressions from some depth on.
func fill(r *rand.Rand, text string, depth int) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		kind, after, _ := strings.Cut(rest, "}")
		choices := forms[kind]
		if depth <= 0 {
			choices = choices[:1]
		}
		b.WriteString(fill(r, choices[r.IntN(len(choices))], depth-1))
		text = after
	}
}

// TestRandomQueries runs generated queries: each is a result or one of Trino's
// errors, never a text that DuckDB does not understand.
func TestRandomQueries(t *testing.T) {
	f := newFixture(t)
	r := rand.New(rand.NewPCG(1, 2))
	results := 0
	for i := range 400 {
		text := fill(r, shapes[i%len(shapes)], 1+r.IntN(3))
		_, out, err := f.emit(t.Context(), text)
		if err != nil {
			require.NotContains(t, failureText(err), "not mapped", text)
			continue
		}
		_, err = f.db.Exec("SELECT count(*) FROM (" + out + ")")
		if err != nil {
			_, _, known := functions.ParseError(err.Error())
			require.True(t, known, fmt.Sprintf("%s\n%s\n%v", text, out, err))
		}
		results++
	}
	require.Greater(t, results, 250)
}
