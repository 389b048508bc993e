package athena

import (
	"bufio"
	"bytes"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/stretchr/testify/require"
)

// TestReadBack writes values as a result object has them and reads them back.
func TestReadBack(t *testing.T) {
	large, _ := new(big.Int).SetString("-12345678901234567890123456789012345678", 10)
	for _, c := range []struct {
		typ    types.Type
		values []any
	}{
		{types.VarcharUnbounded, []any{nil, "", "a", "\"", "a,\nb\r\n\"\"", "소쩍새", "__HIVE_DEFAULT_PARTITION__", "null"}},
		{types.BooleanType, []any{nil, true, false}},
		{types.TinyIntType, []any{int64(-128), int64(127)}},
		{types.BigIntType, []any{int64(math.MinInt64), int64(math.MaxInt64), int64(0)}},
		{types.DoubleType, []any{0.0, math.Copysign(0, -1), 1.5, -1e300, 5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), 1e10, 0.1}},
		{types.RealType, []any{float32(0.1), float32(math.MaxFloat32), float32(math.SmallestNonzeroFloat32), float32(math.Inf(1))}},
		{types.DecimalType(5, 2), []any{types.NewDecimal(big.NewInt(-5)), types.NewDecimal(big.NewInt(12345)), types.NewDecimal(big.NewInt(0))}},
		{types.DecimalType(38, 0), []any{types.NewDecimal(large)}},
		{types.DateType, []any{time.Date(2021, 2, 3, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}},
	} {
		columns := []analyzer.Column{{Name: "x", Type: c.typ}}
		require.True(t, readableBack(columns))
		for _, v := range c.values {
			text := (&csvText{columns: columns}).row([]any{v})
			reader := &rowReader{in: bufio.NewReader(bytes.NewReader(text))}
			row, err := reader.next()
			require.NoError(t, err)
			if row.Data[0].VarCharValue == nil {
				require.Nil(t, v)
				continue
			}
			back, err := readers[c.typ.Kind](c.typ, *row.Data[0].VarCharValue)
			require.NoError(t, err)
			require.Equal(t, v, back, "%s", text)
		}
	}
	require.False(t, readableBack([]analyzer.Column{{Type: types.ArrayOf(types.BigIntType)}}))
}
