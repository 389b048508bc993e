WITH events(user_id, ts, page) AS (
  VALUES (1, TIMESTAMP '2024-03-01 10:00:00', 'home'), (1, TIMESTAMP '2024-03-01 10:05:00', 'cart'),
         (1, TIMESTAMP '2024-03-01 11:00:00', 'home'), (2, TIMESTAMP '2024-03-01 10:01:00', 'home'),
         (2, TIMESTAMP '2024-03-01 10:29:59', 'item'), (2, TIMESTAMP '2024-03-01 11:00:00', 'pay')
), gaps AS (
  SELECT user_id, ts, page,
         CASE WHEN date_diff('minute', lag(ts) OVER (PARTITION BY user_id ORDER BY ts), ts) >= 30
                OR lag(ts) OVER (PARTITION BY user_id ORDER BY ts) IS NULL THEN 1 ELSE 0 END AS is_new
  FROM events
), sessions AS (
  SELECT user_id, ts, page, sum(is_new) OVER (PARTITION BY user_id ORDER BY ts ROWS UNBOUNDED PRECEDING) AS sid FROM gaps
)
SELECT user_id, sid, min(ts) AS started, max(ts) AS ended, count(*) AS hits,
       array_join(array_agg(page ORDER BY ts), ' > ') AS path, max(ts) - min(ts) AS dur
FROM sessions GROUP BY user_id, sid ORDER BY user_id, sid;
WITH ev(u, step, t) AS (
  VALUES (1, 'view', 1), (1, 'cart', 2), (1, 'pay', 3), (2, 'view', 1), (2, 'pay', 2), (3, 'view', 5), (3, 'cart', 4), (4, 'cart', 1)
), firsts AS (
  SELECT u, min(t) FILTER (WHERE step = 'view') AS v, min(t) FILTER (WHERE step = 'cart') AS c, min(t) FILTER (WHERE step = 'pay') AS p
  FROM ev GROUP BY u
)
SELECT count(v) AS viewed, count_if(c > v) AS carted, count_if(c > v AND p > c) AS paid,
       round(100.0 * count_if(c > v) / count(v), 1) AS cart_rate,
       CAST(count_if(c > v AND p > c) AS double) / NULLIF(count_if(c > v), 0) AS pay_rate
FROM firsts;
WITH signups(u, d) AS (VALUES (1, DATE '2024-01-03'), (2, DATE '2024-01-20'), (3, DATE '2024-02-02')),
activity(u, d) AS (VALUES (1, DATE '2024-01-05'), (1, DATE '2024-02-10'), (2, DATE '2024-02-11'), (2, DATE '2024-03-01'), (3, DATE '2024-02-03'), (3, DATE '2024-04-01')),
cohort AS (SELECT u, date_trunc('month', d) AS m FROM signups),
sizes AS (SELECT m, count(*) AS n FROM cohort GROUP BY m)
SELECT c.m AS cohort_month, date_diff('month', c.m, date_trunc('month', a.d)) AS age, count(DISTINCT a.u) AS active,
       s.n, CAST(count(DISTINCT a.u) AS decimal(10, 2)) / s.n AS retention
FROM cohort c JOIN activity a ON a.u = c.u JOIN sizes s ON s.m = c.m
GROUP BY c.m, date_diff('month', c.m, date_trunc('month', a.d)), s.n
ORDER BY 1, 2;
WITH sales(cat, item, amt) AS (VALUES ('a', 'x', 10), ('a', 'y', 30), ('a', 'z', 20), ('b', 'p', 5), ('b', 'q', 5), ('c', 'r', NULL))
SELECT cat, item, amt, rk, share FROM (
  SELECT cat, item, amt, rank() OVER (PARTITION BY cat ORDER BY amt DESC) AS rk,
         round(amt * 100e0 / sum(amt) OVER (PARTITION BY cat), 2) AS share
  FROM sales) WHERE rk <= 2 ORDER BY cat, rk, item;
WITH logins(u, d) AS (
  VALUES (1, DATE '2024-01-01'), (1, DATE '2024-01-02'), (1, DATE '2024-01-03'), (1, DATE '2024-01-06'), (2, DATE '2024-01-02'), (2, DATE '2024-01-04'), (2, DATE '2024-01-05'), (1, DATE '2024-01-02')
), uniq AS (SELECT DISTINCT u, d FROM logins),
islands AS (SELECT u, d, date_add('day', -row_number() OVER (PARTITION BY u ORDER BY d), d) AS grp FROM uniq)
SELECT u, min(d) AS s, max(d) AS e, count(*) AS days, date_diff('day', min(d), max(d)) + 1 AS span
FROM islands GROUP BY u, grp HAVING count(*) > 1 ORDER BY u, s;
WITH m(d, v) AS (VALUES (DATE '2024-01-01', 10), (DATE '2024-01-02', 20), (DATE '2024-01-04', 30), (DATE '2024-01-10', 40))
SELECT d, v, sum(v) OVER (ORDER BY d) AS running,
       avg(v) OVER (ORDER BY d RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND CURRENT ROW) AS ma3,
       avg(CAST(v AS double)) OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS centered,
       v - first_value(v) OVER (ORDER BY d) AS since_start,
       100.0 * (v - lag(v) OVER (ORDER BY d)) / lag(v) OVER (ORDER BY d) AS pct
FROM m ORDER BY d;
WITH s(region, quarter, amt) AS (VALUES ('eu', 1, 10.5), ('eu', 2, 20.0), ('us', 1, 7.25), ('us', 4, 1.0), (NULL, 3, 2.0))
SELECT COALESCE(region, 'unknown') AS region,
       sum(amt) FILTER (WHERE quarter = 1) AS q1, sum(amt) FILTER (WHERE quarter = 2) AS q2,
       sum(CASE WHEN quarter = 3 THEN amt ELSE 0 END) AS q3, COALESCE(sum(IF(quarter = 4, amt)), 0) AS q4,
       sum(amt) AS total, count(*) AS n
FROM s GROUP BY 1 ORDER BY total DESC, 1;
WITH logs(line) AS (VALUES
 '{"ts":"2024-05-01T10:00:00Z","level":"ERROR","svc":"api","msg":"timeout","ctx":{"ms":1200,"tags":["db","slow"]}}',
 '{"ts":"2024-05-01T10:00:05Z","level":"INFO","svc":"api","msg":"ok","ctx":{"ms":12,"tags":[]}}',
 '{"ts":"2024-05-01T10:01:00Z","level":"ERROR","svc":"web","msg":"500","ctx":{"ms":30}}',
 'garbage'),
parsed AS (
  SELECT from_iso8601_timestamp(json_extract_scalar(line, '$.ts')) AS ts, json_extract_scalar(line, '$.level') AS level,
         json_extract_scalar(line, '$.svc') AS svc, CAST(json_extract_scalar(line, '$.ctx.ms') AS bigint) AS ms,
         CAST(json_extract(line, '$.ctx.tags') AS array(varchar)) AS tags
  FROM logs WHERE line LIKE '{%')
SELECT svc, count(*) AS n, count_if(level = 'ERROR') AS errors, avg(ms) AS avg_ms, max_by(level, ms) AS worst,
       flatten(array_agg(tags) FILTER (WHERE tags IS NOT NULL)) AS tags, date_trunc('minute', min(ts)) AS m
FROM parsed GROUP BY svc ORDER BY svc;
WITH logs(line) AS (VALUES
 '10.0.0.1 - - [10/Oct/2023:13:55:36 +0000] "GET /index.html HTTP/1.1" 200 2326',
 '10.0.0.2 - bob [10/Oct/2023:13:56:00 +0000] "POST /api/v1/x?y=1 HTTP/1.1" 500 12',
 '10.0.0.1 - - [10/Oct/2023:14:00:00 +0000] "GET /img/a.png HTTP/1.0" 404 -'),
p AS (SELECT regexp_extract(line, '^(\S+)', 1) AS ip, regexp_extract(line, '"(\w+) (\S+)', 1) AS verb, regexp_extract(line, '"(\w+) (\S+)', 2) AS path,
       TRY_CAST(regexp_extract(line, '" (\d{3}) ', 1) AS integer) AS status, TRY_CAST(regexp_extract(line, '(\S+)$', 1) AS bigint) AS bytes,
       parse_datetime(regexp_extract(line, '\[([^\]]+)\]', 1), 'dd/MMM/yyyy:HH:mm:ss Z') AS ts FROM logs)
SELECT ip, count(*) AS hits, sum(bytes) AS bytes, count_if(status >= 400) AS bad, array_agg(DISTINCT split_part(path, '?', 1) ORDER BY split_part(path, '?', 1)) AS paths,
       max(ts) AS last_seen, CAST(max(ts) AS date) AS day
FROM p GROUP BY ip ORDER BY hits DESC, ip;
WITH raw(id, email, updated) AS (VALUES (1, 'A@x.org ', TIMESTAMP '2024-01-01 00:00:00'), (2, 'a@x.org', TIMESTAMP '2024-01-03 00:00:00'), (3, 'b@y.org', TIMESTAMP '2024-01-02 00:00:00'), (4, NULL, TIMESTAMP '2024-01-02 00:00:00')),
ranked AS (SELECT *, row_number() OVER (PARTITION BY lower(trim(email)) ORDER BY updated DESC) AS rn FROM raw)
SELECT id, lower(trim(email)) AS email, split_part(lower(trim(email)), '@', 2) AS domain FROM ranked WHERE rn = 1 ORDER BY id;
WITH lat(svc, ms) AS (SELECT 'a', x FROM UNNEST(sequence(1, 100)) t(x) UNION ALL SELECT 'b', x * x FROM UNNEST(sequence(1, 10)) t(x))
SELECT svc, approx_percentile(ms, 0.5) AS p50, approx_percentile(ms, 0.9) AS p90, approx_percentile(ms, ARRAY[0.25, 0.75]) AS iqr,
       min(ms) AS lo, max(ms) AS hi, avg(ms) AS mean, stddev_samp(ms) AS sd, count_if(ms > 50) * 1.0 / count(*) AS slow
FROM lat GROUP BY svc ORDER BY svc;
WITH c(id) AS (VALUES 1, 2, 3, 4), o(cid, amt) AS (VALUES (1, 5), (1, 7), (3, NULL), (NULL, 9))
SELECT c.id, 'left join' AS how FROM c LEFT JOIN o ON o.cid = c.id WHERE o.cid IS NULL
UNION ALL SELECT id, 'not exists' FROM c WHERE NOT EXISTS (SELECT 1 FROM o WHERE o.cid = c.id)
UNION ALL SELECT id, 'not in' FROM c WHERE id NOT IN (SELECT cid FROM o)
UNION ALL SELECT id, 'not in, no nulls' FROM c WHERE id NOT IN (SELECT cid FROM o WHERE cid IS NOT NULL)
UNION ALL (SELECT id, 'except' FROM c EXCEPT SELECT cid, 'except' FROM o)
ORDER BY 2, 1;
WITH RECURSIVE cal(d) AS (SELECT DATE '2024-02-27' UNION ALL SELECT d + INTERVAL '1' DAY FROM cal WHERE d < DATE '2024-03-02'),
s(d, v) AS (VALUES (DATE '2024-02-28', 3), (DATE '2024-03-01', 4))
SELECT cal.d, COALESCE(s.v, 0) AS v, sum(COALESCE(s.v, 0)) OVER (ORDER BY cal.d) AS cum,
       last_value(s.v) IGNORE NULLS OVER (ORDER BY cal.d ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS filled
FROM cal LEFT JOIN s ON s.d = cal.d ORDER BY cal.d;
WITH s(d, v) AS (VALUES (DATE '2024-02-28', 3), (DATE '2024-03-01', 4)),
spine AS (SELECT day FROM UNNEST(sequence(DATE '2024-02-27', DATE '2024-03-02', INTERVAL '1' DAY)) t(day))
SELECT date_format(day, '%a %d %b') AS label, v, v IS NULL AS missing FROM spine LEFT JOIN s ON s.d = spine.day ORDER BY day;
WITH baskets(id, items) AS (VALUES (1, ARRAY['milk', 'bread', 'eggs']), (2, ARRAY['milk', 'bread']), (3, ARRAY['eggs'])),
pairs AS (SELECT id, p FROM baskets CROSS JOIN UNNEST(combinations(array_sort(items), 2)) t(p))
SELECT p[1] AS a, p[2] AS b, count(*) AS n, CAST(count(*) AS double) / (SELECT count(*) FROM baskets) AS support
FROM pairs GROUP BY p ORDER BY n DESC, 1, 2;
WITH prices(sym, day, px) AS (VALUES ('A', DATE '2024-01-01', 10e0), ('A', DATE '2024-01-02', 11e0), ('A', DATE '2024-01-03', 9.9e0), ('B', DATE '2024-01-01', 5e0), ('B', DATE '2024-01-03', 6e0)),
r AS (SELECT sym, day, px, ln(px / lag(px) OVER (PARTITION BY sym ORDER BY day)) AS ret, max(px) OVER (PARTITION BY sym ORDER BY day) AS peak FROM prices)
SELECT sym, count(ret) AS n, round(sum(ret), 6) AS total, round(stddev(ret), 6) AS vol, round(min(px / peak - 1), 4) AS drawdown, max_by(day, px) AS best_day
FROM r GROUP BY sym ORDER BY sym;
WITH tx(id, acct, dir, amt, at) AS (VALUES (1, 'x', 'in', 100.00, TIMESTAMP '2024-01-01 00:00:00'), (2, 'x', 'out', 30.50, TIMESTAMP '2024-01-02 00:00:00'), (3, 'y', 'in', 10.00, TIMESTAMP '2024-01-01 12:00:00'), (4, 'x', 'out', 80.00, TIMESTAMP '2024-01-03 00:00:00')),
bal AS (SELECT *, sum(CASE dir WHEN 'in' THEN amt ELSE -amt END) OVER (PARTITION BY acct ORDER BY at, id) AS balance FROM tx)
SELECT id, acct, dir, amt, balance, balance < 0 AS overdrawn, lead(at) OVER (PARTITION BY acct ORDER BY at) - at AS until_next FROM bal ORDER BY acct, at;
WITH t(k, attrs) AS (VALUES (1, 'color=red;size=L'), (2, 'size=M'), (3, ''), (4, NULL)),
m AS (SELECT k, split_to_map(attrs, ';', '=') AS a FROM t)
SELECT k, element_at(a, 'color') AS color, COALESCE(element_at(a, 'size'), '-') AS size, cardinality(a) AS n, map_keys(a) AS keys,
       json_format(CAST(a AS json)) AS j FROM m ORDER BY k;
WITH emp(id, dept, sal) AS (VALUES (1, 'a', 100), (2, 'a', 200), (3, 'b', 150), (4, 'b', 150), (5, NULL, 50))
SELECT e.id, e.dept, e.sal, d.avg_sal, e.sal - d.avg_sal AS diff,
       CASE WHEN e.sal > d.avg_sal THEN 'above' WHEN e.sal < d.avg_sal THEN 'below' ELSE 'equal' END AS pos,
       (SELECT count(*) FROM emp x WHERE x.dept IS NOT DISTINCT FROM e.dept AND x.sal > e.sal) + 1 AS rnk
FROM emp e LEFT JOIN (SELECT dept, avg(sal) AS avg_sal FROM emp GROUP BY dept) d ON d.dept = e.dept ORDER BY e.id;
WITH p(id, start_d, end_d) AS (VALUES (1, DATE '2024-01-01', DATE '2024-01-10'), (2, DATE '2024-01-05', DATE '2024-01-12'), (3, DATE '2024-01-20', DATE '2024-01-25')),
e AS (SELECT *, max(end_d) OVER (ORDER BY start_d, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS prev_end FROM p),
g AS (SELECT *, sum(CASE WHEN prev_end >= start_d THEN 0 ELSE 1 END) OVER (ORDER BY start_d, id) AS grp FROM e)
SELECT grp, min(start_d) AS s, max(end_d) AS t, array_agg(id ORDER BY id) AS ids, date_diff('day', min(start_d), max(end_d)) AS len FROM g GROUP BY grp ORDER BY grp;
WITH r(u, r) AS (VALUES (1, 5), (1, 3), (2, 4), (3, 1), (3, 1), (3, 2))
SELECT bucket, count(*) AS users, array_agg(u ORDER BY u) AS who FROM (
  SELECT u, width_bucket(avg(CAST(r AS double)), 1, 5, 4) AS bucket FROM r GROUP BY u
) GROUP BY bucket ORDER BY bucket;
WITH visits(u, url) AS (VALUES (1, 'https://a.com/p?utm_source=news&id=1'), (2, 'https://a.com/q?id=2'), (3, 'http://b.org/?utm_source=ads%20x'))
SELECT COALESCE(url_decode(url_extract_parameter(url, 'utm_source')), '(direct)') AS src, count(DISTINCT u) AS users,
       array_agg(DISTINCT url_extract_host(url) ORDER BY url_extract_host(url)) AS hosts,
       map_agg(u, url_extract_path(url)) AS paths
FROM visits GROUP BY 1 ORDER BY 1;
WITH t(h, a, hg, ag) AS (VALUES ('x', 'y', 2, 1), ('y', 'z', 0, 0), ('z', 'x', 1, 3)),
pts AS (SELECT h AS team, CASE WHEN hg > ag THEN 3 WHEN hg = ag THEN 1 ELSE 0 END AS p, hg AS f, ag AS ag FROM t
        UNION ALL SELECT a, CASE WHEN ag > hg THEN 3 WHEN hg = ag THEN 1 ELSE 0 END, ag, hg FROM t)
SELECT rank() OVER (ORDER BY sum(p) DESC, sum(f) - sum(ag) DESC) AS pos, team, count(*) AS pl, sum(p) AS pts, sum(f) || ':' AS bad FROM pts GROUP BY team;
WITH t(h, a, hg, ag) AS (VALUES ('x', 'y', 2, 1), ('y', 'z', 0, 0), ('z', 'x', 1, 3)),
pts AS (SELECT h AS team, CASE WHEN hg > ag THEN 3 WHEN hg = ag THEN 1 ELSE 0 END AS p, hg AS f, ag AS ag FROM t
        UNION ALL SELECT a, CASE WHEN ag > hg THEN 3 WHEN hg = ag THEN 1 ELSE 0 END, ag, hg FROM t)
SELECT rank() OVER (ORDER BY sum(p) DESC, sum(f) - sum(ag) DESC) AS pos, team, count(*) AS pl, sum(p) AS pts, format('%d:%d', sum(f), sum(ag)) AS goals FROM pts GROUP BY team ORDER BY pos;
WITH raw(j) AS (VALUES JSON '{"order": 1, "lines": [{"sku": "a", "qty": 2, "price": 9.99}, {"sku": "b", "qty": 1, "price": 100}]}', JSON '{"order": 2, "lines": []}', JSON '{"order": 3}'),
l AS (SELECT CAST(json_extract(j, '$.order') AS integer) AS ord, CAST(x AS row(sku varchar, qty integer, price double)) AS ln
      FROM raw CROSS JOIN UNNEST(CAST(json_extract(j, '$.lines') AS array(json))) u(x))
SELECT ord, count(*) AS n, round(sum(ln.qty * ln.price), 2) AS total, array_agg(ln.sku ORDER BY ln.sku) AS skus, max_by(ln.sku, ln.price) AS dear FROM l GROUP BY ord ORDER BY ord;
WITH n(x) AS (SELECT * FROM UNNEST(sequence(2, 30)))
SELECT array_agg(x ORDER BY x) FROM n WHERE NOT EXISTS (SELECT 1 FROM n m WHERE m.x < n.x AND n.x % m.x = 0);
WITH w(s) AS (VALUES 'the quick brown fox', 'the lazy dog', 'quick quick dog'),
words AS (SELECT lower(x) AS x FROM w CROSS JOIN UNNEST(split(s, ' ')) t(x))
SELECT x, count(*) AS n, dense_rank() OVER (ORDER BY count(*) DESC) AS rk, round(100e0 * count(*) / sum(count(*)) OVER (), 1) AS pct
FROM words GROUP BY x HAVING count(*) >= 1 ORDER BY n DESC, x FETCH FIRST 2 ROWS WITH TIES;
WITH a(k, v) AS (VALUES ('x', 1), ('y', 2), ('z', NULL)), b(k, v) AS (VALUES ('x', 1), ('y', 3), ('w', 4))
SELECT COALESCE(a.k, b.k) AS k, CASE WHEN a.k IS NULL THEN 'added' WHEN b.k IS NULL THEN 'removed' WHEN a.v IS DISTINCT FROM b.v THEN 'changed' ELSE 'same' END AS st, a.v AS old, b.v AS new
FROM a FULL OUTER JOIN b ON a.k = b.k ORDER BY 1;
WITH t(ts, temp) AS (VALUES (TIMESTAMP '2024-06-01 00:10:00 Europe/Berlin', 15.5), (TIMESTAMP '2024-06-01 01:20:00 Europe/Berlin', 14.0), (TIMESTAMP '2024-05-31 23:30:00 UTC', 13.5))
SELECT date_trunc('hour', ts AT TIME ZONE 'UTC') AS h, avg(temp) AS avg_t, count(*) AS n, min(ts) AS first_ts FROM t GROUP BY 1 ORDER BY 1;
WITH t(id, tags) AS (VALUES (1, ARRAY['a', 'b']), (2, ARRAY['b', 'c']), (3, ARRAY[]))
SELECT tag, cardinality(ids) AS n, ids, reduce(ids, 0, (s, x) -> s + x, s -> s) AS total, any_match(ids, i -> i > 1) AS big
FROM (SELECT tag, array_agg(id ORDER BY id) AS ids FROM t CROSS JOIN UNNEST(tags) u(tag) GROUP BY tag) ORDER BY tag;
WITH inv(sku, d, delta) AS (VALUES ('a', DATE '2024-01-01', 10), ('a', DATE '2024-01-03', -4), ('a', DATE '2024-01-03', -7), ('b', DATE '2024-01-02', 1))
SELECT sku, d, sum(delta) AS day_delta, sum(sum(delta)) OVER (PARTITION BY sku ORDER BY d) AS stock,
       min(sum(delta)) OVER (PARTITION BY sku) AS worst, grouping(d) AS g
FROM inv GROUP BY GROUPING SETS ((sku, d)) ORDER BY sku, d;
WITH q(x) AS (VALUES 1, 2, 3, 4, 5, 6)
SELECT x % 3 AS g, sum(x) AS s, array_agg(x ORDER BY x DESC)[1] AS top, element_at(array_agg(x ORDER BY x), -2) AS second_last, CAST(ROW(min(x), max(x)) AS row(lo integer, hi integer)).hi AS hi
FROM q GROUP BY x % 3 HAVING sum(x) > 5 ORDER BY g;
WITH flags(u, f) AS (VALUES (1, 'beta'), (1, 'dark'), (2, 'dark'), (3, NULL))
SELECT u, bool_or(f = 'beta') AS beta, COALESCE(bool_or(f = 'dark'), false) AS dark, set_agg(f) AS fs FROM flags GROUP BY u ORDER BY u;
