WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT count(*), count(amt), count(DISTINCT cust), sum(amt), avg(amt), min(d), max(ts) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(qty), avg(qty), stddev(qty), stddev_pop(qty), variance(qty), var_pop(qty), geometric_mean(qty), skewness(qty), kurtosis(qty) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT approx_distinct(cust), approx_percentile(qty, 0.5), approx_percentile(qty, ARRAY[0.0, 1.0]), approx_distinct(d, 0.01) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT arbitrary(5), any_value('x'), bool_and(amt > 1), bool_or(qty > 4), every(qty > 0), count_if(region = 'eu') FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT max_by(cust, amt), min_by(cust, amt), max_by(id, amt, 2), min_by(id, qty, 3), max(qty, 2), min(qty, 2) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT array_agg(id ORDER BY amt DESC NULLS LAST, id), array_agg(DISTINCT cust ORDER BY cust), array_agg(region ORDER BY id) FILTER (WHERE region IS NOT NULL) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT listagg(cust, ',') WITHIN GROUP (ORDER BY id), listagg(DISTINCT cust) WITHIN GROUP (ORDER BY cust) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, listagg(cust, '; ') WITHIN GROUP (ORDER BY cust DESC, id) FROM o GROUP BY region ORDER BY region NULLS FIRST;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT listagg(cust, ',' ON OVERFLOW TRUNCATE '...' WITH COUNT) WITHIN GROUP (ORDER BY id) FILTER (WHERE id < 4) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT corr(qty, id), covar_pop(qty, id), covar_samp(qty, id), regr_slope(qty, id), regr_intercept(qty, id) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT bitwise_and_agg(id), bitwise_or_agg(id), checksum(id) IS NULL, entropy(qty) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT histogram(region), map_agg(id, cust), multimap_agg(cust, id) FROM o WHERE region IS NOT NULL;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT numeric_histogram(2, qty), approx_most_frequent(2, cust, 10) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT reduce_agg(id, 0, (a, b) -> a + b, (a, b) -> a + b) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, reduce_agg(id, 1, (a, b) -> a * b, (a, b) -> a * b) FROM o GROUP BY cust ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, cust, sum(amt), grouping(region), grouping(cust), grouping(region, cust) FROM o GROUP BY ROLLUP(region, cust) ORDER BY 6, 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, cust, count(*) FROM o GROUP BY CUBE(region, cust) ORDER BY 1 NULLS LAST, 2 NULLS LAST, 3;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, cust, month(d), count(*), grouping(region, cust, month(d)) FROM o GROUP BY GROUPING SETS ((region, cust), (month(d)), ()) ORDER BY 5, 1, 2, 3;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, month(d) m, sum(amt) FROM o GROUP BY region, ROLLUP(month(d)) ORDER BY 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, sum(amt) FROM o GROUP BY GROUPING SETS (region, region, ()) ORDER BY 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, sum(amt) FROM o GROUP BY DISTINCT ROLLUP(region), ROLLUP(region) ORDER BY 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, sum(amt) FROM o GROUP BY ALL ROLLUP(region), ROLLUP(region) ORDER BY 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT CASE WHEN grouping(region) = 1 THEN 'ALL' ELSE COALESCE(region, '?') END r, count(*) FROM o GROUP BY ROLLUP(region) ORDER BY count(*) DESC, r;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region FROM o GROUP BY 1 HAVING count(*) > 1 AND sum(amt) > 20 ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(amt) FROM o HAVING count(*) > 100;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, sum(amt) FROM o ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, amt FROM o GROUP BY cust;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust AS c, count(*) FROM o GROUP BY c;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT count(*) FROM o GROUP BY ();
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT upper(cust) || '!', count(*) FROM o GROUP BY upper(cust) ORDER BY 2 DESC, 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT upper(cust), lower(cust) FROM o GROUP BY upper(cust);
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT DISTINCT region, qty > 2 FROM o ORDER BY 1 NULLS FIRST, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT DISTINCT cust FROM o ORDER BY id;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(DISTINCT qty), avg(DISTINCT qty), count(DISTINCT region), sum(qty) FILTER (WHERE region = 'eu') FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(qty) FILTER (WHERE false), count(*) FILTER (WHERE NULL), max(qty) FILTER (WHERE qty < 0) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, sum(amt) * 100 / (SELECT sum(amt) FROM o) FROM o GROUP BY cust ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(sum(amt)) FROM o GROUP BY cust;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust FROM o WHERE sum(amt) > 5;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT max(amt) FROM o WHERE false;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, count(*) FROM o WHERE false GROUP BY cust;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT avg(d) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(cust) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT min(ROW(id, cust)), max(ARRAY[id]) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT max(MAP(ARRAY[1], ARRAY[id])) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT avg(amt), typeof(avg(amt)), typeof(sum(amt)), typeof(sum(qty)), typeof(avg(qty)), typeof(count(*)), typeof(min(amt)) FROM o GROUP BY region ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT approx_percentile(amt, 0.5) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT approx_percentile(id, 0.25), approx_percentile(id, 0.9), approx_percentile(CAST(id AS double), 0.5), approx_percentile(id, qty, 0.5) FROM o WHERE qty IS NOT NULL;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT approx_percentile(id, 1.5) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT min_by(cust, ROW(amt, id)), max_by(ROW(id, cust), amt) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT count(*), GROUPING(cust) FROM o GROUP BY cust ORDER BY cust;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT grouping(cust) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, grouping(qty) FROM o GROUP BY cust;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT array_agg(amt) FILTER (WHERE amt > 1000), array_agg(id) FROM o WHERE id = 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT merge(approx_set(cust)) IS NOT NULL, cardinality(approx_set(cust)) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT value_at_quantile(qdigest_agg(id), 0.5), value_at_quantile(tdigest_agg(id), 0.5) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT sum(o.qty), count(*) AS "Total Count", max(id) "MAX" FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, count(*) c FROM o GROUP BY cust HAVING c > 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region, count(*) FROM o GROUP BY region ORDER BY max(amt) DESC NULLS LAST, 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT region IS NULL, count(*) FROM o GROUP BY region IS NULL ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT date_trunc('month', d), sum(amt) FROM o GROUP BY date_trunc('month', d) ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT year(d) * 100 + month(d) ym, cust, count(*) FROM o GROUP BY year(d) * 100 + month(d), cust ORDER BY 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT year(d) y, count(*) FROM o GROUP BY d ORDER BY 1, 2;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT (SELECT max(amt) FROM o), cust FROM o GROUP BY cust ORDER BY cust;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, (SELECT count(*) FROM o i WHERE i.cust = o.cust) FROM o GROUP BY cust ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT id, (SELECT count(*) FROM o i WHERE i.cust = o.cust) FROM o GROUP BY cust ORDER BY 1;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT transform(array_agg(id ORDER BY id), x -> x * 2) FROM o;
WITH o(id, cust, region, amt, qty, d, ts) AS (VALUES
 (1, 'ann', 'eu', DECIMAL '10.50', 2, DATE '2024-01-01', TIMESTAMP '2024-01-01 08:00:00'),
 (2, 'bob', 'us', DECIMAL '20.00', 1, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:10:00'),
 (3, 'ann', 'eu', DECIMAL '5.25', NULL, DATE '2024-01-02', TIMESTAMP '2024-01-01 08:45:00'),
 (4, 'cyd', NULL, DECIMAL '7.00', 3, DATE '2024-01-05', TIMESTAMP '2024-01-01 09:30:00'),
 (5, 'bob', 'us', NULL, 5, DATE '2024-02-01', TIMESTAMP '2024-01-01 09:31:00'),
 (6, 'dan', 'eu', DECIMAL '100.00', 1, DATE '2024-02-10', TIMESTAMP '2024-01-02 00:00:00'),
 (7, 'ann', 'us', DECIMAL '10.50', 4, DATE '2024-03-01', TIMESTAMP '2024-01-02 00:05:00'))
SELECT cust, array_join(array_agg(CAST(amt AS varchar) ORDER BY id), '|', 'null') FROM o GROUP BY cust ORDER BY 1;
