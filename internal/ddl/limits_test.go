package ddl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLimits(t *testing.T) {
	l := newLake(t)
	l.must("CREATE DATABASE shop")
	long, most := strings.Repeat("a", 256), strings.Repeat("한", 255)
	l.must("CREATE EXTERNAL TABLE t (a int COMMENT '" + most + "', `" + most[:3*80] + "` int) LOCATION 's3://lake/t/'")
	for statement, at := range map[string]string{
		"CREATE EXTERNAL TABLE " + long + " (a int) LOCATION 's3://lake/t/'":                                  "tableInput.name",
		"CREATE EXTERNAL TABLE u (a int, " + long + " int) LOCATION 's3://lake/t/'":                           "tableInput.storageDescriptor.columns.2.member.name",
		"CREATE EXTERNAL TABLE u (a int COMMENT '" + long + "') LOCATION 's3://lake/t/'":                      "tableInput.storageDescriptor.columns.1.member.comment",
		"CREATE EXTERNAL TABLE u (a int) PARTITIONED BY (p int COMMENT '" + long + "') LOCATION 's3://lake/'": "tableInput.partitionKeys.1.member.comment",
		"ALTER TABLE t ADD COLUMNS (b int, " + long + " int)":                                                 "tableInput.storageDescriptor.columns.4.member.name",
	} {
		_, err := l.exec(statement)
		require.ErrorContains(t, err, "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. com.amazonaws.services.glue.model.ValidationException")
		require.ErrorContains(t, err, "at '"+at+"' failed to satisfy constraint: Member must have length less than or equal to 255")
	}
}
