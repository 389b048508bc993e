package tablewriter

import (
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/sql/types"
)

// toRecord gives a value of a query the form that writers take.
func toRecord(t *types.Type, v any) record.Value {
	if v == nil {
		return record.Value{}
	}
	out := record.Value{Valid: true}
	switch t.Kind {
	case types.Boolean:
		if v.(bool) {
			out.Int = 1
		}
	case types.TinyInt, types.SmallInt, types.Integer, types.BigInt:
		out.Int = v.(int64)
	case types.Real:
		out.Float = float64(v.(float32))
	case types.Double:
		out.Float = v.(float64)
	case types.Varchar:
		out.Text = v.(string)
	case types.Char:
		out.Text = strings.TrimRight(v.(string), " ")
	case types.Varbinary:
		out.Text = string(v.([]byte))
	case types.Date:
		out.Int = days(v.(time.Time))
	case types.Timestamp:
		out.Int = v.(time.Time).UnixMilli()
	case types.Array:
		out.List = list(v.([]any), func(int) *types.Type { return &t.Fields[0].Type })
	case types.Row:
		out.List = list(v.([]any), func(i int) *types.Type { return &t.Fields[i].Type })
	case types.Map:
		entries := v.(types.MapValue)
		out.List = make([]record.Value, 0, 2*len(entries))
		for _, e := range entries {
			out.List = append(out.List, toRecord(&t.Fields[0].Type, e.Key), toRecord(&t.Fields[1].Type, e.Value))
		}
	default: // decimal
		out.Text = string(types.AppendText(nil, *t, v))
	}
	return out
}

func list(values []any, typ func(int) *types.Type) []record.Value {
	out := make([]record.Value, len(values))
	for i, v := range values {
		out[i] = toRecord(typ(i), v)
	}
	return out
}

// size is about how many bytes of memory a value has in a writer.
func size(v *record.Value) int {
	n := 8 + len(v.Text)
	for i := range v.List {
		n += size(&v.List[i])
	}
	return n
}
