package formatstest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
)

// Columns makes columns of "name type" texts.
func Columns(t testing.TB, texts ...string) []formats.Column {
	t.Helper()
	var out []formats.Column
	for i, text := range texts {
		name, hive, _ := strings.Cut(text, " ")
		of, err := formats.ParseType(hive)
		require.NoError(t, err)
		out = append(out, formats.Column{Name: name, Type: of, Index: i})
	}
	return out
}

// ReadAll reads all rows that are left of a reader.
func ReadAll(r interface {
	Read(to []*formats.Vector, most int) (int, error)
}, columns []formats.Column, most int) ([][]any, error) {
	var rows [][]any
	for {
		vectors := make([]*formats.Vector, len(columns))
		for i, c := range columns {
			vectors[i] = formats.NewVector(c.Type)
		}
		n, err := r.Read(vectors, most)
		if err != nil || n == 0 {
			return rows, err
		}
		for i := range n {
			row := make([]any, len(columns))
			for c, v := range vectors {
				row[c] = Value(v, i)
			}
			rows = append(rows, row)
		}
	}
}

// Value is a value as encoding/json reads it from what make.py writes.
func Value(v *formats.Vector, i int) any {
	if v.IsNull(i) {
		return nil
	}
	width := v.Type.Width()
	number := func() int64 {
		b := append(append([]byte{}, v.Data[i*width:(i+1)*width]...), make([]byte, 8)...)
		n := int64(binary.LittleEndian.Uint64(b))
		return n << (64 - 8*width) >> (64 - 8*width)
	}
	switch v.Type.Kind {
	case formats.Boolean:
		return number() != 0
	case formats.Float:
		return json.Number(fmt.Sprint(math.Float32frombits(uint32(number()))))
	case formats.Double:
		return math.Float64frombits(uint64(number()))
	case formats.Date:
		return time.Unix(number()*86400, 0).UTC().Format(time.DateOnly)
	case formats.Timestamp:
		return time.UnixMicro(number()).UTC().Format("2006-01-02 15:04:05.000")
	case formats.Decimal:
		return decimalText(v, i)
	case formats.Binary:
		return hex.EncodeToString(v.Bytes(i))
	case formats.String, formats.Varchar, formats.Char:
		return string(v.Bytes(i))
	case formats.Array:
		list := []any{}
		for k := range v.Lists[i].Length {
			list = append(list, Value(v.Children[0], int(v.Lists[i].Offset+k)))
		}
		return list
	case formats.Map:
		m := map[string]any{}
		for k := range v.Lists[i].Length {
			at := int(v.Lists[i].Offset + k)
			m[fmt.Sprint(Value(v.Children[0], at))] = Value(v.Children[1], at)
		}
		return m
	case formats.Struct:
		m := map[string]any{}
		for k, f := range v.Type.Fields {
			m[f.Name] = Value(v.Children[k], i)
		}
		return m
	}
	return json.Number(fmt.Sprint(number()))
}

func decimalText(v *formats.Vector, i int) string {
	width := v.Type.Width()
	n := new(big.Int)
	b := v.Data[i*width : (i+1)*width]
	for k := range b {
		n.Lsh(n, 8).Or(n, big.NewInt(int64(b[len(b)-1-k])))
	}
	if n.Bit(8*width-1) == 1 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*width)))
	}
	text := fmt.Sprintf("%0*s", v.Type.Scale+1, new(big.Int).Abs(n))
	text = text[:len(text)-v.Type.Scale] + "." + text[len(text)-v.Type.Scale:]
	if n.Sign() < 0 {
		return "-" + text
	}
	return strings.TrimSuffix(text, ".")
}

// Same compares a value read with one of make.py.
func Same(t testing.TB, want, got any, where string) {
	if n, ok := want.(json.Number); ok {
		a, err := n.Float64()
		require.NoError(t, err)
		switch got := got.(type) {
		case json.Number:
			if !strings.ContainsAny(n.String(), ".e") {
				require.Equal(t, n.String(), got.String(), where)
				return
			}
			b, err := got.Float64()
			require.NoError(t, err)
			require.Equal(t, a, b, where)
		default:
			require.Equal(t, a, got, where)
		}
		return
	}
	switch want := want.(type) {
	case map[string]any:
		require.IsType(t, want, got, where)
		require.Len(t, got, len(want), where)
		for k := range want {
			Same(t, want[k], got.(map[string]any)[k], where+"."+k)
		}
	case []any:
		require.IsType(t, want, got, where)
		require.Len(t, got, len(want), where)
		for k := range want {
			Same(t, want[k], got.([]any)[k], where)
		}
	default:
		require.Equal(t, want, got, where)
	}
}

// Rows are the rows of a testdata/make.py by number.
func Rows(t testing.TB) map[int]map[string]any {
	t.Helper()
	f, err := os.Open("testdata/rows.json")
	require.NoError(t, err)
	defer f.Close()
	rows := map[int]map[string]any{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.UseNumber()
		row := map[string]any{}
		require.NoError(t, d.Decode(&row))
		n, err := row["row_number"].(json.Number).Int64()
		require.NoError(t, err)
		rows[int(n)] = row
	}
	return rows
}

// SameRows compares all rows that Rows has, and returns how many.
func SameRows(t testing.TB, columns []formats.Column, rows [][]any) int {
	t.Helper()
	want, compared := Rows(t), 0
	for i, row := range rows {
		if want[i] == nil {
			continue
		}
		compared++
		for c, column := range columns {
			Same(t, want[i][column.Name], row[c], fmt.Sprintf("row %d column %s", i, column.Name))
		}
	}
	return compared
}

// Plain is a value with its numbers as texts.
func Plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = Plain(v[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k := range v {
			out[k] = Plain(v[k])
		}
		return out
	}
	return v
}
