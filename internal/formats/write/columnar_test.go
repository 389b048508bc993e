package write

import (
	"bytes"

	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/avro"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/orc"
	"github.com/scopsdb/scops/internal/formats/record"
)

// fileReader reads what a writer has written, part by part.
func fileReader(t testing.TB, kind formats.Kind, b []byte, columns []formats.Column) []formatsReader {
	t.Helper()
	in := bytes.NewReader(b)
	if kind == formats.Avro {
		r, err := avro.Open(in, int64(len(b)), 0, -1, columns, nil)
		require.NoError(t, err)
		return []formatsReader{r}
	}
	f, err := orc.Open(in, int64(len(b)))
	require.NoError(t, err)
	bound, err := f.Bind(columns, false)
	require.NoError(t, err)
	var parts []formatsReader
	for i := range f.Stripes() {
		r, err := f.Stripe(in, i, bound)
		require.NoError(t, err)
		parts = append(parts, r)
	}
	return parts
}

type formatsReader interface {
	Read(to []*formats.Vector, most int) (int, error)
}

// requireRows compares what is read with records, value by value.
func requireRows(t testing.TB, cols []record.Column, parts []formatsReader, columns []formats.Column, want [][]record.Value) {
	t.Helper()
	row := 0
	for _, r := range parts {
		for {
			vectors := make([]*formats.Vector, len(columns))
			for i, c := range columns {
				vectors[i] = formats.NewVector(c.Type)
			}
			n, err := r.Read(vectors, 100)
			require.NoError(t, err)
			if n == 0 {
				break
			}
			for k := range n {
				for i, c := range cols {
					require.Equal(t, valueText(c.Type, want[row][i]), vectorText(c.Type, vectors[i], k), "row %d, column %s", row, c.Name)
				}
				row++
			}
		}
	}
	require.Equal(t, len(want), row)
}

func readColumns(cols []record.Column) []formats.Column {
	var out []formats.Column
	for i, c := range cols {
		out = append(out, formats.Column{Name: c.Name, Type: c.Type, Index: i})
	}
	return out
}

var columnarCodecs = map[formats.Kind][]string{
	formats.ORC:  {"", "NONE", "ZLIB", "SNAPPY", "LZ4", "ZSTD"},
	formats.Avro: {"", "NONE", "DEFLATE", "SNAPPY", "ZSTD", "BZIP2"},
}

func TestColumnarReadsBack(t *testing.T) {
	cols := columns(t, everyType...)
	p := event.NewParser(cols, event.Options{})
	var want [][]record.Value
	for _, e := range everyEvent {
		rec, err := p.Parse(e)
		require.NoError(t, err)
		want = append(want, append([]record.Value{}, rec.Values...))
	}
	for kind, codecs := range columnarCodecs {
		for _, codec := range codecs {
			w, err := New(formats.Format{Kind: kind, Compression: codec}, cols)
			require.NoError(t, err)
			first := object(t, w, cols, everyEvent...)
			require.Equal(t, first, object(t, w, cols, everyEvent...), "the same rows give the same bytes")
			requireRows(t, cols, fileReader(t, kind, first, readColumns(cols)), readColumns(cols), want)
		}
	}
}

// manyRows are numbers of every form of run, texts with and without dictionaries,
// lists and structs.
func manyRows(t testing.TB) ([]record.Column, [][]record.Value) {
	cols := columns(t, "n bigint", "same int", "steps bigint", "small smallint", "wild bigint", "b boolean", "t tinyint", "f float", "d double", "word string", "text string",
		"bin binary", "day date", "ts timestamp", "d9 decimal(9,2)", "d18 decimal(18,0)", "d38 decimal(38,10)", "list array<bigint>", "st struct<a:int,b:array<string>>")
	random := rand.New(rand.NewPCG(3, 4))
	value := func(v record.Value) record.Value {
		if random.IntN(5) == 0 {
			return record.Value{}
		}
		v.Valid = true
		return v
	}
	of := func(n int64) record.Value { return value(record.Value{Int: n}) }
	var want [][]record.Value
	run := int64(0)
	for i := range int64(6000) {
		if random.IntN(12) == 0 {
			run = random.Int64N(1 << random.Int64N(40))
		}
		var list []record.Value
		for range random.IntN(4) {
			list = append(list, of(run))
		}
		strings := []record.Value{{Valid: true, Text: "a"}, {}, {Valid: true, Text: fmt.Sprint(i)}}[:random.IntN(4)]
		want = append(want, []record.Value{
			{Valid: true, Int: run}, {Valid: true, Int: -7}, {Valid: true, Int: 5 * i}, of(random.Int64N(1<<16) - 1<<15),
			of(int64(random.Uint64())), of(random.Int64N(2)), of(random.Int64N(256) - 128), value(record.Value{Float: float64(float32(random.NormFloat64()))}),
			value(record.Value{Float: []float64{random.NormFloat64(), math.SmallestNonzeroFloat64, math.MaxFloat64}[random.IntN(3)]}),
			value(record.Value{Text: fmt.Sprintf("word %d", random.IntN(50))}), value(record.Value{Text: fmt.Sprintf("text %d", random.Uint64())}),
			value(record.Value{Text: string([]byte{byte(i), byte(i >> 8)})}), of(random.Int64N(1e6) - 719162), of(random.Int64N(4e12) - 2e12),
			value(record.Value{Text: fmt.Sprintf("%d.%02d", random.IntN(1e7)-5e6, random.IntN(100))}), value(record.Value{Text: fmt.Sprint(random.Int64N(1e18))}),
			value(record.Value{Text: fmt.Sprintf("-%d%d.%010d", 1+random.Int64N(1e9), random.Int64N(1e18), random.Int64N(1e10))}),
			value(record.Value{List: list}), value(record.Value{List: []record.Value{of(i), value(record.Value{List: strings})}}),
		})
	}
	return cols, want
}

// Several stripes or blocks.
func TestColumnarManyRows(t *testing.T) {
	cols, want := manyRows(t)
	for kind := range columnarCodecs {
		w, err := NewWith(formats.Format{Kind: kind}, cols, Options{RowGroupBytes: 256 << 10})
		require.NoError(t, err)
		var out bytes.Buffer
		w.Reset(&out)
		for _, row := range want {
			require.NoError(t, w.Write(row))
		}
		require.NoError(t, w.Close())
		parts := fileReader(t, kind, out.Bytes(), readColumns(cols))
		if kind == formats.ORC {
			require.Greater(t, len(parts), 2, "stripes")
		}
		requireRows(t, cols, parts, readColumns(cols), want)
	}
}

// TestPythonReads has pyarrow and fastavro read what the writers write, with a
// Python that has these: SCOPS_PYTHON=python3 go test -run TestPythonReads ./internal/formats/write
func TestPythonReads(t *testing.T) {
	python := os.Getenv("SCOPS_PYTHON")
	if python == "" {
		t.Skip("set SCOPS_PYTHON to a Python with pyarrow and fastavro")
	}
	dir := t.TempDir()
	cols, want := manyRows(t)
	var text bytes.Buffer
	for _, row := range want {
		line := map[string]any{}
		for i, c := range cols {
			line[c.Name] = jsonValue(c.Type, row[i])
		}
		require.NoError(t, json.NewEncoder(&text).Encode(line))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rows.json"), text.Bytes(), 0o600))
	codecs := maps.Clone(columnarCodecs)
	codecs[formats.Parquet] = []string{"ZSTD", "GZIP", "SNAPPY", "NONE"}
	for kind, of := range codecs {
		for _, codec := range of {
			w, err := NewWith(formats.Format{Kind: kind, Compression: codec}, cols, Options{RowGroupBytes: 256 << 10})
			require.NoError(t, err)
			out, err := os.Create(filepath.Join(dir, strings.ToLower("file-"+codec+"."+kind.String())))
			require.NoError(t, err)
			w.Reset(out)
			for _, row := range want {
				require.NoError(t, w.Write(row))
			}
			require.NoError(t, w.Close())
			require.NoError(t, out.Close())
		}
	}
	said, err := exec.Command(python, "testdata/check.py", dir).CombinedOutput()
	require.NoError(t, err, "%s", said)
	require.Contains(t, string(said), "16 files are right")
}

// jsonValue is a value as check.py has it.
func jsonValue(t formats.Type, v record.Value) any {
	if !v.Valid {
		return nil
	}
	switch t.Kind {
	case formats.Array:
		list := []any{}
		for _, e := range v.List {
			list = append(list, jsonValue(t.Fields[0].Type, e))
		}
		return list
	case formats.Struct:
		m := map[string]any{}
		for i, f := range t.Fields {
			m[f.Name] = jsonValue(f.Type, v.List[i])
		}
		return m
	case formats.Boolean:
		return v.Int != 0
	case formats.Float, formats.Double:
		return v.Float
	case formats.Binary:
		return fmt.Sprintf("%x", v.Text)
	case formats.Decimal, formats.String:
		return v.Text
	}
	return v.Int
}

func TestColumnarEmptyFile(t *testing.T) {
	cols := columns(t, everyType...)
	for kind := range columnarCodecs {
		w, err := New(formats.Format{Kind: kind}, cols)
		require.NoError(t, err)
		b := object(t, w, cols)
		requireRows(t, cols, fileReader(t, kind, b, readColumns(cols)), readColumns(cols), nil)
	}
}

// What a format cannot hold is refused by name.
func TestColumnarRefuses(t *testing.T) {
	_, err := New(formats.Format{Kind: formats.Avro}, columns(t, "m map<int,string>"))
	require.EqualError(t, err, "column m: a map with keys of int cannot be written: Avro has keys of strings alone")
	_, err = New(formats.Format{Kind: formats.Avro}, []record.Column{{Name: "a-b", Type: formats.Type{Kind: formats.Int}}})
	require.ErrorContains(t, err, `column or field name "a-b"`)
	_, err = New(formats.Format{Kind: formats.ORC, Compression: "GZIP"}, columns(t, "a int"))
	require.ErrorContains(t, err, `write.compression="GZIP": ORC files are not written so; use ZLIB`)
	w, err := New(formats.Format{Kind: formats.ORC}, columns(t, "a timestamp"))
	require.NoError(t, err)
	w.Reset(&bytes.Buffer{})
	require.NoError(t, w.Write([]record.Value{{Valid: true, Int: -500}}))
	require.ErrorContains(t, w.Close(), "the last second before 1970")
}
