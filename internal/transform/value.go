package transform

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/sql/types"
)

// valueOf is a cell of a result as a value of a Hive type. Its error is the
// row's fault.
func valueOf(t *formats.Type, v any) (record.Value, error) {
	out := record.Value{Valid: true}
	switch v := v.(type) {
	case nil:
		return record.Value{}, nil
	case bool:
		if v {
			out.Int = 1
		}
	case int64:
		out.Int = v
	case float32:
		out.Float = float64(v)
	case float64:
		out.Float = v
	case types.DecimalValue:
		out.Text = decimalText(v, t.Scale)
	case string:
		return textOf(t, v)
	case []byte:
		out.Text = string(v)
	case time.Time:
		return timeOf(t, v)
	case []any:
		return listOf(t, v)
	case types.MapValue:
		for _, e := range v {
			pair, err := listOf(t, []any{e.Key, e.Value})
			if err != nil {
				return out, err
			}
			out.List = append(out.List, pair.List...)
		}
	default:
		return out, fmt.Errorf("a value %T is none of %s", v, t)
	}
	return out, nil
}

// textOf checks the length of a text, as Trino's INSERT does.
func textOf(t *formats.Type, s string) (record.Value, error) {
	if t.Kind == formats.Char {
		s = strings.TrimRight(s, " ")
	}
	if t.Kind != formats.String && len(s) > t.Precision && utf8.RuneCountInString(s) > t.Precision {
		cut := strings.TrimRight(s, " ")
		if utf8.RuneCountInString(cut) > t.Precision {
			return record.Value{}, fmt.Errorf("Cannot truncate non-space characters when casting from varchar to %s on INSERT", t) //nolint:staticcheck // Trino's text
		}
		s = string([]rune(s)[:t.Precision])
	}
	return record.Value{Valid: true, Text: s}, nil
}

// The years that Hive's dates and timestamps are of.
var (
	firstTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	afterTime = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
)

func timeOf(t *formats.Type, at time.Time) (record.Value, error) {
	if at.Before(firstTime) || !at.Before(afterTime) {
		return record.Value{}, fmt.Errorf("%s is outside the years 0001 to 9999", at.UTC().Format(time.RFC3339))
	}
	if t.Kind == formats.Date {
		return record.Value{Valid: true, Int: at.Unix() / 86400}, nil
	}
	return record.Value{Valid: true, Int: at.UnixMilli()}, nil
}

// listOf are the elements of an array, the fields of a struct, or a key and its
// value.
func listOf(t *formats.Type, list []any) (record.Value, error) {
	out := record.Value{Valid: true, List: make([]record.Value, len(list))}
	for i, e := range list {
		v, err := valueOf(&t.Fields[i%len(t.Fields)].Type, e)
		if err != nil {
			return out, err
		}
		out.List[i] = v
	}
	return out, nil
}

func decimalText(v types.DecimalValue, scale int) string {
	text, sign := v.Unscaled().String(), ""
	if strings.HasPrefix(text, "-") {
		text, sign = text[1:], "-"
	}
	if scale == 0 {
		return sign + text
	}
	for len(text) <= scale {
		text = "0" + text
	}
	return sign + text[:len(text)-scale] + "." + text[len(text)-scale:]
}
