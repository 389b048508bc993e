-- What TestGenerated found: queries made at random on which scops and Trino
-- differed, shrunk.
SELECT z, w, count(*) FROM (SELECT s z, s w FROM (VALUES 'a', 'b', NULL) o (s)) GROUP BY CUBE (z, w);
SELECT z, w, count(*) FROM (SELECT s z, s w FROM (VALUES 'a', 'b', NULL) o (s)) GROUP BY z, ROLLUP (w);
SELECT w FROM (SELECT s z, s w FROM (VALUES 'a', 'b', NULL) o (s)) GROUP BY z;
SELECT s, count(*) FROM (VALUES 'a', 'b', NULL) o (s) GROUP BY CUBE (s, s);
SELECT i, s, count(*) FROM (VALUES (1, 'a')) o (i, s) GROUP BY CUBE (1, 2);
SELECT i, s, count(*) FROM (VALUES (1, 'a')) o (i, s) GROUP BY ROLLUP (i, s || 'x');
SELECT i, s, count(*) FROM (VALUES (1, 'a')) o (i, s) GROUP BY GROUPING SETS ((1), (2));
SELECT i, s, count(*) FROM (VALUES (1, 'a')) o (i, s) GROUP BY GROUPING SETS ((i), (i, upper(s)));
SELECT listagg(s, ',') WITHIN GROUP (ORDER BY 'a', s) FROM (VALUES 'b', 'a') o (s);
SELECT array_agg(s ORDER BY 'a' NULLS FIRST, s DESC) FROM (VALUES 'b', 'a', 'c') o (s);
SELECT s, count(*) OVER (ORDER BY 'x'), row_number() OVER (PARTITION BY 'x' ORDER BY s) FROM (VALUES 'b', 'a', 'c') o (s) ORDER BY 'x', s;
SELECT a, b, sum(c) FROM (VALUES (1, 2, 3)) t (a, b, c) GROUP BY CUBE (a, b) ORDER BY grouping(a, b), 1, 2;
SELECT a, b, sum(c) FROM (VALUES (1, 2, 3)) t (a, b, c) GROUP BY CUBE (a, b) ORDER BY grouping(t.a, t.b), 1, 2;
SELECT a x, sum(c) FROM (VALUES (1, 2, 3)) t (a, b, c) GROUP BY CUBE (a, b) ORDER BY grouping(b), 1, 2;
SELECT a x, b, sum(c) FROM (VALUES (1, 2, 3)) t (a, b, c) GROUP BY CUBE (a, b) ORDER BY grouping(x, b), 1, 2;
WITH o (i, g, d, f, s, b, t, m, a) AS (VALUES
  (1, BIGINT '10', DECIMAL '1.50', 1e0, 'a', true, DATE '2021-01-31', TIMESTAMP '2021-01-31 10:00:00.000', ARRAY[1, 2]),
  (2, BIGINT '-3', DECIMAL '-2.25', 5e-1, 'b', false, DATE '2020-02-29', TIMESTAMP '2020-02-29 23:59:59.999', ARRAY[3, NULL]),
  (2, BIGINT '7', NULL, -3e0, '한', NULL, NULL, TIMESTAMP '1969-07-20 20:17:40.500', ARRAY[]),
  (NULL, NULL, DECIMAL '10.00', NULL, 'a', true, DATE '2021-01-31', NULL, NULL),
  (-5, BIGINT '3000000000', DECIMAL '0.01', 1e10, NULL, false, DATE '1999-12-31', TIMESTAMP '2021-02-03 04:05:06.789', ARRAY[-5, 2, 2]),
  (0, BIGINT '0', DECIMAL '0.00', -0e0, '', true, DATE '2021-02-03', TIMESTAMP '2021-02-03 00:00:00.000', ARRAY[0])),
p (k, x, y, n) AS (VALUES (1, 'x', 1.5, 1), (2, 'y', -1.0, 2), (2, NULL, NULL, 3), (9, 'a', 0.25, 4), (NULL, 'a', 2.0, 5))
SELECT h, q.v, e.w FROM (SELECT if((CASE o.i WHEN 7 THEN CAST(NULL AS integer) ELSE 0 END > ALL (SELECT q.n FROM p q)), array_max((o.a || o.a)), TRY_CAST(round((o.f - 1.25) / 1e7) AS integer)) h, array_join(array_distinct(array_distinct(o.a)), '-') v FROM o JOIN p ON o.i = p.k) q FULL JOIN (SELECT CASE json_value(json_array(o.i, 'a' NULL ON NULL), 'lax $.b' RETURNING integer) WHEN TRY_CAST(regexp_replace(o.s, '[a-z]', '<$0>') AS integer) THEN CAST(if(o.b, o.b) AS integer) ELSE 0 END h, abs(TRY_CAST(typeof(p.k) AS decimal(5, 2))) w FROM o CROSS JOIN p WHERE ((TRY_CAST(round(o.f / 1e7) AS integer), json_array_length('[1, 2]')) IN ((1, 2), (try(o.a[CAST(NULL AS integer)]), 3)))) e USING (h);
