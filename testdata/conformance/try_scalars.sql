-- TRY around functions that fail inside the engine
SELECT try(from_base64('!')), try(from_base32('!')), try(from_hex('g'));
SELECT try(from_utf8(X'ff', 'ab')), try(regexp_like('a', '(')), try(regexp_extract('a', 'a', 5));
SELECT try(luhn_check('x')), try(soundex('한')), try(hamming_distance('a', 'ab'));
SELECT try(format('%d', 'a')), try(parse_data_size('x')), try(from_base('9', 2));
SELECT try(url_decode('%zz')), try(strpos('a', 'a', 0)), try(chr(-1));
SELECT try(mod(7, 0)), try(round(9223372036854775807, -1)), try(bit_count(1, 1));
SELECT try(CAST('x' AS ipaddress)), try(CAST(X'61' AS uuid)), try(normal_cdf(0, 0, 1));
SELECT s, try(from_base64(s)), try(regexp_like('abc', s)) FROM (VALUES ('YQ=='), ('!'), ('('), (NULL)) t(s) ORDER BY s;
SELECT coalesce(try(from_base64(s)), X'00') FROM (VALUES ('YQ=='), ('!')) t(s) ORDER BY s;
SELECT try(length(from_base64('!')) + 1), try(upper(from_utf8(from_hex('g'))));
