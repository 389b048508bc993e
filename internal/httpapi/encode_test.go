package httpapi

import (
	"bufio"
	"bytes"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/stretchr/testify/require"
)

// sample is a row with a value of every kind of type.
func sample(t *testing.T) ([]analyzer.Column, []any) {
	t.Helper()
	var columns []analyzer.Column
	var row []any
	day := time.Date(2021, 3, 4, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		typeName string
		value    any
	}{
		{"boolean", true}, {"tinyint", int64(-1)}, {"smallint", int64(2)}, {"integer", int64(3)}, {"bigint", int64(math.MaxInt64)},
		{"real", float32(1.5)}, {"double", 1e20}, {"double", math.NaN()},
		{"decimal(10,2)", types.NewDecimal(big.NewInt(-1234))}, {"varchar", `강남구 "x"`}, {"varbinary", []byte{0, 255}},
		{"date", day}, {"timestamp(3)", day.Add(time.Millisecond)}, {"timestamp(3) with time zone", day},
		{"array(integer)", []any{int64(1), nil}},
		{"map(varchar,integer)", types.MapValue{{Key: "k", Value: int64(1)}}},
		{"row(a integer, b varchar)", []any{int64(1), nil}},
		{"json", `{"a":1}`}, {"integer", nil},
	} {
		typ, err := types.Parse(c.typeName)
		require.NoError(t, err)
		columns = append(columns, analyzer.Column{Name: "c", Type: typ})
		row = append(row, c.value)
	}
	return columns, row
}

func encode(t *testing.T, e encoder, columns []analyzer.Column, rows ...[]any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	require.NoError(t, e.begin(w, columns))
	for _, r := range rows {
		require.NoError(t, e.row(w, r))
	}
	require.NoError(t, e.end(w, Statistics{Rows: int64(len(rows))}))
	require.NoError(t, w.Flush())
	return b.Bytes()
}

func TestNDJSON(t *testing.T) {
	columns, row := sample(t)
	lines := bytes.Split(bytes.TrimSpace(encode(t, &ndjson{}, columns, row)), []byte("\n"))
	require.Len(t, lines, 3)
	require.Contains(t, string(lines[0]), `{"columns":[{"name":"c","type":"boolean"}`)
	require.JSONEq(t, `{"row":[true,-1,2,3,9223372036854775807,1.5,1e20,"NaN","-12.34","강남구 \"x\"","AP8=",
		"2021-03-04","2021-03-04 00:00:00.001","2021-03-04 00:00:00.000 UTC",[1,null],{"k":1},{"a":1,"b":null},"{\"a\":1}",null]}`, string(lines[1]))
	require.Contains(t, string(lines[2]), `"rows":1`)
}

func TestCSVTellsNullFromEmpty(t *testing.T) {
	columns := []analyzer.Column{{Name: "a", Type: types.VarcharType(types.UnboundedLength)}, {Name: "b,c", Type: types.VarcharType(types.UnboundedLength)}}
	text := encode(t, &csvRows{}, columns, []any{nil, ""}, []any{"x\ny", `q"`})
	require.Equal(t, "a,\"b,c\"\n,\"\"\n\"x\ny\",\"q\"\"\"\n", string(text))
}

func TestArrow(t *testing.T) {
	columns, row := sample(t)
	r, err := ipc.NewReader(bytes.NewReader(encode(t, &arrowRows{}, columns, row, row)))
	require.NoError(t, err)
	require.Equal(t, len(columns), r.Schema().NumFields())
	require.Equal(t, "decimal(10, 2)", r.Schema().Field(8).Type.String())
	var rows int64
	for r.Next() {
		rows += r.RecordBatch().NumRows()
		require.Equal(t, "-12.34", r.RecordBatch().Column(8).ValueStr(0))
		require.Equal(t, `강남구 "x"`, r.RecordBatch().Column(9).ValueStr(0))
	}
	require.NoError(t, r.Err())
	require.Equal(t, int64(2), rows)
}

func TestEncoderFor(t *testing.T) {
	for accept, want := range map[string]string{
		"": "application/x-ndjson", "*/*": "application/x-ndjson", "text/csv": "text/csv",
		"application/vnd.apache.arrow.stream": "application/vnd.apache.arrow.stream",
		"text/html, text/csv;q=0.5":           "text/csv", "application/json": "application/x-ndjson",
	} {
		make, ok := encoderFor(accept)
		require.True(t, ok, accept)
		require.Equal(t, want, make().contentType(), accept)
	}
	_, ok := encoderFor("image/png")
	require.False(t, ok)
}

func TestCost(t *testing.T) {
	p := DefaultPricing
	require.Zero(t, p.Cost(0))
	require.InDelta(t, 0.00005, p.Cost(1), 1e-12, "10 MB at least")
	require.InDelta(t, 0.00005, p.Cost(10_000_000), 1e-12)
	require.InDelta(t, 0.000055, p.Cost(10_000_001), 1e-12, "rounds up to the MB")
	require.InDelta(t, 5, p.Cost(1e12), 1e-9)
}

func TestSplitReason(t *testing.T) {
	require.Equal(t, Error{Code: "COLUMN_NOT_FOUND", Message: "line 1:8: no"}, splitReason("COLUMN_NOT_FOUND: line 1:8: no"))
	require.Equal(t, Error{Code: "QUERY_FAILED", Message: "Query cancelled by user"}, splitReason("Query cancelled by user"))
}
