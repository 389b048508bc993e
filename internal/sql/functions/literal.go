package functions

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Null is NULL of a type.
func Null(t types.Type) string {
	name, err := types.DuckDBType(t)
	if err != nil {
		return "NULL"
	}
	return "CAST(NULL AS " + name + ")"
}

// Literal writes a constant, in the Go form that package types gives its type,
// as DuckDB SQL of types.DuckDBType.
func Literal(t types.Type, v any) (string, error) {
	name, err := types.DuckDBType(t)
	if err != nil {
		return "", refuse(notSupported, "Type %s is not supported", t)
	}
	if v == nil {
		return Null(t), nil
	}
	if t.Kind == types.Map {
		return mapLiteral(t, name, v)
	}
	text, ok := scalarLiteral(t, name, v)
	if !ok {
		return "", refuse(notSupported, "Literal of type %s is not supported", t)
	}
	return text, nil
}

// mapLiteral writes a map by its keys and values.
func mapLiteral(t types.Type, name string, v any) (string, error) {
	entries, _ := v.(types.MapValue)
	keys, values := make([]string, len(entries)), make([]string, len(entries))
	for i, e := range entries {
		var err error
		if keys[i], err = Literal(t.Key(), e.Key); err != nil {
			return "", err
		}
		if values[i], err = Literal(t.Value(), e.Value); err != nil {
			return "", err
		}
	}
	return "CAST(MAP([" + strings.Join(keys, ", ") + "], [" + strings.Join(values, ", ") + "]) AS " + name + ")", nil
}

func scalarLiteral(t types.Type, name string, v any) (string, bool) {
	switch t.Kind {
	case types.Boolean:
		return strconv.FormatBool(v.(bool)), true
	case types.TinyInt, types.SmallInt, types.Integer, types.BigInt:
		return castText(strconv.FormatInt(v.(int64), 10), name), true
	case types.Double:
		return floatLiteral(v.(float64), name, 64), true
	case types.Real:
		return floatLiteral(float64(v.(float32)), name, 32), true
	case types.Varchar, types.Char, types.JSON:
		return quote(v.(string)), true
	case types.UUID:
		return castText(quote(v.(string)), name), true
	case types.IPAddress:
		b, ok := types.ParseIPAddress(v.(string))
		return "unhex('" + hex.EncodeToString(b) + "')", ok
	case types.Varbinary:
		return "unhex('" + hex.EncodeToString(v.([]byte)) + "')", true
	case types.Decimal, types.Time:
		text, _ := types.Text(t, v)
		return castText(quote(text), name), true
	case types.Date:
		return duckDBDate(v.(time.Time)), true
	case types.Timestamp:
		return duckDBTimestamp(v.(time.Time)), true
	case types.TimestampTZ:
		return "timezone('UTC', " + duckDBTimestamp(v.(time.Time).UTC()) + ")", true
	case types.TimeTZ:
		z := v.(types.TimeTZValue).Zoned()
		return fresh(fmt.Sprintf("scops_carried(%d, %d)", z.Micros, z.Zone()), ""), true
	case types.IntervalDaySecond:
		if long, ok := v.(types.LongInterval); ok {
			return castText(strconv.FormatInt(int64(long), 10), name), true
		}
		return castText(strconv.FormatInt(v.(time.Duration).Milliseconds(), 10), name), true
	case types.IntervalYearMonth:
		return castText(strconv.FormatInt(v.(int64), 10), name), true
	}
	return "", false
}

func castText(text, name string) string { return "CAST(" + text + " AS " + name + ")" }

func floatLiteral(f float64, name string, bits int) string {
	switch {
	case math.IsNaN(f):
		return castText("'nan'", name)
	case math.IsInf(f, 1):
		return castText("'inf'", name)
	case math.IsInf(f, -1):
		return castText("'-inf'", name)
	}
	return castText("'"+strconv.FormatFloat(f, 'g', -1, bits)+"'", name)
}

// Array writes ARRAY[…] of elements that are coerced to the element type.
func Array(t types.Type, elements []string) string {
	if len(elements) == 0 {
		return "CAST([] AS " + duckType(t) + ")"
	}
	return "[" + strings.Join(elements, ", ") + "]"
}

// Row writes a row of values that are coerced to its fields' types.
func Row(t types.Type, values []string) string {
	fields := make([]string, len(values))
	for i, v := range values {
		fields[i] = types.DuckDBFieldName(t, i) + " := " + v
	}
	return "struct_pack(" + strings.Join(fields, ", ") + ")"
}

// Dereference writes field i of a row.
func Dereference(row types.Type, i int, sql string) string {
	return fmt.Sprintf("struct_extract(%s, %s)", sql, quoteField(row, i))
}

// duckDBDate is a date as DuckDB reads it: years before 1 have the mark (BC).
func duckDBDate(t time.Time) string {
	if y := t.Year(); y < 1 || y > 9999 {
		return fmt.Sprintf("CAST(DATE '1970-01-01' + CAST(%d AS INTEGER) AS DATE)", t.Unix()/86400)
	}
	return castText(quote(t.Format(time.DateOnly)), "DATE")
}

func duckDBTimestamp(t time.Time) string {
	if y := t.Year(); y < 1 || y > 9999 {
		return fmt.Sprintf("make_timestamp(%d)", t.UnixMicro())
	}
	text, _ := types.Text(types.TimestampType(types.DuckDBPrecision), t)
	return castText(quote(text), "TIMESTAMP")
}
