package hive_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/internal/treedump"
)

// TestFiles runs testdata: `parse` prints the statement's tree, or the error.
// Use -rewrite to write the outputs.
func TestFiles(t *testing.T) {
	datadriven.Walk(t, "testdata/ddl", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			require.Equal(t, "parse", d.Cmd)
			statement, err := hive.Parse(d.Input)
			if err != nil {
				var e *ast.Error
				require.ErrorAs(t, err, &e)
				require.Nil(t, statement)
				return fmt.Sprintf("%s: %v", e.Name, e)
			}
			_, err = hive.Parse(d.Input + " ; -- the end\n")
			require.NoError(t, err)
			return treedump.Tree(statement, false)
		})
	})
}

func TestPlaces(t *testing.T) {
	statement, err := hive.Parse("/* 한글 */ ALTER TABLE db.t\n  ADD PARTITION (y = '1', m = 2)\n  PARTITION (y = '2', m = 3)")
	require.NoError(t, err)
	add := statement.(*hive.AddPartitions)
	require.Equal(t, ast.Position{Line: 1, Column: 10}, add.Pos())
	require.Equal(t, ast.Position{Line: 1, Column: 22}, add.Table.Pos())
	require.Equal(t, ast.Position{Line: 2, Column: 7}, add.Partitions[0].Pos())
	require.Equal(t, ast.Position{Line: 2, Column: 27}, add.Partitions[0].Values[1].Pos())
	require.Equal(t, ast.Position{Line: 3, Column: 3}, add.Partitions[1].Pos())
}

// TestStringEscapes is the table of Hive's escapes.
func TestStringEscapes(t *testing.T) {
	for literal, want := range map[string]string{
		`'a'`:                "a",
		`"a"`:                "a",
		`'it\'s'`:            "it's",
		`"say \"hi\""`:       `say "hi"`,
		`'"'`:                `"`,
		`'a''b'`:             "ab",
		`'a'"b"`:             "ab",
		`'\t\n\r\b\0\Z\\'`:   "\t\n\r\b\x00\x1a\\",
		`'\001'`:             "\x01",
		`'\174'`:             "|",
		`'\999'`:             "999",
		`'\200'`:             "200",
		`'\u0001'`:           "\x01",
		`'\uD55C'`:           "한",
		`'\u12'`:             "u12",
		`'\%\_'`:             `\%\_`,
		`'\q'`:               "q",
		`'^\\d+ \\[(.*)\\]'`: `^\d+ \[(.*)\]`,
		`''`:                 "",
		"'new\nline'":        "new\nline",
		`'한글'`:               "한글",
	} {
		statement, err := hive.Parse("CREATE DATABASE d COMMENT " + literal)
		require.NoError(t, err, literal)
		require.Equal(t, want, statement.(*hive.CreateDatabase).Comment, literal)
	}
}

// TestTypes is the table of types and their normal forms.
func TestTypes(t *testing.T) {
	for text, want := range map[string]string{
		"STRING":                               "string|varchar",
		"Int":                                  "int|integer",
		"INTEGER":                              "int|integer",
		"tinyint":                              "tinyint|tinyint",
		"float":                                "float|real",
		"DOUBLE PRECISION":                     "double|double",
		"decimal":                              "decimal(10,0)|decimal(10,0)",
		"decimal(12)":                          "decimal(12,0)|decimal(12,0)",
		"DECIMAL( 12 , 3 )":                    "decimal(12,3)|decimal(12,3)",
		"varchar(10)":                          "varchar(10)|varchar(10)",
		"char(3)":                              "char(3)|char(3)",
		"date":                                 "date|date",
		"timestamp":                            "timestamp|timestamp(3)",
		"binary":                               "binary|varbinary",
		"boolean":                              "boolean|boolean",
		"ARRAY < int >":                        "array<int>|array(integer)",
		"map<string,array<bigint>>":            "map<string,array<bigint>>|map(varchar, array(bigint))",
		"struct<a:int,B : string COMMENT 'x'>": "struct<a:int,b:string>|row(a integer, b varchar)",
		"struct<`user`:string,`a-b`:int>":      "struct<user:string,a-b:int>|row(user varchar, \"a-b\" integer)",
		"array<struct<a:map<string,struct<x:int>>>>": "array<struct<a:map<string,struct<x:int>>>>|array(row(a map(varchar, row(x integer))))",
	} {
		statement, err := hive.Parse("CREATE EXTERNAL TABLE t (c " + text + ")")
		require.NoError(t, err, text)
		c := statement.(*hive.CreateTable).Columns[0]
		require.Equal(t, want, c.Type+"|"+c.Parsed.String(), text)
	}
}

func TestBounds(t *testing.T) {
	_, err := hive.Parse("CREATE EXTERNAL TABLE t (a " + strings.Repeat("array<", 10000))
	require.ErrorContains(t, err, "nested deeper than 64 levels")
	_, err = hive.Parse("CREATE DATABASE d COMMENT '" + strings.Repeat("한", hive.MaxLength) + "'")
	require.ErrorContains(t, err, "longer than 262144 characters")
	_, err = hive.Parse("CREATE DATABASE d COMMENT '\xff'")
	require.ErrorContains(t, err, "not valid UTF-8")
}
