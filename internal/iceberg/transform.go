package iceberg

import (
	"fmt"

	ice "github.com/apache/iceberg-go"
)

// apply computes a partition value in the form that manifests take; nil is
// NULL.
func apply(tr ice.Transform, t ice.Type, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	l, err := literal(t, v)
	if err != nil {
		return nil, err
	}
	out := tr.Apply(ice.Optional[ice.Literal]{Valid: true, Val: l})
	if !out.Valid {
		if _, void := tr.(ice.VoidTransform); void {
			return nil, nil
		}
		return nil, fmt.Errorf("transform %s does not take a %s", tr, t)
	}
	return manifestValue(out.Val), nil
}

// manifestValue is a literal as the library's manifest writer takes it.
func manifestValue(l ice.Literal) any {
	switch l := l.(type) {
	case ice.BoolLiteral:
		return bool(l)
	case ice.Int32Literal:
		return int32(l)
	case ice.Int64Literal:
		return int64(l)
	case ice.Float32Literal:
		return float32(l)
	case ice.Float64Literal:
		return float64(l)
	case ice.StringLiteral:
		return string(l)
	case ice.BinaryLiteral:
		return []byte(l)
	case ice.FixedLiteral:
		return []byte(l)
	case ice.DateLiteral:
		return ice.Date(l)
	case ice.TimeLiteral:
		return ice.Time(l)
	case ice.TimestampLiteral:
		return ice.Timestamp(l)
	}
	return l
}

// monotone says whether a transform keeps the order of values: then the bounds
// of a range bound its partition values.
func monotone(tr ice.Transform) bool {
	switch tr.(type) {
	case ice.YearTransform, ice.MonthTransform, ice.DayTransform, ice.HourTransform, ice.TruncateTransform:
		return true
	}
	return false
}

// timed says whether a transform counts times from 1970: old writers counted
// one too many before.
func timed(tr ice.Transform) bool {
	switch tr.(type) {
	case ice.YearTransform, ice.MonthTransform, ice.DayTransform, ice.HourTransform:
		return true
	}
	return false
}
