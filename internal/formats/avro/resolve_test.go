package avro

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/avro"
	"github.com/twmb/avro/ocf"

	"github.com/scopsdb/scops/internal/formats/formatstest"
)

// fileOf makes a file of one record with a field x.
func fileOf(t *testing.T, typ string, value any) []byte {
	t.Helper()
	s, err := avro.Parse(`{"type":"record","name":"r","fields":[{"name":"x","type":` + typ + `}]}`)
	require.NoError(t, err)
	var out bytes.Buffer
	w, err := ocf.NewWriter(&out, s)
	require.NoError(t, err)
	require.NoError(t, w.Encode(map[string]any{"x": value}))
	require.NoError(t, w.Close())
	return out.Bytes()
}

// What a value of a file becomes in a column, by the columns of the table or by
// the schema that it declares.
func TestSchemaResolution(t *testing.T) {
	cases := []struct {
		write    string
		value    any
		column   string
		declared string // of the fields; "" for none
		want     any
		err      string
	}{
		{`"int"`, 7, "x bigint", "", "7", ""},
		{`"int"`, 7, "x double", "", 7.0, ""},
		{`"int"`, 7, "x float", "", "7", ""},
		{`"int"`, 300, "x smallint", "", "300", ""},
		{`"int"`, 300, "x tinyint", "", nil, "column x: 300 is out of range for tinyint"},
		{`"long"`, int64(7), "x int", "", nil, "Found long, expecting int"},
		{`"double"`, 1.5, "x float", "", nil, "Found double, expecting float"},
		{`"string"`, "a", "x int", "", nil, "Found string, expecting int"},
		{`"string"`, "a", "x binary", "", "61", ""},
		{`"bytes"`, []byte("é"), "x string", "", "é", ""},
		{`"bytes"`, []byte{0xff}, "x string", "", nil, "A string is not UTF-8"},
		{`"string"`, "abc ", "x char(2)", "", "ab", ""},
		{`"string"`, "héllo", "x varchar(2)", "", "hé", ""},
		{`{"type":"long","logicalType":"timestamp-micros"}`, int64(1_500), "x timestamp", "", "1970-01-01 00:00:00.002", ""},
		{`{"type":"long","logicalType":"timestamp-micros"}`, int64(-1_501), "x timestamp", "", "1969-12-31 23:59:59.998", ""},
		{`"long"`, int64(1500), "x timestamp", "", "1970-01-01 00:00:01.500", ""},
		{`["null","string",{"type":"array","items":"int"}]`, []int{1}, "x string", "", nil, "Found array, expecting string"},
		{`["null","string",{"type":"array","items":"int"}]`, "text", "x string", "", "text", ""},
		{`"null"`, nil, "x string", "", nil, ""},
		{`{"type":"map","values":"int"}`, map[string]int{"a": 1}, "x map<int,int>", "", nil, "Key of Map must be a String"},
		{`{"type":"map","values":"int"}`, map[string]int{"a": 1}, "x array<int>", "", nil, "Found map, expecting array"},
		{`{"type":"enum","name":"e","symbols":["A","B"]}`, "B", "x string", `{"name":"x","type":{"type":"enum","name":"e","symbols":["A"],"default":"A"}}`, "A", ""},
		{`{"type":"enum","name":"e","symbols":["A","B"]}`, "B", "x string", `{"name":"x","type":{"type":"enum","name":"e","symbols":["A"]}}`, nil, "No match for B in enum e"},
		{`"int"`, 7, "y int", `{"name":"y","type":"int","default":42}`, "42", ""},
		{`"int"`, 7, "y int", `{"name":"y","type":"int"}`, nil, "without field y, which has no default"},
		{`"int"`, 7, "y int", `{"name":"y","type":"int","aliases":["x"]}`, "7", ""},
		{`"int"`, 7, "y array<string>", `{"name":"y","type":{"type":"array","items":"string"},"default":["a","b"]}`, []any{"a", "b"}, ""},
		{`"int"`, 7, "y struct<a:int,b:string>", `{"name":"y","type":{"type":"record","name":"s","fields":[{"name":"a","type":"int"},{"name":"b","type":"string"}]},"default":{"a":1,"b":"x"}}`,
			map[string]any{"a": "1", "b": "x"}, ""},
		{`"int"`, 7, "y int", `{"name":"X","type":"int"}`, nil, "Unable to find column y in table Avro schema table"},
		{`"int"`, 7, "x int", `{"name":"x","type":"string"}`, nil, "Found int, expecting string"},
		{`"int"`, 7, "x bigint", `{"name":"x","type":["null","long"]}`, "7", ""},
		{`"int"`, 7, "x bigint", `{"name":"x","type":["null","long","string"]}`, nil, "unions of several types are not supported"},
		{`{"type":"bytes","logicalType":"decimal","precision":4,"scale":1}`, []byte{0xff}, "x decimal(5,2)", "", "-0.10", ""},
		{`{"type":"bytes","logicalType":"decimal","precision":4,"scale":3}`, []byte{1}, "x decimal(5,2)", "", nil, "a decimal has more than 2 digits"},
	}
	for _, c := range cases {
		t.Run(c.write+" as "+c.column+" "+c.declared, func(t *testing.T) {
			var declared *Schema
			var err error
			if c.declared != "" {
				declared, err = ParseSchema(`{"type":"record","name":"table","fields":[` + c.declared + `]}`)
				require.NoError(t, err)
			}
			// Logical types are written as what they lie in.
			plain := bytes.NewBuffer(fileOf(t, c.write, c.value))
			columns := formatstest.Columns(t, c.column)
			rows, err := readAll(plain.Bytes(), columns, declared, 1<<30)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.Equal(t, c.want, formatstest.Plain(rows[0][0]))
		})
	}
}

// A column that a field is like but for case is refused: it would be NULL.
func TestFieldInOtherCase(t *testing.T) {
	b := fileOf(t, `{"type":"record","name":"s","fields":[{"name":"userId","type":"int"}]}`, map[string]any{"userId": 1})
	_, err := readAll(b, formatstest.Columns(t, "x struct<userid:int>"), nil, 1<<30)
	require.ErrorContains(t, err, "field userId of the file differs from column userid by case alone")
}
