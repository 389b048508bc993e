package hive

import "strings"

// reserved are the words that Athena's DDL takes as names only between backticks.
// https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html
var reserved = func() map[string]bool {
	all := make(map[string]bool)
	for _, w := range strings.Fields(reservedWords) {
		all[w] = true
	}
	return all
}()

// IsPlainName tells whether a name needs no backticks: letters, digits and
// underscores, not beginning with one, and no reserved word.
func IsPlainName(name string) bool {
	kind, n := tokenUnknown, 0
	if name != "" && name[0] != '_' {
		kind, n = measure(name)
	}
	return kind == tokenWord && n == len(name) && !reserved[strings.ToUpper(name)]
}

const reservedWords = `
	ALL ALTER AND ARRAY AS AUTHORIZATION BETWEEN BIGINT BINARY BOOLEAN BOTH BY CASE CASHE CAST CHAR
	COLUMN CONF CONSTRAINT COMMIT CREATE CROSS CUBE CURRENT CURRENT_DATE CURRENT_TIMESTAMP CURSOR
	DATABASE DATE DAYOFWEEK DECIMAL DELETE DESCRIBE DISTINCT DOUBLE DROP ELSE END EXCHANGE EXISTS
	EXTENDED EXTERNAL EXTRACT FALSE FETCH FLOAT FLOOR FOLLOWING FOR FOREIGN FROM FULL FUNCTION GRANT
	GROUP GROUPING HAVING IF IMPORT IN INNER INSERT INT INTEGER INTERSECT INTERVAL INTO IS JOIN LATERAL
	LEFT LESS LIKE LOCAL MACRO MAP MORE NONE NOT NULL NUMERIC OF ON ONLY OR ORDER OUT OUTER OVER
	PARTIALSCAN PARTITION PERCENT PRECEDING PRECISION PRESERVE PRIMARY PROCEDURE RANGE READS REDUCE
	REFERENCES REGEXP REVOKE RIGHT RLIKE ROLLBACK ROLLUP ROW ROWS SELECT SET SMALLINT START TABLE
	TABLESAMPLE THEN TIME TIMESTAMP TO TRANSFORM TRIGGER TRUE TRUNCATE UNBOUNDED UNION UNIQUEJOIN
	UPDATE USER USING UTC_TIMESTAMP UTC_TMESTAMP VALUES VARCHAR VIEWS WHEN WHERE WINDOW WITH
`
