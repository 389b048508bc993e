package write

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

// TestSerDesReadWhatIsWritten reads the JSON objects with the decoders of both
// SerDes and compares value by value.
func TestSerDesReadWhatIsWritten(t *testing.T) {
	for _, hive := range []bool{false, true} {
		defs := everyType
		if hive { // its binary is the text itself
			defs = withoutBinary(everyType)
		}
		cols := columns(t, defs...)
		f := formats.Format{Kind: formats.JSON, JSON: formats.JSONOptions{Hive: hive}}
		w, err := New(f, cols)
		require.NoError(t, err)
		z, err := gzip.NewReader(bytes.NewReader(object(t, w, cols, everyEvent...)))
		require.NoError(t, err)
		text, err := io.ReadAll(z)
		require.NoError(t, err)

		var read []formats.Column
		var vectors []*formats.Vector
		for i, c := range cols {
			read = append(read, formats.Column{Name: c.Name, Type: c.Type, Index: i})
			vectors = append(vectors, formats.NewVector(c.Type))
		}
		d, err := f.NewRowDecoder(read, len(cols))
		require.NoError(t, err)
		p := event.NewParser(cols, event.Options{})
		for row, line := range bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n")) {
			require.NoError(t, d.Decode(line, vectors), "%s", line)
			rec, err := p.Parse(everyEvent[row])
			require.NoError(t, err)
			for i, c := range cols {
				require.Equal(t, valueText(c.Type, rec.Values[i]), vectorText(c.Type, vectors[i], row), "hive %t, row %d, column %s", hive, row, c.Name)
			}
		}
	}
}

func withoutBinary(defs []string) (kept []string) {
	for _, d := range defs {
		if !strings.HasSuffix(d, " binary") {
			kept = append(kept, d)
		}
	}
	return kept
}

func TestHiveJSONHasNoBinary(t *testing.T) {
	_, err := New(formats.Format{Kind: formats.JSON, JSON: formats.JSONOptions{Hive: true}}, columns(t, "a array<struct<b:binary>>"))
	require.EqualError(t, err, "column a: the Hive JSON SerDe reads binary as text: use the openx SerDe or Parquet")
}

// valueText and vectorText write a value alike.
func valueText(t formats.Type, v record.Value) string {
	if !v.Valid {
		return "NULL"
	}
	switch t.Kind {
	case formats.Array, formats.Map, formats.Struct:
		var parts []string
		for i, e := range v.List {
			parts = append(parts, valueText(t.Fields[i%len(t.Fields)].Type, e))
		}
		return "(" + strings.Join(parts, " ") + ")"
	case formats.Float, formats.Double:
		return fmt.Sprint(v.Float)
	case formats.Decimal:
		return v.Text
	case formats.String, formats.Varchar, formats.Char, formats.Binary:
		return fmt.Sprintf("%q", v.Text)
	case formats.Timestamp:
		return fmt.Sprint(v.Int * 1000)
	}
	return fmt.Sprint(v.Int)
}

func vectorText(t formats.Type, v *formats.Vector, i int) string {
	if v.IsNull(i) {
		return "NULL"
	}
	switch t.Kind {
	case formats.Struct:
		var parts []string
		for k, f := range t.Fields {
			parts = append(parts, vectorText(f.Type, v.Children[k], i))
		}
		return "(" + strings.Join(parts, " ") + ")"
	case formats.Array, formats.Map:
		var parts []string
		for e := range int(v.Lists[i].Length) {
			for k, f := range t.Fields {
				parts = append(parts, vectorText(f.Type, v.Children[k], int(v.Lists[i].Offset)+e))
			}
		}
		return "(" + strings.Join(parts, " ") + ")"
	case formats.String, formats.Varchar, formats.Char, formats.Binary:
		return fmt.Sprintf("%q", v.Bytes(i))
	}
	width := t.Width()
	data := v.Data[i*width : (i+1)*width]
	switch t.Kind {
	case formats.Float:
		return fmt.Sprint(float64(math.Float32frombits(binary.LittleEndian.Uint32(data))))
	case formats.Double:
		return fmt.Sprint(math.Float64frombits(binary.LittleEndian.Uint64(data)))
	case formats.Decimal:
		return decimalOf(data, t.Scale)
	}
	return signed(data).String()
}

// signed reads little-endian two's complement.
func signed(data []byte) *big.Int {
	be := make([]byte, len(data))
	for i, b := range data {
		be[len(data)-1-i] = b
	}
	n := new(big.Int).SetBytes(be)
	if be[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(data))))
	}
	return n
}

func decimalOf(data []byte, scale int) string {
	n := signed(data)
	text := fmt.Sprintf("%0*s", scale+1, new(big.Int).Abs(n))
	text = strings.TrimSuffix(text[:len(text)-scale]+"."+text[len(text)-scale:], ".")
	if n.Sign() < 0 {
		return "-" + text
	}
	return text
}
