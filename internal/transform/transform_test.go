package transform

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

func newCompiler(t testing.TB) *Compiler {
	e, err := duckdb.Open(duckdb.Options{AllowedDirs: []string{t.TempDir()}, Threads: 2, MemoryLimit: "1GiB"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return &Compiler{Engine: e}
}

// columns reads "name type" pairs.
func columns(defs ...string) []catalog.Column {
	var out []catalog.Column
	for _, d := range defs {
		name, hive, _ := strings.Cut(d, " ")
		out = append(out, catalog.Column{Name: name, Type: hive})
	}
	return out
}

// events parses bodies into rows of batch.
func events(t testing.TB, batch []catalog.Column, bodies ...string) []delivery.TransformRow {
	var cols []record.Column
	for _, c := range batch {
		col, err := record.NewColumn(c.Name, c.Type)
		require.NoError(t, err)
		cols = append(cols, col)
	}
	p := event.NewParser(cols, event.Options{})
	var rows []delivery.TransformRow
	for i, body := range bodies {
		r, err := p.Parse(body)
		require.NoError(t, err)
		rows = append(rows, delivery.TransformRow{
			Values: append([]record.Value(nil), r.Values...), MessageID: fmt.Sprintf("m%d", i),
			ReceivedAt: time.UnixMilli(1612325106789), Body: body,
		})
	}
	return rows
}

// text is an outcome in short.
func text(r *delivery.TransformRow) string {
	switch {
	case r.Failed != "":
		return "failed: " + r.Failed
	case r.Filtered:
		return "filtered"
	}
	parts := make([]string, len(r.Result))
	for i := range r.Result {
		parts[i] = valueText(&r.Result[i])
	}
	return strings.Join(parts, "|")
}

func valueText(v *record.Value) string {
	switch {
	case !v.Valid:
		return "NULL"
	case v.List != nil:
		parts := make([]string, len(v.List))
		for i := range v.List {
			parts[i] = valueText(&v.List[i])
		}
		return "[" + strings.Join(parts, " ") + "]"
	case v.Text != "":
		return v.Text
	case v.Float != 0:
		return fmt.Sprint(v.Float)
	}
	return fmt.Sprint(v.Int)
}

func TestTransforms(t *testing.T) {
	c := newCompiler(t)
	batch := columns("id bigint", "name string", "price decimal(10,2)", "at timestamp", "tags array<string>", "item struct<sku:string,n:int>", "attrs map<string,int>")
	const body = `{"id":7,"name":"Gangnam","price":12.5,"at":"2021-02-03T15:30:00Z","tags":["a","b"],"item":{"sku":"s","n":2},"attrs":{"k":1}}`
	for _, x := range []struct {
		sql    string
		table  []catalog.Column
		bodies []string
		want   []string
	}{
		{"SELECT id, lower(name) AS name FROM batch WHERE id > 5", columns("id bigint", "name string"), []string{body, `{"id":5}`, `{"id":6}`}, []string{"7|gangnam", "filtered", "6|NULL"}},
		{"SELECT * FROM batch", batch, []string{body}, []string{"7|Gangnam|12.50|1612366200000|[a b]|[s 2]|[k 1]"}},
		{"SELECT b.* FROM batch b", batch, []string{`{}`}, []string{"NULL|NULL|NULL|NULL|NULL|NULL|NULL"}},
		{`SELECT "$message_id" AS m, "$received_at" AS r, length("$body") AS n FROM batch`, columns("m string", "r timestamp", "n bigint"), []string{`{"id":1}`}, []string{"m0|1612325106789|8"}},
		{`SELECT json_extract_scalar("$body", '$.other.x') AS x FROM batch`, columns("x varchar(5)"), []string{`{"other":{"x":"y"}}`, `{"other":{"x":"123456"}}`, `{"other":{"x":"12345   "}}`},
			[]string{"y", "failed: Cannot truncate non-space characters when casting from varchar to varchar(5) on INSERT", "12345"}},
		// Implicit coercions of INSERT.
		{"SELECT CAST(id AS integer) AS a, id AS b, CAST(name AS varchar(9)) AS c, price AS d, date(at) AS e FROM batch", columns("a bigint", "b double", "c string", "d decimal(20,4)", "e timestamp"), []string{body}, []string{"7|7|Gangnam|12.5000|1612310400000"}},
		{"SELECT cardinality(tags) AS n, item.sku AS sku, attrs['k'] AS k, transform(tags, x -> upper(x)) AS t FROM batch", columns("n bigint", "sku string", "k int", "t array<string>"), []string{body}, []string{"2|s|1|[A B]"}},
		// What the query does not give is NULL.
		{"SELECT id FROM batch", columns("name string", "id bigint"), []string{body}, []string{"NULL|7"}},
		{"SELECT ID AS Id FROM batch", columns("id bigint"), []string{body}, []string{"7"}},
		// Errors are of the event alone.
		{"SELECT CAST(name AS integer) AS n FROM batch", columns("n int"), []string{`{"name":"1"}`, `{"name":"x"}`, `{"name":"3"}`, `{"name":""}`, `{"name":"5"}`},
			[]string{"1", "failed: INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT", "3", "failed: INVALID_CAST_ARGUMENT: Cannot cast '' to INT", "5"}},
		{"SELECT 10 / id AS n FROM batch WHERE 100 / id > 1", columns("n bigint"), []string{`{"id":0}`, `{"id":2}`, `{"id":200}`, `{}`}, []string{"failed: DIVISION_BY_ZERO: Division by zero", "5", "filtered", "filtered"}},
		{"SELECT try(10 / id) AS n FROM batch", columns("n bigint"), []string{`{"id":0}`, `{"id":2}`}, []string{"NULL", "5"}},
		{"SELECT element_at(tags, 1) AS a, tags[2] AS b FROM batch", columns("a string", "b string"), []string{`{"tags":["x"]}`, body}, []string{"failed: INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: 2 > 1", "a|b"}},
	} {
		tr, err := c.Compile(t.Context(), delivery.TransformSpec{Select: x.sql, Batch: batch, Columns: x.table})
		require.NoError(t, err, x.sql)
		rows := events(t, batch, x.bodies...)
		for range 2 { // a repeat gives the same
			require.NoError(t, tr.Rows(t.Context(), rows), x.sql)
			var got []string
			for i := range rows {
				got = append(got, text(&rows[i]))
			}
			require.Equal(t, x.want, got, x.sql)
		}
		require.NoError(t, tr.Close())
	}
}

func TestPartitionExpressions(t *testing.T) {
	c := newCompiler(t)
	spec := delivery.TransformSpec{
		Batch: columns("id bigint", "at timestamp", "district string", "n int"), Columns: columns("id bigint", "at timestamp"),
		Keys:      columns("dt string", "district string", "shop string"),
		FieldKeys: []string{"district", "shop"},
		Partition: map[string]string{"dt": "date_format(at AT TIME ZONE 'Asia/Seoul', '%Y-%m-%d')", "district": "lower(district)"},
	}
	_, err := c.Compile(t.Context(), spec)
	require.EqualError(t, err, "partition key shop: neither transform, nor partition, nor fields gives it")
	spec.Batch = append(spec.Batch, catalog.Column{Name: "shop", Type: "string"})
	for sql, want := range map[string]string{
		"":                                  "1|1612366200000|2021-02-04|gangnam|s1",
		"SELECT id FROM batch":              "1|NULL|2021-02-04|gangnam|s1",
		"SELECT id, 'x' AS shop FROM batch": "1|NULL|2021-02-04|gangnam|x",
		"SELECT id, 'x' AS dt FROM batch":   "1|NULL|2021-02-04|gangnam|s1", // the expression goes before
	} {
		spec.Select = sql
		tr, err := c.Compile(t.Context(), spec)
		require.NoError(t, err, sql)
		for _, key := range []string{"dt", "district", "shop"} {
			require.True(t, tr.GivesKey(key), key)
		}
		rows := events(t, spec.Batch, `{"id":1,"at":"2021-02-03T15:30:00Z","district":"Gangnam","shop":"s1"}`)
		require.NoError(t, tr.Rows(t.Context(), rows))
		require.Equal(t, want, text(&rows[0]), sql)
		require.NoError(t, tr.Close())
	}
	delete(spec.Partition, "dt")
	spec.Select = "SELECT id FROM batch"
	tr, err := c.Compile(t.Context(), spec)
	require.NoError(t, err)
	require.False(t, tr.GivesKey("dt"), "it follows from the event's time")
	require.NoError(t, tr.Close())
}

func TestRefusals(t *testing.T) {
	c := newCompiler(t)
	table := columns("id bigint", "name string", "n bigint", "s varchar(3)")
	const only = " is not supported in a transform: each event gives at most one row, and the same one each time"
	for sql, want := range map[string]string{
		"SELECT id FROM":                                                  "transform: line 1:15: mismatched input '<EOF>'",
		"INSERT INTO x SELECT 1":                                          "transform: line 1:1:",
		"SHOW TABLES":                                                     "transform: line 1:1: a transform is a SELECT",
		"SELECT 1 AS n":                                                   "transform: line 1:1: a transform selects FROM batch",
		"SELECT id FROM orders":                                           "transform: line 1:16: a transform selects FROM batch alone: it cannot read table orders",
		"SELECT id FROM shop.batch":                                       "transform: line 1:16: a transform selects FROM batch alone: it cannot read table shop.batch",
		"SELECT DISTINCT id FROM batch":                                   "transform: line 1:1: DISTINCT" + only,
		"SELECT id\nFROM batch\nGROUP BY id":                              "transform: line 3:1: GROUP BY" + only,
		"SELECT id FROM batch HAVING true":                                "transform: line 1:29: HAVING" + only,
		"SELECT id FROM batch ORDER BY id":                                "transform: line 1:22: ORDER BY" + only,
		"SELECT id FROM batch LIMIT 1":                                    "transform: line 1:22: LIMIT" + only,
		"SELECT id FROM batch OFFSET 1":                                   "transform: line 1:22: OFFSET" + only,
		"SELECT id FROM batch UNION ALL SELECT id FROM batch":             "transform: line 1:22: UNION" + only,
		"WITH b AS (SELECT 1 AS id) SELECT id FROM b":                     "transform: line 1:1: WITH" + only,
		"SELECT a.id FROM batch a, batch b":                               "transform: line 1:27: JOIN" + only,
		"SELECT a.id FROM batch a JOIN batch b ON true":                   "transform: line 1:31: JOIN" + only,
		"SELECT t AS n FROM batch CROSS JOIN UNNEST(ARRAY[1]) u(t)":       "JOIN" + only,
		"SELECT t AS n FROM UNNEST(ARRAY[1]) u(t)":                        "A list of column aliases" + only,
		"SELECT id FROM batch TABLESAMPLE BERNOULLI (10)":                 "transform: line 1:16: TABLESAMPLE" + only,
		"SELECT id FROM (SELECT id FROM batch)":                           "transform: line 1:16: a transform selects FROM batch alone",
		"SELECT count(*) AS n FROM batch":                                 "transform: line 1:8: Aggregate function count" + only,
		"SELECT id FROM batch WHERE max(id) > 1":                          "transform: line 1:28: Aggregate function max" + only,
		"SELECT row_number() OVER () AS n FROM batch":                     "transform: line 1:8: Window function row_number" + only,
		"SELECT sum(id) OVER () AS n FROM batch":                          "transform: line 1:8: Window function sum" + only,
		"SELECT (SELECT 1) AS n FROM batch":                               "transform: line 1:8: A subquery" + only,
		"SELECT id FROM batch WHERE EXISTS (SELECT 1)":                    "transform: line 1:28: EXISTS" + only,
		"SELECT id FROM batch WHERE id IN (SELECT 1)":                     "A subquery" + only,
		"SELECT CAST(random() * 10 AS bigint) AS n FROM batch":            "transform: line 1:13: random()" + only,
		"SELECT id FROM batch WHERE rand() < 0.5":                         "transform: line 1:28: rand()" + only,
		"SELECT CAST(uuid() AS varchar) AS name FROM batch":               "transform: line 1:13: uuid()" + only,
		"SELECT shuffle(ARRAY[1])[1] AS n FROM batch":                     "transform: line 1:8: shuffle()" + only,
		"SELECT to_unixtime(now()) AS n FROM batch":                       "transform: line 1:20: now()" + only,
		"SELECT id FROM batch WHERE \"$received_at\" < current_timestamp": "transform: line 1:45: current_timestamp" + only,
		"SELECT CAST(current_date AS varchar) AS name FROM batch":         "transform: line 1:13: current_date" + only,
		"SELECT current_user AS name FROM batch":                          "transform: line 1:8: current_user" + only,
		"SELECT ? AS n FROM batch":                                        "transform: line 1:8: A parameter" + only,
		"SELECT nope FROM batch":                                          "transform: line 1:8: Column 'nope' cannot be resolved or requester is not authorized to access requested resources",
		"SELECT id + name AS n FROM batch":                                "transform: line 1:11: Cannot apply operator: bigint + varchar",
		"SELECT \"$path\" AS name FROM batch":                             "transform: line 1:8: Column '$path' cannot be resolved",
		"SELECT id + 1 FROM batch":                                        "transform: column 1 of the result, _col0, is no column of the table: give it the name of one, with AS",
		"SELECT id AS other FROM batch":                                   "transform: column 1 of the result, other, is no column of the table: give it the name of one, with AS",
		"SELECT id, n AS id FROM batch":                                   "transform: column id is in the result twice",
		"SELECT name AS id FROM batch":                                    "transform: mismatched column types: column id of the table is bigint, the query gives varchar",
		"SELECT 1.5 AS id FROM batch":                                     "transform: mismatched column types: column id of the table is bigint, the query gives decimal(2,1)",
		"SELECT id AS s FROM batch":                                       "transform: mismatched column types: column s of the table is varchar(3), the query gives bigint",
	} {
		_, err := c.Compile(t.Context(), delivery.TransformSpec{Select: sql, Batch: columns("id bigint", "name string", "n bigint"), Columns: table})
		assert.ErrorContains(t, err, want, sql)
	}
	for expression, want := range map[string]string{
		"lower(":       "partition: dt: line 1:6: mismatched input '('",
		"max(name)":    "partition: dt: line 1:1: Aggregate function max" + only,
		"nope":         "partition: dt: line 1:1: Column 'nope' cannot be resolved",
		"id":           "partition: dt: mismatched column types: column dt of the table is varchar, the query gives bigint",
		"current_date": "partition: dt: line 1:1: current_date" + only,
		"id, name":     "partition: dt: line 1:3:",
	} {
		_, err := c.Compile(t.Context(), delivery.TransformSpec{Partition: map[string]string{"dt": expression}, Batch: columns("id bigint", "name string"), Columns: table, Keys: columns("dt string")})
		assert.ErrorContains(t, err, want, expression)
	}
	_, err := c.Compile(t.Context(), delivery.TransformSpec{Partition: map[string]string{"nope": "id"}, Batch: columns("id bigint"), Columns: table})
	require.EqualError(t, err, "partition: nope: it is no partition key of the table")
}

// Many events, of which some fail, keep their places.
func TestLargeBatches(t *testing.T) {
	c := newCompiler(t)
	batch := columns("id bigint", "name string")
	tr, err := c.Compile(t.Context(), delivery.TransformSpec{Select: "SELECT 1000 / (id % 1000) AS id, upper(name) AS name FROM batch WHERE id % 3 <> 0", Batch: batch, Columns: batch})
	require.NoError(t, err)
	var bodies []string
	for id := range 5000 {
		bodies = append(bodies, fmt.Sprintf(`{"id":%d,"name":"n%d"}`, id, id))
	}
	rows := events(t, batch, bodies...)
	require.NoError(t, tr.Rows(t.Context(), rows))
	for id := range rows {
		want := fmt.Sprintf("%d|N%d", 1000/max(id%1000, 1), id)
		switch {
		case id%3 == 0:
			want = "filtered"
		case id%1000 == 0:
			want = "failed: DIVISION_BY_ZERO: Division by zero"
		}
		require.Equal(t, want, text(&rows[id]), id)
	}
	require.NoError(t, tr.Close())
	require.NoError(t, tr.Rows(t.Context(), rows[:1]), "a closed transform compiles anew")
	require.Empty(t, tr.(*transform).idle)
}

func BenchmarkTransform(b *testing.B) {
	c := newCompiler(b)
	batch := columns("order_id string", "district string", "product string", "quantity int", "price int", "at timestamp")
	for _, x := range []struct{ name, sql string }{
		{"as it is", "SELECT * FROM batch"},
		{"some", "SELECT order_id, lower(district) AS district, product, quantity, price * quantity AS price, at FROM batch WHERE quantity > 0"},
	} {
		tr, err := c.Compile(b.Context(), delivery.TransformSpec{Select: x.sql, Batch: batch, Columns: batch})
		require.NoError(b, err)
		var bodies []string
		for i := range 8192 {
			bodies = append(bodies, fmt.Sprintf(`{"order_id":"o%d","district":"구%d","product":"p%d","quantity":%d,"price":%d,"at":"2021-01-01T00:00:00Z"}`, i, i%25, i%200, i%5+1, i))
		}
		rows := events(b, batch, bodies...)
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, tr.Rows(b.Context(), rows))
			}
			b.ReportMetric(float64(b.N*len(rows))/b.Elapsed().Seconds(), "events/s")
		})
		one := rows[:1]
		b.Run(x.name+", one", func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, tr.Rows(b.Context(), one))
			}
		})
		require.NoError(b, tr.Close())
	}
}
