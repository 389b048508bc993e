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
