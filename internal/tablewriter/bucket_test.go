package tablewriter

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/types"
)

// The hashes are facts of Hive's ObjectInspectorUtils and of Trino, which its
// TestHiveBucketing lists.
func TestHiveHash(t *testing.T) {
	date := func(text string) time.Time {
		v, err := time.Parse(time.DateOnly, text)
		require.NoError(t, err)
		return v
	}
	smalls := []any{int64(5), int64(8), int64(13)}
	smallList := types.ArrayOf(types.SmallIntType)
	counts := types.MapOf(types.VarcharUnbounded, types.BigIntType)
	for _, c := range []struct {
		typ   types.Type
		value any
		want  int32
	}{
		{types.BooleanType, nil, 0}, {types.BooleanType, true, 1}, {types.BooleanType, false, 0},
		{types.TinyIntType, int64(5), 5}, {types.TinyIntType, int64(math.MinInt8), -128},
		{types.SmallIntType, int64(300), 300}, {types.SmallIntType, int64(math.MaxInt16), 32767},
		{types.IntegerType, int64(300_000), 300_000}, {types.IntegerType, int64(math.MinInt32), math.MinInt32},
		{types.BigIntType, int64(300_000_000_000), -647710651}, {types.BigIntType, int64(math.MinInt64), math.MinInt32}, {types.BigIntType, int64(math.MaxInt64), math.MinInt32},
		{types.RealType, float32(12.34), 1095069860}, {types.RealType, float32(-math.MaxFloat32), -8388609}, {types.RealType, float32(math.NaN()), 2143289344},
		{types.RealType, float32(math.Inf(1)), 2139095040}, {types.RealType, float32(math.Inf(-1)), -8388608},
		{types.DoubleType, math.NaN(), 2146959360},
		{types.VarcharType(15), "", 1}, {types.VarcharType(15), "test string", -189841218}, {types.VarcharType(15), "\u5f3a\u5927\u7684Trino\u5f15\u64ce", 1899852420},
		{types.VarcharUnbounded, "", 0}, {types.VarcharUnbounded, "test string", -318923937}, {types.VarcharUnbounded, "\u5f3a\u5927\u7684Trino\u5f15\u64ce", 1688501507},
		{types.VarcharUnbounded, "\U00020ffc\U00020ffd\U00020ffe\U00020fff", -1810797254},
		{types.DateType, date("1970-01-01"), 0}, {types.DateType, date("2015-11-19"), 16758}, {types.DateType, date("1950-11-19"), -6983},
		{types.ArrayOf(types.BooleanType), []any{}, 0}, {smallList, smalls, 5066},
		{types.ArrayOf(types.VarcharUnbounded), []any{"test1", "test2", "test3", "test4"}, 957612994},
		{types.ArrayOf(types.ArrayOf(types.BigIntType)), []any{[]any{int64(10), int64(20)}, []any{int64(-10), int64(-20)}, []any{nil}}, 326368},
		{counts, types.MapValue{{Key: "key", Value: int64(123)}, {Key: "key2", Value: int64(123456789)}, {Key: "key3", Value: int64(-123456)}}, 127880789},
		{types.MapOf(types.ArrayOf(types.DoubleType), types.MapOf(types.IntegerType, types.VarcharUnbounded)),
			types.MapValue{{Key: []any{12.3, 45.7}, Value: types.MapValue{{Key: int64(123), Value: "test99"}}}}, -34001111},
	} {
		require.Equal(t, c.want, hiveHash(c.typ, c.value), "%s %v", c.typ, c.value)
		require.True(t, bucketable(c.typ), "%s", c.typ)
	}
	key := types.MapValue{{Key: "key", Value: int64(123)}}
	for _, count := range []int32{1, 2, 500, 997} {
		b := bucketing{columns: []int{0, 1, 3}, types: []types.Type{types.RealType, smallList, counts}, count: count}
		require.EqualValues(t, 95411006%count, b.bucket([]any{float32(12.34), smalls, "other", key}))
		b = bucketing{columns: []int{0}, types: []types.Type{types.IntegerType}, count: count}
		require.EqualValues(t, int32(math.MaxInt32-6)%count, b.bucket([]any{int64(-7)}), "the sign bit does not count")
	}
	for _, no := range []types.Type{types.TimestampType(3), types.DecimalType(5, 2), types.CharType(3), types.VarbinaryType, types.RowOf(types.Field{Name: "a", Type: types.IntegerType}), types.ArrayOf(types.CharType(3))} {
		require.False(t, bucketable(no), "%s", no)
	}
}

func TestPartitionText(t *testing.T) {
	at := time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, c := range []struct {
		typ   types.Type
		value any
		want  string
	}{
		{types.VarcharUnbounded, "a/b=c d", "a/b=c d"}, {types.VarcharUnbounded, "", "__HIVE_DEFAULT_PARTITION__"}, {types.BigIntType, nil, "__HIVE_DEFAULT_PARTITION__"},
		{types.CharType(4), "ab  ", "ab"}, {types.IntegerType, int64(-7), "-7"}, {types.BooleanType, true, "true"},
		{types.DateType, at, "2021-02-03"}, {types.TimestampType(3), at, "2021-02-03 04:05:06.000"}, {types.DecimalType(5, 2), types.NewDecimal64(-150), "-1.50"},
		{types.DoubleType, 1.5, "1.5"},
	} {
		got, err := partitionText(c.typ, c.value)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
		back, err := types.ParsePartitionValue(c.typ, got)
		require.NoError(t, err)
		if c.value != nil && c.value != "" && c.typ.Kind != types.Date {
			require.Equal(t, c.value, back)
		}
	}
	for _, bad := range []string{"ü", "a\nb", "__HIVE_DEFAULT_PARTITION__", "\x7f"} {
		_, err := partitionText(types.VarcharUnbounded, bad)
		require.ErrorContains(t, err, "HIVE_INVALID_PARTITION_VALUE", bad)
	}
}
