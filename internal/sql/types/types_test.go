package types_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "github.com/scopsdb/scops/internal/sql/types"
)

func parse(t testing.TB, text string) Type {
	t.Helper()
	typ, err := Parse(text)
	require.NoError(t, err)
	return typ
}

func TestParse(t *testing.T) {
	same := []string{
		"boolean", "tinyint", "bigint", "real", "double", "decimal(10,2)", "varchar", "varchar(3)", "char(1)",
		"varbinary", "date", "time(3)", "time(6) with time zone", "timestamp(0)", "timestamp(3) with time zone",
		"interval day to second", "interval year to month", "json", "uuid", "ipaddress", "unknown",
		"array(row(a integer))", "map(varchar, array(double))", "row(integer, varchar)",
		`row("a b" integer, c timestamp(3) with time zone, d double)`, "row(double double, timestamp(3))",
	}
	for _, text := range same {
		require.Equal(t, text, parse(t, text).String())
	}
	for text, want := range map[string]string{
		"INT": "integer", "string": "varchar", "timestamp": "timestamp(3)", "decimal": "decimal(38,0)",
		"decimal(5)": "decimal(5,0)", "double precision": "double", "char": "char(1)", "array<int>": "array(integer)",
		"map<int,array<string>>": "map(integer, array(varchar))", "timestamp with time zone": "timestamp(3) with time zone",
		"timestamp without time zone": "timestamp(3)", "row(interval day to second)": "row(interval day to second)",
		"ROW(double precision)": "row(double)",
	} {
		require.Equal(t, want, parse(t, text).String(), text)
	}
	for _, text := range []string{
		"", "strin", "decimal(39,0)", "decimal(2,3)", "decimal(0)", "varchar(", "varchar(1,2)", "array", "array()", "array(int,int)",
		"map(int)", "row()", "timestamp(13)", "char(70000)", "interval", "int int", "varchar(-1)", "array(int",
	} {
		_, err := Parse(text)
		require.Error(t, err, text)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"array(row(a integer))", "map<int,string>", `row("a" int)`, "decimal(1,1)", "struct<a:int>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if typ, err := Parse(s); err == nil {
			again, err := Parse(typ.String())
			require.NoError(t, err, typ.String())
			require.Equal(t, typ.String(), again.String())
		}
		if typ, err := FromHive(s); err == nil {
			text, err := ToHive(typ)
			require.NoError(t, err)
			again, err := FromHive(text)
			require.NoError(t, err, text)
			require.Equal(t, typ.String(), again.String())
		}
	})
}

func TestHive(t *testing.T) {
	for hive, trino := range map[string]string{
		"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary", "timestamp": "timestamp(3)",
		"decimal": "decimal(10,0)", "decimal(12,3)": "decimal(12,3)", "char(3)": "char(3)", "VARCHAR(5)": "varchar(5)",
		"array<struct<a:int,B:string>>":    "array(row(a integer, b varchar))",
		"map<string,array<bigint>>":        "map(varchar, array(bigint))",
		"struct<a : decimal(3,1), b:date>": "row(a decimal(3,1), b date)",
	} {
		typ, err := FromHive(hive)
		require.NoError(t, err, hive)
		require.Equal(t, trino, typ.String())
	}
	for _, hive := range []string{"", "varchar", "array<int", "struct<int>", "map<int>", "json", "array(int)", "struct<>"} {
		_, err := FromHive(hive)
		require.Error(t, err, hive)
	}
	back, err := ToHive(parse(t, "array(row(a integer, b varchar))"))
	require.NoError(t, err)
	require.Equal(t, "array<struct<a:int,b:string>>", back)
	for _, text := range []string{"json", "row(integer)", "time(3)", "timestamp(3) with time zone"} {
		_, err := ToHive(parse(t, text))
		require.Error(t, err, text)
	}
}

func TestCoercion(t *testing.T) {
	cases := []struct {
		a, b, super string
		coerces     bool // a to b
	}{
		{"integer", "bigint", "bigint", true},
		{"bigint", "integer", "bigint", false},
		{"unknown", "date", "date", true},
		{"integer", "decimal(5,2)", "decimal(12,2)", false},
		{"integer", "decimal(12,2)", "decimal(12,2)", true},
		{"bigint", "decimal(38,20)", "decimal(38,20)", true},
		{"decimal(10,2)", "double", "double", true},
		{"decimal(10,2)", "real", "real", true},
		{"real", "decimal(10,2)", "real", false},
		{"bigint", "real", "real", true},
		{"real", "double", "double", true},
		{"varchar(3)", "varchar(5)", "varchar(5)", true},
		{"varchar", "varchar(5)", "varchar", false},
		{"varchar(3)", "char(5)", "char(5)", true},
		{"char(3)", "varchar(5)", "char(5)", false},
		{"date", "timestamp(3)", "timestamp(3)", true},
		{"timestamp(3)", "timestamp(6)", "timestamp(6)", true},
		{"timestamp(6)", "timestamp(3) with time zone", "timestamp(6) with time zone", false},
		{"array(integer)", "array(double)", "array(double)", true},
		{"row(a integer)", "row(b bigint)", "row(bigint)", true},
		{"map(integer, unknown)", "map(integer, varchar)", "map(integer, varchar)", true},
		{"integer", "varchar", "", false},
		{"varchar", "date", "", false},
		{"boolean", "integer", "", false},
		{"json", "varchar", "", false},
		{"array(integer)", "array(varchar)", "", false},
	}
	for _, c := range cases {
		a, b := parse(t, c.a), parse(t, c.b)
		super, ok := CommonSuperType(a, b)
		require.Equal(t, c.super != "", ok, "%s, %s", a, b)
		if ok {
			require.Equal(t, c.super, super.String(), "%s, %s", a, b)
			other, _ := CommonSuperType(b, a)
			require.Equal(t, super.String(), other.String(), "%s, %s are joined in both orders alike", a, b)
		}
		require.Equal(t, c.coerces, CanCoerce(a, b), "%s to %s", a, b)
	}
}

func TestZones(t *testing.T) {
	seoul := TimestampTZType(3)
	seoul.Zone = "Asia/Seoul"
	require.True(t, seoul.Equal(TimestampTZType(3)))
	same, _ := CommonSuperType(seoul, seoul)
	require.Equal(t, "Asia/Seoul", same.Zone)
	mixed, _ := CommonSuperType(seoul, TimestampTZType(3))
	require.Equal(t, MixedZone, mixed.Zone)
	require.Equal(t, ArrayOf(mixed), ArrayOf(mixed).WithZonesOf(ArrayOf(seoul)))
	require.Equal(t, ArrayOf(seoul), ArrayOf(TimestampTZType(3)).WithZonesOf(ArrayOf(seoul)))
	require.False(t, ArrayOf(seoul).SameZones(ArrayOf(mixed)))
}

func TestNormalZone(t *testing.T) {
	for name, want := range map[string]string{
		"UTC": "", "Z": "", "Etc/GMT": "", "-00:00": "", "GMT+9": "+09:00", "Etc/GMT-9": "+09:00", "+9": "+09:00", "-0330": "-03:30",
		"UTC+09:30": "+09:30", "Asia/Seoul": "Asia/Seoul", "+14:00": "+14:00", "PST8PDT": "PST8PDT",
	} {
		got, err := NormalZone(name)
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "utc", "asia/seoul", "EST", "+14:01", "+9:00", "GMT+15", "Local", "../etc/passwd", "+", "GMT+"} {
		_, err := NormalZone(name)
		require.Error(t, err, name)
	}
}

func TestZonedKeepsInstantAndZone(t *testing.T) {
	for _, zone := range []string{"", "+09:00", "-13:59", "Asia/Seoul", "America/New_York"} {
		n, err := ZoneNumber(zone)
		require.NoError(t, err)
		z := NewZoned(-1_234_567_890_123_456, n)
		require.Zero(t, z.Months*30+z.Days, "DuckDB must see the instant alone")
		name, _, err := ZoneOf(n)
		require.NoError(t, err)
		require.Equal(t, zone, name)
		require.Equal(t, z.Micros, z.Time().UnixMicro())
	}
	_, _, err := ZoneOf(1 << 20)
	require.Error(t, err)
	v := TimeTZValue{SinceMidnight: time.Hour, Offset: 9 * 3600}
	require.Equal(t, v, v.Zoned().TimeOfDay())
}

func TestColumnInfo(t *testing.T) {
	cases := map[string]ColumnInfo{
		"boolean": {"boolean", 0, 0, false}, "tinyint": {"tinyint", 3, 0, false}, "integer": {"integer", 10, 0, false},
		"bigint": {"bigint", 19, 0, false}, "real": {"float", 17, 0, false}, "double": {"double", 17, 0, false},
		"decimal(10,2)": {"decimal", 10, 2, false}, "varchar": {"varchar", 2147483647, 0, true}, "varchar(10)": {"varchar", 10, 0, true},
		"char(3)": {"char", 3, 0, true}, "timestamp(6)": {"timestamp", 3, 0, false}, "date": {"date", 0, 0, false},
		"timestamp(3) with time zone": {"timestamp with time zone", 3, 0, false}, "varbinary": {"varbinary", 1073741824, 0, false},
		"array(integer)": {"array", 0, 0, false}, "row(a integer)": {"row", 0, 0, false}, "json": {"json", 0, 0, false},
	}
	for text, want := range cases {
		require.Equal(t, want, parse(t, text).ColumnInfo(), text)
	}
}

func TestText(t *testing.T) {
	at := time.Date(2017, 1, 1, 2, 3, 4, 56_789_123, time.UTC)
	big38, _ := new(big.Int).SetString("-12345678901234567890123456789012345678", 10)
	seoul := TimestampTZType(0)
	seoul.Zone = "Asia/Seoul"
	cases := []struct {
		typ  Type
		v    any
		want string
	}{
		{BooleanType, true, "true"},
		{BigIntType, int64(math.MinInt64), "-9223372036854775808"},
		{DecimalType(10, 2), NewDecimal64(150), "1.50"},
		{DecimalType(10, 2), NewDecimal64(-5), "-0.05"},
		{DecimalType(2, 2), NewDecimal64(0), "0.00"},
		{DecimalType(10, 0), NewDecimal64(-7), "-7"},
		{DecimalType(38, 10), NewDecimal(big38), "-1234567890123456789012345678.9012345678"},
		{DecimalType(38, 0), NewDecimal(big38), "-12345678901234567890123456789012345678"},
		{VarcharUnbounded, "한 글", "한 글"},
		{VarbinaryType, []byte("123"), "31 32 33"},
		{VarbinaryType, []byte{}, ""},
		{DateType, time.Date(21, 1, 2, 0, 0, 0, 0, time.UTC), "0021-01-02"},
		{DateType, time.Date(12021, 1, 2, 0, 0, 0, 0, time.UTC), "+12021-01-02"},
		{TimestampType(0), at, "2017-01-01 02:03:04"},
		{TimestampType(3), at, "2017-01-01 02:03:04.056"},
		{TimestampType(6), at, "2017-01-01 02:03:04.056789"},
		{TimestampType(12), at, "2017-01-01 02:03:04.056789123000"},
		{TimestampTZType(3), at, "2017-01-01 02:03:04.056 UTC"},
		{seoul, at, "2017-01-01 11:03:04 Asia/Seoul"},
		{TimeType(3), 12*time.Hour + 34*time.Minute + 56789*time.Millisecond, "12:34:56.789"},
		{TimeTZType(3), TimeTZValue{12*time.Hour + 34*time.Minute + 56789*time.Millisecond, 9 * 3600}, "12:34:56.789+09:00"},
		{IntervalDaySecondType, 25 * time.Hour, "1 01:00:00.000"},
		{IntervalDaySecondType, -1500 * time.Millisecond, "-0 00:00:01.500"},
		{IntervalYearMonthType, int64(12), "1-0"},
		{IntervalYearMonthType, int64(-14), "-1-2"},
		{ArrayOf(VarcharUnbounded), []any{"x", nil, "y"}, "[x, null, y]"},
		{ArrayOf(BigIntType), []any{}, "[]"},
		{MapOf(BigIntType, BigIntType), MapValue{{int64(1), int64(2)}, {int64(3), nil}}, "{1=2, 3=null}"},
		{RowOf(Field{"a", BigIntType}, Field{"b", DoubleType}), []any{int64(1), nil}, "{a=1, b=null}"},
		{RowOf(Field{"", BigIntType}, Field{"", VarcharUnbounded}), []any{int64(1), "x"}, "{1, x}"},
	}
	for _, c := range cases {
		got, ok := Text(c.typ, c.v)
		require.True(t, ok)
		require.Equal(t, c.want, got, c.typ.String())
	}
	_, ok := Text(BigIntType, nil)
	require.False(t, ok)
}

// TestJavaDouble has answers of Double.toString and Float.toString of JDK 19
// and later, from its documentation and tests.
func TestJavaDouble(t *testing.T) {
	for want, f := range map[string]float64{
		"1.0": 1, "0.0": 0, "-0.0": math.Copysign(0, -1), "1.5": 1.5, "100.0": 100, "0.001": 0.001, "9.999E-4": 0.0009999,
		"1.0E-7": 1e-7, "9999999.0": 9999999, "1.0E7": 1e7, "1.0E20": 1e20, "1.0E23": 1e23, "2.0E23": 2e23,
		"4.9E-324": math.SmallestNonzeroFloat64, "1.7976931348623157E308": math.MaxFloat64, "1.23456789E8": 123456789,
		"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "2.2250738585072014E-308": 2.2250738585072014e-308,
		"3.141592653589793": math.Pi, "0.3333333333333333": 1.0 / 3, "-1234567.125": -1234567.125,
	} {
		require.Equal(t, want, string(AppendDouble(nil, f)))
	}
	for want, f := range map[string]float32{
		"1.1": 1.1, "1.0E10": 1e10, "1.4E-45": math.SmallestNonzeroFloat32, "3.4028235E38": math.MaxFloat32, "0.33333334": 1.0 / 3, "1.6777216E7": 16777216,
	} {
		require.Equal(t, want, string(AppendText(nil, RealType, f)))
	}
}

func TestPartitionValues(t *testing.T) {
	day := time.Date(2021, 2, 3, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		typ, text string
		want      any
	}{
		{"varchar", "강남구", "강남구"}, {"varchar", "", ""}, {"integer", "07", int64(7)}, {"bigint", "-5", int64(-5)},
		{"date", "2021-02-03", day}, {"timestamp(3)", "2021-02-03 00:00:00", day}, {"boolean", "TRUE", true},
		{"double", "1.5", 1.5}, {"real", "1.5", float32(1.5)}, {"decimal(5,2)", "1.5", NewDecimal64(150)},
		{"char(3)", "a", "a  "}, {"integer", HiveDefaultPartition, nil},
	} {
		got, err := ParsePartitionValue(parse(t, c.typ), c.text)
		require.NoError(t, err, c.typ)
		require.Equal(t, c.want, got, c.typ)
	}
	for _, c := range [][2]string{
		{"integer", "x"}, {"integer", "3000000000"}, {"tinyint", "128"}, {"date", "2021-02-30"}, {"boolean", "1"},
		{"decimal(5,2)", "1.555"}, {"decimal(3,2)", "12.5"}, {"decimal(5,2)", "1_0"}, {"array(integer)", "[1]"}, {"char(1)", "ab"}, {"integer", ""},
	} {
		_, err := ParsePartitionValue(parse(t, c[0]), c[1])
		require.Error(t, err, "%v", c)
	}
}

func TestDuckDBType(t *testing.T) {
	for text, want := range map[string]string{
		"varchar(3)": "VARCHAR", "char(3)": "VARCHAR", "json": "VARCHAR", "timestamp(6)": "TIMESTAMP",
		"timestamp(3) with time zone": "TIMESTAMPTZ", "interval day to second": "BIGINT", "real": "FLOAT",
		"row(a integer, varchar)": `STRUCT("a" INTEGER, "_1" VARCHAR)`, "map(integer, array(date))": "MAP(INTEGER, DATE[])",
	} {
		got, err := DuckDBType(parse(t, text))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"timestamp(9)", "array(timestamp(9))", "time(9) with time zone", "row(a time(9))"} {
		_, err := DuckDBType(parse(t, text))
		require.ErrorIs(t, err, ErrNotCarried, text)
	}
}

func TestLoadZone(t *testing.T) {
	for _, name := range []string{"", "UTC", "Asia/Seoul", "+09:00", "-03:30", "+14:00"} {
		_, err := LoadZone(name)
		require.NoError(t, err, name)
	}
	for _, name := range []string{"Local", "Mars/One", "+9:00", "+15:00", "+09:60", "../etc/passwd"} {
		_, err := LoadZone(name)
		require.Error(t, err, name)
	}
}

func BenchmarkAppendText(b *testing.B) {
	var dst []byte
	at := time.Date(2017, 1, 1, 2, 3, 4, 56_789_123, time.UTC)
	for _, c := range []struct {
		name string
		typ  Type
		v    any
	}{
		{"bigint", BigIntType, int64(123456)}, {"varchar", VarcharUnbounded, "강남구"}, {"double", DoubleType, 1234.5},
		{"timestamp", TimestampType(3), at}, {"decimal", DecimalType(10, 2), NewDecimal64(12345)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				dst = AppendText(dst[:0], c.typ, c.v)
			}
		})
	}
}
