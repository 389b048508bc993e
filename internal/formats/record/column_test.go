package record

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewColumn(t *testing.T) {
	for text, want := range map[string]string{
		"INTEGER": "int", "bigint": "bigint", "decimal": "decimal(10,0)", "decimal(5,2)": "decimal(5,2)",
		"varchar(10)": "varchar(10)", "char(255)": "char(255)", "array<int>": "array<int>",
		"map<string, array<decimal(10,2)>>":     "map<string,array<decimal(10,2)>>",
		"struct<a:int, B:struct<c:varchar(3)>>": "struct<a:int,b:struct<c:varchar(3)>>",
	} {
		got, err := NewColumn("Total", text)
		require.NoError(t, err, text)
		require.Equal(t, "total", got.Name)
		require.Equal(t, want, got.Type.String())
	}
	for text, want := range map[string]string{
		"blob":                `column c: Hive type "blob": unknown type "blob"`,
		"decimal(39,0)":       "out of range",
		"map<array<int>,int>": "column c: a map key cannot be array<int>",
		"map<binary,int>":     "a map key cannot be binary",
		"struct<a:int,A:int>": `column c: field "a" is there twice`,
	} {
		_, err := NewColumn("c", text)
		require.ErrorContains(t, err, want, text)
	}
}
