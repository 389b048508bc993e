package conformance

import (
	"math/rand/v2"
	"strings"
)

// prelude gives the generated queries their tables: few rows, with NULLs, ties,
// empty texts, negative numbers and both signs of zero.
const prelude = `WITH o (i, g, d, f, s, b, t, m, a) AS (VALUES
  (1, BIGINT '10', DECIMAL '1.50', 1e0, 'a', true, DATE '2021-01-31', TIMESTAMP '2021-01-31 10:00:00.000', ARRAY[1, 2]),
  (2, BIGINT '-3', DECIMAL '-2.25', 5e-1, 'b', false, DATE '2020-02-29', TIMESTAMP '2020-02-29 23:59:59.999', ARRAY[3, NULL]),
  (2, BIGINT '7', NULL, -3e0, '한', NULL, NULL, TIMESTAMP '1969-07-20 20:17:40.500', ARRAY[]),
  (NULL, NULL, DECIMAL '10.00', NULL, 'a', true, DATE '2021-01-31', NULL, NULL),
  (-5, BIGINT '3000000000', DECIMAL '0.01', 1e10, NULL, false, DATE '1999-12-31', TIMESTAMP '2021-02-03 04:05:06.789', ARRAY[-5, 2, 2]),
  (0, BIGINT '0', DECIMAL '0.00', -0e0, '', true, DATE '2021-02-03', TIMESTAMP '2021-02-03 00:00:00.000', ARRAY[0])),
p (k, x, y, n) AS (VALUES (1, 'x', 1.5, 1), (2, 'y', -1.0, 2), (2, NULL, NULL, 3), (9, 'a', 0.25, 4), (NULL, 'a', 2.0, 5))
`

// grammar is what the generator writes. A name in braces stands for one of the
// texts under it; the first text of each is the simplest. The names of one
// letter are expressions over the tables o and p: i integer, g bigint, d
// decimal, f double, s varchar, b boolean, t date, m timestamp, a array of
// integers. Those with a capital are aggregates.
var grammar = map[string][]string{
	"query": {
		"SELECT {x}, {x}, {x} FROM {from}{where}",
		"SELECT {x}, {x} FROM {from}{where} ORDER BY {x}{order}, 1, 2 {limit}",
		"SELECT {key}, {X}, {X} FROM {from}{where} GROUP BY 1{having}",
		"SELECT q.z, q.w, count(*), sum(q.v) FROM (SELECT {key} z, {key} w, {i} v FROM {from}{where}) q GROUP BY {sets}",
		"SELECT {X}, {X}, {X} FROM {from}{where}",
		"SELECT {win}, {win} FROM {from}{where}",
		"SELECT DISTINCT {key}, {x} FROM {from}{where}",
		"SELECT {x} FROM {from}{where} {setop} SELECT {x} FROM {from}{where}",
		"SELECT q.z, count(*), max(q.w) FROM (SELECT {key} z, {s} w FROM {from}{where}) q GROUP BY q.z",
		"SELECT o.i, q.z FROM o CROSS JOIN LATERAL (SELECT {X} z FROM p WHERE p.k = o.i) q",
		"SELECT o.s, e, n2 FROM o {ujoin} UNNEST({a}, o.a) WITH ORDINALITY u (e, e2, n2){on}",
		"SELECT {i}, (SELECT {X} FROM p pp WHERE pp.k = o.i), {b} FROM {from}{where}",
		"SELECT {r}, {M}, {v}, {z} FROM {from}{where}",
		"SELECT {x}, v.w FROM o JOIN p ON o.i = p.k {join} JOIN (VALUES (1, 'a'), (2, NULL), (NULL, 'b')) v (c, w) ON v.c = {i}{where}",
		"SELECT h, q.v, e.w FROM (SELECT {i} h, {s} v FROM {from}{where}) q {join} JOIN (SELECT {i} h, {d} w FROM {from}{where}) e USING (h)",
		"SELECT {x} FROM {from} WHERE {i} IN (SELECT q.k FROM p q WHERE q.n > (SELECT min(e.n) FROM p e WHERE e.x = 'a'))",
		"SELECT * FROM (WITH RECURSIVE c (h, l) AS (SELECT {i}, 1 FROM {from}{where} UNION ALL SELECT h - 1, l + 1 FROM c WHERE l < 4 AND h > 0) SELECT h, l, count(*) FROM c GROUP BY h, l) q",
	},
	"from":   {"o JOIN p ON o.i = p.k", "o LEFT JOIN p ON o.i = p.k", "o RIGHT JOIN p ON o.s = p.x", "o FULL JOIN p ON o.i = p.k", "o CROSS JOIN p", "o JOIN p ON {b}", "o LEFT JOIN p ON {b} AND o.i = p.k"},
	"join":   {"", "LEFT", "FULL"},
	"ujoin":  {"CROSS JOIN", "LEFT JOIN"},
	"on":     {""},
	"where":  {"", " WHERE {b}"},
	"having": {"", " HAVING count(*) > 1", " HAVING {B}"},
	"limit":  {"", "LIMIT 3", "OFFSET 1", "OFFSET 1 LIMIT 2"},
	"order":  {"", " DESC", " NULLS FIRST", " DESC NULLS FIRST"},
	"setop":  {"UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"},
	"sets":   {"ROLLUP (q.z, q.w)", "CUBE (q.z, q.w)", "GROUPING SETS ((q.z), (), (q.w, q.z))", "q.z, ROLLUP (q.w)"},
	"x":      {"{i}", "{g}", "{d}", "{f}", "{s}", "{b}", "{t}", "{m}", "{a}"},
	"key":    {"o.i", "o.s", "p.k", "{s}", "{b}", "{t}", "{i}", "{d}", "{m}"},
	"X":      {"count(*)", "{G}", "{D}", "{F}", "{S}", "{B}"},
	"G":      {"count({x})", "sum({i})", "count(DISTINCT {key})", "max({g})", "min({i})", "count_if({b})", "count({x}) FILTER (WHERE {b})", "sum(DISTINCT {i})", "approx_distinct({s})", "cardinality(array_agg({s}))", "bitwise_or_agg({g})"},
	"D":      {"sum({d})", "avg({d})", "max({d})", "min({d}) FILTER (WHERE {b})"},
	"F":      {"max({f})", "min({f})", "avg({i})", "avg({g})"},
	"S":      {"max({s})", "min({s})", "listagg(o.s, ',') WITHIN GROUP (ORDER BY {s}, o.s, p.x)", "array_join(array_agg(p.x ORDER BY {s}{order}, o.s, p.x), ',')", "max_by(o.s, o.g * 100 + p.n)", "CAST(max({t}) AS varchar)", "CAST(max({m}) AS varchar)"},
	"B":      {"bool_or({b})", "every({b})", "count(*) > 1", "max({i}) > 1", "min({s}) IS NULL"},
	"win": {
		"rank() OVER ({part}ORDER BY {key}{order})",
		"row_number() OVER (ORDER BY {key}{order}, o.g, p.n, o.d, o.t, o.f, o.s)",
		"dense_rank() OVER ({part}ORDER BY {key}{order})",
		"sum({i}) OVER ({part}ORDER BY {key}{order}{range})",
		"count({x}) OVER ({part}ORDER BY {key}{order}{range})",
		"sum({d}) OVER (ORDER BY o.g, p.n, o.d, o.t, o.f{rows})",
		"max({s}) OVER ({part}ORDER BY o.g, p.n, o.d, o.t, o.f{rows})",
		"lag({s}, 2, 'none') OVER (ORDER BY o.g, p.n, o.d, o.t, o.f)",
		"first_value({i}){nulls} OVER ({part}ORDER BY o.g, p.n, o.d, o.t, o.f{rows})",
		"nth_value({s}, 2) OVER (ORDER BY o.g, p.n, o.d, o.t, o.f{rows})",
		"ntile(3) OVER (ORDER BY o.g, p.n, o.d, o.t, o.f)",
		"avg({d}) OVER ({part})", "min({t}) OVER ({part})",
	},
	"part":  {"", "PARTITION BY {key} "},
	"nulls": {"", " IGNORE NULLS"},
	"rows":  {"", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", " ROWS 2 PRECEDING", " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW"},
	"range": {"", " RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", " RANGE UNBOUNDED PRECEDING"},
	"i": {"o.i", "p.k", "p.n", "7", "0", "CAST(NULL AS integer)", "({i} + {i})", "({i} - {i})", "({i} * 2)", "({i} / 2)", "({i} % 3)", "abs({i})", "coalesce({i}, {i})", "nullif({i}, {i})",
		"if({b}, {i}, {i})", "CASE WHEN {b} THEN {i} END", "CASE {i} WHEN {i} THEN {i} ELSE {i} END", "TRY_CAST({s} AS integer)", "try({i} / {i})", "try(CAST({s} AS integer))", "CAST({d} AS integer)", "TRY_CAST(round({f} / 1e7) AS integer)",
		"element_at({a}, 1)", "try({a}[{i}])", "array_max({a})", "reduce({a}, 0, (z, v) -> z + coalesce(v, 1), z -> z)", "greatest({i}, {i})", "(SELECT max(q.k) FROM p q WHERE q.x = {s})", "CAST({b} AS integer)"},
	"g": {"o.g", "BIGINT '5'", "length({s})", "cardinality({a})", "year({t})", "day_of_week({t})", "week({m})", "date_diff('day', {t}, {t})", "date_diff('hour', {m}, {m})", "({g} + {i})", "strpos({s}, {s})", "TRY_CAST({f} AS bigint)",
		"sum({g}) OVER ()", "(SELECT count(*) FROM p q WHERE q.k > {i})", "levenshtein_distance({s}, {s})", "bitwise_xor({g}, {i})", "coalesce({g}, {i})", "millisecond({m})"},
	"d": {"o.d", "p.y", "1.25", "({d} + {d})", "({d} - {i})", "({d} * {d})", "({d} / 3)", "({d} % 2)", "round({d}, 1)", "abs({d})", "coalesce({d}, {d})", "CAST({i} AS decimal(12, 3))", "CAST({d} AS decimal(10, 1))", "if({b}, {d}, {i})",
		"TRY_CAST({s} AS decimal(5, 2))", "try({d} / {i})", "ceil({d})", "truncate({d})", "sign({d})"},
	"f": {"o.f", "1e0", "({f} + {i})", "({f} * {d})", "sqrt({f})", "CAST({d} AS double)", "({f} / {f})", "({f} - {d})", "abs({f})", "coalesce({f}, {d})", "round({f}, 2)", "TRY_CAST({s} AS double)", "floor({f})", "nullif({f}, 0e0)", "nan()", "to_unixtime({m})"},
	"s": {"o.s", "p.x", "'a'", "'ab,한'", "({s} || {s})", "upper({s})", "substr({s}, 1, 2)", "substr({s}, {i})", "reverse({s})", "coalesce({s}, {s})", "CAST({i} AS varchar)", "CAST({d} AS varchar)", "CAST({f} AS varchar)", "CAST({t} AS varchar)", "CAST({m} AS varchar)",
		"replace({s}, 'a', 'b')", "lpad({s}, 3, '*')", "split_part({s}, ',', 1)", "array_join({a}, '-')", "array_join({a}, '-', '?')", "regexp_replace({s}, '[a-z]', '<$0>')", "regexp_extract({s}, '([a-z])', 1)", "if({b}, {s}, 'no')", "CAST({s} AS varchar(1))",
		"CASE {s} WHEN {s} THEN {s} END", "date_format({m}, '%Y-%m-%d %H:%i')", "typeof({x})", "format_datetime({m}, 'yyyy-MM')", "CAST({b} AS varchar)", "concat_ws('/', {s}, {s})", "json_format(CAST({i} AS json))", "trim({s})", "CAST(CAST({s} AS char(3)) AS varchar)"},
	"b": {"o.b", "true", "({i} = {i})", "({i} < {g})", "({d} >= {i})", "({f} <> {d})", "({s} = {s})", "({s} < {s})", "({t} > {t})", "({m} >= {t})", "({b} AND {b})", "({b} OR {b})", "(NOT {b})", "({x} IS NULL)", "({i} IN ({i}, 1, {i}))", "({s} NOT IN ('a', {s}))",
		"({d} BETWEEN {i} AND {d})", "({s} LIKE '%a%')", "({i} IS DISTINCT FROM {i})", "({s} IS NOT DISTINCT FROM {s})", "EXISTS (SELECT 1 FROM p q WHERE q.k = {i})", "({i} IN (SELECT q.k FROM p q))", "({i} NOT IN (SELECT q.n FROM p q WHERE q.x = {s}))",
		"({i} > ALL (SELECT q.n FROM p q))", "({g} <= ANY (SELECT q.k FROM p q))", "contains({a}, {i})", "any_match({a}, v -> v > {i})", "all_match({a}, v -> v IS NOT NULL)", "regexp_like({s}, '^[a-z]+$')", "starts_with({s}, 'a')", "({a} = {a})", "(({i}, {s}) = ({i}, {s}))", "(({i}, {i}) IN ((1, 2), ({i}, 3)))", "coalesce({b}, {b})", "if({b}, {b})", "is_nan({f})"},
	"t": {"o.t", "DATE '2021-02-28'", "date_add('day', {i}, {t})", "date_add('month', 1, {t})", "({t} + INTERVAL '1' MONTH)", "({t} - INTERVAL '2' DAY)", "date_trunc('month', {t})", "CAST({m} AS date)", "coalesce({t}, {t})", "last_day_of_month({t})", "TRY_CAST({s} AS date)", "greatest({t}, {t})"},
	"m": {"o.m", "TIMESTAMP '2021-02-03 04:05:06.789'", "CAST({t} AS timestamp)", "date_trunc('hour', {m})", "({m} + INTERVAL '90' MINUTE)", "date_add('second', 5, {m})", "coalesce({m}, {t})", "CAST({m} AS timestamp(0))"},
	"a": {"o.a", "ARRAY[1, {i}]", "array_distinct({a})", "array_sort({a})", "({a} || {a})", "({a} || {i})", "transform({a}, v -> v + {i})", "filter({a}, v -> v > {i})", "slice({a}, 1, 2)", "reverse({a})", "array_union({a}, {a})", "array_remove({a}, 2)", "sequence(1, 3)", "coalesce({a}, {a})", "if({b}, {a})", "array_except({a}, {a})"},
}

// More names: r rows, M maps of integers by texts, v
// intervals of days, z times with zone, j texts of json.
func init() {
	for name, texts := range map[string][]string{
		"r": {"ROW(o.i, p.x)", "ROW({i}, {s})", "if({b}, {r})", "coalesce({r}, {r})"},
		"M": {"MAP(ARRAY['a'], ARRAY[1])", "MAP(ARRAY['b', 'a'], ARRAY[{i}, 2])", "map_filter({M}, (h, w) -> w > {i})", "transform_values({M}, (h, w) -> w + {i})", "map_concat({M}, {M})", "if({b}, {M})"},
		"v": {"INTERVAL '1' DAY", "INTERVAL '-90' MINUTE", "({v} * 2)", "({v} + {v})", "({m} - {m})", "(-{v})"},
		"z": {"TIMESTAMP '2021-02-03 04:05:06.789 Asia/Seoul'", "with_timezone({m}, 'Europe/Paris')", "({z} + {v})", "date_trunc('day', {z})", "({z} AT TIME ZONE 'America/New_York')", "if({b}, {z})"},
		"j": {"'[1, 2]'", "json_format(CAST({a} AS json))", "json_format(CAST({r} AS json))", "json_format(CAST({M} AS json))", "json_object('a' : {s}, 'b' : {i})", "json_array({i}, {s} NULL ON NULL)"},
	} {
		grammar[name] = texts
	}
	grammar["i"] = append(grammar["i"], "element_at({M}, 'a')", "hour({z})", "{r}[1]", "json_array_length({j})", "json_value({j}, 'lax $.b' RETURNING integer)")
	grammar["s"] = append(grammar["s"], "json_extract_scalar({j}, '$.a')", "{r}[2]", "CAST({v} AS varchar)", "to_iso8601({z})", "array_join(map_keys({M}), ',')")
	grammar["b"] = append(grammar["b"], "({r} = {r})", "({M} = {M})", "({v} < {v})", "({z} >= {z})", "json_exists({j}, 'lax $.a')", "({z} > {m})")
	grammar["m"] = append(grammar["m"], "({m} + {v})", "CAST({z} AS timestamp)")
}

// tree is a generated text: its production with a subtree for each name.
type tree struct {
	kind  string
	text  string
	parts []*tree
}

// grow makes a random tree. Below depth 0 only the first texts are taken.
func grow(r *rand.Rand, kind string, depth int) *tree {
	choices := grammar[kind]
	n := len(choices)
	if depth <= 0 {
		n = min(n, 1+simplest(choices))
	}
	return plant(r, kind, choices[r.IntN(n)], depth)
}

// simplest counts the texts behind the first that have no name in them.
func simplest(choices []string) int {
	n := 0
	for n+1 < len(choices) && !strings.Contains(choices[n+1], "{") {
		n++
	}
	return n
}

func plant(r *rand.Rand, kind, text string, depth int) *tree {
	t := &tree{kind: kind, text: text}
	for _, name := range names(text) {
		t.parts = append(t.parts, grow(r, name, depth-1))
	}
	return t
}

// names are the names in braces of a text, in order.
func names(text string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "{")
		if !ok {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		out, text = append(out, name), after
	}
}

func (t *tree) String() string {
	text := t.text
	for i, name := range names(t.text) {
		before, after, _ := strings.Cut(text, "{"+name+"}")
		text = before + strings.ReplaceAll(t.parts[i].String(), "{", "\x00") + after
	}
	return strings.ReplaceAll(text, "\x00", "{")
}

// shrink makes a tree as small as it can while fails holds for it: each part
// becomes its simplest text or a part of it of the same kind.
func shrink(t *tree, fails func(*tree) bool) {
	for changed := true; changed; {
		changed = false
		for _, node := range t.all() {
			old := *node
			for _, smaller := range old.smaller() {
				if *node = *smaller; fails(t) {
					changed = true
					break
				}
				*node = old
			}
		}
	}
}

// all are a tree and its parts, the outer ones first.
func (t *tree) all() []*tree {
	out := []*tree{t}
	for _, p := range t.parts {
		out = append(out, p.all()...)
	}
	return out
}

// smaller are what may stand for a tree: shorter and of its kind.
func (t *tree) smaller() []*tree {
	var out []*tree
	for i, text := range grammar[t.kind] {
		if i <= simplest(grammar[t.kind]) && !strings.Contains(text, "{") && len(text) < len(t.String()) {
			out = append(out, &tree{kind: t.kind, text: text})
		}
	}
	for _, inner := range t.all()[1:] {
		if inner.kind == t.kind {
			out = append(out, inner)
		}
	}
	return out
}
