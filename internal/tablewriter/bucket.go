package tablewriter

import (
	"math"
	"time"

	"github.com/scopsdb/scops/internal/sql/types"
)

// bucketing says in which bucket a row lies, by the first version of Hive's
// hash: the one of a table without the property bucketing_version
// (io.trino.plugin.hive.util.HiveBucketingV1).
type bucketing struct {
	columns []int // places in the row
	types   []types.Type
	count   int32
}

// bucketable says whether a column can be one that rows are bucketed by.
func bucketable(t types.Type) bool {
	switch t.Kind {
	case types.Boolean, types.TinyInt, types.SmallInt, types.Integer, types.BigInt, types.Real, types.Double,
		types.Varchar, types.Date:
		return true
	case types.Array, types.Map:
		for _, f := range t.Fields {
			if !bucketable(f.Type) {
				return false
			}
		}
		return true
	}
	return false
}

// bucket is the number of a row's bucket, from 0.
func (b *bucketing) bucket(row []any) int {
	var hash int32
	for i, c := range b.columns {
		hash = hash*31 + hiveHash(b.types[i], row[c])
	}
	return int((hash & math.MaxInt32) % b.count)
}

func hiveHash(t types.Type, v any) int32 {
	if v == nil {
		return 0
	}
	switch t.Kind {
	case types.Boolean:
		if v.(bool) {
			return 1
		}
		return 0
	case types.TinyInt, types.SmallInt, types.Integer:
		return int32(v.(int64))
	case types.BigInt:
		return folded(v.(int64))
	case types.Real:
		f := v.(float32)
		if f != f {
			return 0x7fc00000 // Java has one NaN
		}
		return int32(math.Float32bits(f))
	case types.Double:
		f := v.(float64)
		if f != f {
			return folded(0x7ff8000000000000)
		}
		return folded(int64(math.Float64bits(f)))
	case types.Varchar:
		if t.Precision == types.UnboundedLength {
			return textHash(0, v.(string))
		}
		return textHash(1, v.(string)) // HiveVarchar's hash differs from that of a string
	case types.Date:
		return int32(days(v.(time.Time)))
	}
	return nestedHash(t, v)
}

// folded is Long.hashCode of Java.
func folded(n int64) int32 { return int32(n ^ int64(uint64(n)>>32)) }

func textHash(hash int32, s string) int32 {
	for i := range len(s) {
		hash = hash*31 + int32(int8(s[i]))
	}
	return hash
}

func nestedHash(t types.Type, v any) int32 {
	var hash int32
	if t.Kind == types.Array {
		for _, e := range v.([]any) {
			hash = hash*31 + hiveHash(t.Elem(), e)
		}
		return hash
	}
	for _, e := range v.(types.MapValue) {
		hash += hiveHash(t.Key(), e.Key) ^ hiveHash(t.Value(), e.Value)
	}
	return hash
}

// floorDiv divides with a remainder that is never negative.
func floorDiv(n, by int64) (quotient, rest int64) {
	quotient, rest = n/by, n%by
	if rest < 0 {
		quotient, rest = quotient-1, rest+by
	}
	return quotient, rest
}

// days are those of a date since 1970-01-01.
func days(t time.Time) int64 {
	n, _ := floorDiv(t.Unix(), 86400)
	return n
}
